// SageMaker's contract without sockets: requests in, answers out.

#include "trainers/serving/service.h"

#include <gmock/gmock.h>

#include <future>
#include <nlohmann/json.hpp>

#include "tests/trainers/images/photo_files.h"
#include "tests/trainers/serving/gate.h"
#include "tests/trainers/serving/running_server.h"

namespace hpo::serving {
namespace {

using nlohmann::json;
using testing::HasSubstr;

std::string body_of(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

HttpRequest photo_request() {
  return {.method = "POST",
          .target = "/invocations",
          .content_type = "application/x-image",
          .body = body_of(jpeg_bytes())};
}

/// The answer, awaited.
HttpResponse ask(Service& service, HttpRequest request) {
  auto promise = std::make_shared<std::promise<HttpResponse>>();
  auto answer = promise->get_future();
  service.handle(std::move(request),
                 [promise](HttpResponse response) { promise->set_value(std::move(response)); });
  return answer.get();
}

std::string error_code_of(const HttpResponse& response) {
  return json::parse(response.body)["error"]["code"];
}

TEST(Service, PredictsAPhoto) {
  Service service(colours(), {});
  const auto answer = ask(service, photo_request());
  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(answer.content_type, "application/json");
  EXPECT_EQ(json::parse(answer.body)["predicted_class"], "green");
  EXPECT_EQ(answer.facts.batch, 1U);
}

TEST(Service, AnswersInTheFormThatIsAsked) {
  Service service(colours(), {});
  HttpRequest request = photo_request();
  request.accept = "text/csv";
  request.custom_attributes = "top_k=1";
  const auto csv = ask(service, request);
  EXPECT_EQ(csv.content_type, "text/csv");
  EXPECT_THAT(csv.body, testing::MatchesRegex("green,0\\.[0-9]+\n"));
  request = photo_request();
  request.target += "?top_k=2";
  EXPECT_EQ(json::parse(ask(service, request).body)["class_labels"].size(), 2U);
  request = photo_request();
  request.content_type = "application/json";
  request.body = R"({"instances":[[[[255,0,0]]],[[[0,0,255]]]]})";
  const json list = json::parse(ask(service, request).body);
  EXPECT_EQ(list["predictions"][0]["predicted_class"], "red");
  EXPECT_EQ(list["predictions"][1]["predicted_class"], "blue");
}

TEST(Service, RefusesWhatItDoesNotServe) {
  Service service(colours(), {});
  HttpRequest request = photo_request();
  request.content_type = "text/plain";
  EXPECT_EQ(ask(service, request).status, 415U);
  request = photo_request();
  request.accept = "text/html";
  EXPECT_EQ(ask(service, request).status, 406U);
  request = photo_request();
  request.target = "/invocations?top_k=none";
  EXPECT_EQ(error_code_of(ask(service, request)), "bad_top_k");
  request = photo_request();
  request.method = "PUT";
  const auto not_allowed = ask(service, request);
  EXPECT_EQ(not_allowed.status, 405U);
  EXPECT_THAT(not_allowed.headers, testing::Contains(testing::Pair("Allow", "POST")));
  EXPECT_EQ(ask(service, {.method = "GET", .target = "/"}).status, 404U);
  request = photo_request();
  request.body.resize(30);
  const auto broken = ask(service, request);
  EXPECT_EQ(broken.status, 400U);
  EXPECT_EQ(error_code_of(broken), "bad_picture");
}

TEST(Service, TellsHowBatchTransformShouldAsk) {
  Service service(colours(), {.batcher = {.workers = 2}});
  const auto answer = ask(service, {.method = "GET", .target = "/execution-parameters"});
  EXPECT_EQ(json::parse(answer.body), (json{{"MaxConcurrentTransforms", 4},
                                            {"BatchStrategy", "SINGLE_RECORD"},
                                            {"MaxPayloadInMB", 6}}));
  Service large(colours(), {.batcher = {.workers = 64}, .max_body = 100 << 20});
  const auto one = ask(large, {.method = "GET", .target = "/execution-parameters"});
  EXPECT_EQ(json::parse(one.body)["MaxConcurrentTransforms"], 1);  // 100 MB together at most
}

/// colours(), whose predictions wait at the gate.
ServedModel gated(Gate& gate) {
  ServedModel model = colours();
  model.predict = [&gate, inner = model.predict](std::span<const Image> photos) {
    gate.pass();
    return inner(photos);
  };
  return model;
}

TEST(Service, AFullQueueIsAnsweredAtOnce) {
  Gate gate;
  std::promise<HttpResponse> first;
  std::promise<HttpResponse> second;
  Service service(gated(gate), {.batcher = {.workers = 1, .max_queue = 1}});
  const OpenAtEnd opened{gate};
  service.handle(photo_request(), [&](HttpResponse r) { first.set_value(std::move(r)); });
  gate.wait_for(1);
  service.handle(photo_request(), [&](HttpResponse r) { second.set_value(std::move(r)); });
  const auto refused = ask(service, photo_request());
  EXPECT_EQ(refused.status, 503U);
  EXPECT_THAT(refused.headers, testing::Contains(testing::Pair("Retry-After", "1")));
  gate.open();
  EXPECT_EQ(first.get_future().get().status, 200U);
  EXPECT_EQ(second.get_future().get().status, 200U);
}

TEST(Service, AStuckWorkerFailsThePing) {
  Gate gate;
  std::promise<HttpResponse> first;
  Service service(gated(gate), {.batcher = {.workers = 1}, .stuck_after_s = 0});
  const OpenAtEnd opened{gate};
  EXPECT_EQ(ask(service, {.method = "GET", .target = "/ping"}).status, 200U);
  service.handle(photo_request(), [&](HttpResponse r) { first.set_value(std::move(r)); });
  gate.wait_for(1);
  EXPECT_EQ(ask(service, {.method = "GET", .target = "/ping"}).status, 503U);
  gate.open();
  EXPECT_EQ(first.get_future().get().status, 200U);
}

TEST(Service, AModelThatKeepsFailingFailsThePingUntilItRecovers) {
  std::atomic<bool> fails = true;
  ServedModel model = colours();
  model.predict = [&fails, inner = model.predict](
                      std::span<const Image> photos) -> Result<std::vector<std::vector<double>>> {
    if (fails) return Error{.message = "the device is gone"};
    return inner(photos);
  };
  Service service(std::move(model), {});
  for (int i = 0; i < 3; ++i) {
    const auto failed = ask(service, photo_request());
    EXPECT_EQ(failed.status, 500U);
    EXPECT_THAT(failed.body, HasSubstr("the device is gone"));
  }
  EXPECT_EQ(ask(service, {.method = "GET", .target = "/ping"}).status, 503U);
  fails = false;
  EXPECT_EQ(ask(service, photo_request()).status, 200U);
  EXPECT_EQ(ask(service, {.method = "GET", .target = "/ping"}).status, 200U);
}

TEST(Service, ABatchThatIsTooLargeForTheDeviceIsHalved) {
  ServedModel model = colours();
  model.predict = [inner = model.predict](
                      std::span<const Image> photos) -> Result<std::vector<std::vector<double>>> {
    if (photos.size() > 2) throw std::runtime_error("out of memory");
    return inner(photos);
  };
  Service service(std::move(model), {});
  HttpRequest request = photo_request();
  request.content_type = "application/json";
  request.body =
      R"({"instances":[[[[255,0,0]]],[[[0,255,0]]],[[[0,0,255]]],[[[9,0,0]]],[[[0,9,0]]]]})";
  const auto answer = ask(service, request);
  ASSERT_EQ(answer.status, 200U) << answer.body;
  const json list = json::parse(answer.body);
  std::vector<std::string> found;
  for (const auto& one : list["predictions"]) found.push_back(one["predicted_class"]);
  EXPECT_THAT(found, testing::ElementsAre("red", "green", "blue", "red", "green"));
}

TEST(Service, ProbabilitiesThatAreNoneAreNoAnswer) {
  ServedModel model = colours();
  model.predict = [](std::span<const Image>) {
    return Result<std::vector<std::vector<double>>>({{0.0 / 0.0, 0, 0}});
  };
  Service service(std::move(model), {});
  EXPECT_EQ(ask(service, photo_request()).status, 500U);
}

}  // namespace
}  // namespace hpo::serving
