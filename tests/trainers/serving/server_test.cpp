// Over real sockets, with a model that only looks at colours.

#include "trainers/serving/server.h"

#include <gmock/gmock.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/trainers/images/png_files.h"
#include "tests/trainers/serving/client.h"
#include "tests/trainers/serving/gate.h"
#include "tests/trainers/serving/running_server.h"
#include "trainers/images/jpeg.h"

namespace hpo::serving {
namespace {

using nlohmann::json;
using testing::HasSubstr;

std::string text_of(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

std::string photo() { return text_of(*encode_jpeg(plain(40, 30, 200, 20, 10), 90)); }

std::string photo_request(std::string_view headers = {}) {
  std::string all = "Content-Type: application/x-image\r\n";
  return request("POST", "/invocations", all.append(headers), photo());
}

TEST(Server, AnswersSageMakersRequests) {
  RunningServer server;
  const auto ping = get(server.port(), "/ping");
  ASSERT_TRUE(ping);
  EXPECT_EQ(ping->status, 200);
  EXPECT_EQ(ping->body, "");
  const auto answer = post(server.port(), "application/x-image", photo());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->headers.at("content-type"), "application/json");
  EXPECT_EQ(json::parse(answer->body)["predicted_class"], "red");
  EXPECT_EQ(post(server.port(), "image/png", text_of(png_of(plain(3, 3, 0, 0, 9))))->status, 200);
  EXPECT_EQ(post(server.port(), "text/plain", photo())->status, 415);
  EXPECT_EQ(get(server.port(), "/nowhere")->status, 404);
  const auto metrics = get(server.port(), "/metrics");
  EXPECT_THAT(metrics->body, HasSubstr("{path=\"/invocations\",code=\"200\"} 2\n"));
  EXPECT_THAT(metrics->body, HasSubstr("hpo_connections 1\n"));
}

TEST(Server, KeepsConnectionsAndAnswersPipelinedRequestsInOrder) {
  RunningServer server;
  Client client(server.port());
  ASSERT_TRUE(client.send(photo_request() + request("GET", "/ping") + request("GET", "/no") +
                          photo_request("Accept: text/csv\r\n")));
  for (const int status : {200, 200, 404, 200}) {
    const auto answer = client.read();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, status);
  }
  ASSERT_TRUE(client.send(request("GET", "/ping", "Connection: close\r\n")));
  EXPECT_EQ(client.read()->headers.at("connection"), "close");
  EXPECT_TRUE(client.is_closed());
}

TEST(Server, ReadsBodiesInChunks) {
  RunningServer server;
  Client client(server.port());
  const std::string body = photo();
  std::string text =
      "POST /invocations HTTP/1.1\r\nHost: t\r\nContent-Type: image/jpeg\r\n"
      "Transfer-Encoding: chunked\r\n\r\n";
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", body.size());
  ASSERT_TRUE(client.send(text + size + body + "\r\n0\r\n\r\n"));
  EXPECT_EQ(client.read()->status, 200);
}

TEST(Server, SpeaksHttp10) {
  RunningServer server;
  Client client(server.port());
  ASSERT_TRUE(client.send("GET /ping HTTP/1.0\r\n\r\n"));
  EXPECT_EQ(client.read()->status, 200);
  EXPECT_TRUE(client.is_closed());
}

TEST(Server, AnswersHeadWithoutABody) {
  RunningServer server;
  Client client(server.port());
  const std::string get_metrics = request("GET", "/metrics", "Connection: close\r\n");
  ASSERT_TRUE(client.send(request("HEAD", "/ping") + get_metrics));
  EXPECT_EQ(client.read()->status, 200);
  EXPECT_THAT(client.read()->body, HasSubstr("# TYPE"));
  Client other(server.port());
  ASSERT_TRUE(other.send(request("HEAD", "/nowhere", "Connection: close\r\n")));
  other.finish();
  EXPECT_FALSE(other.read());  // a length, and no body behind it
}

TEST(Server, SaysGoOnBeforeALargeBodyOrRefusesIt) {
  RunningServer server;
  const std::string body = photo();
  const std::string head =
      "POST /invocations HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\n"
      "Content-Length: " +
      std::to_string(body.size()) + "\r\nContent-Type: ";
  Client client(server.port());
  ASSERT_TRUE(client.send(head + "image/jpeg\r\n\r\n"));
  EXPECT_EQ(client.read()->status, 100);
  ASSERT_TRUE(client.send(body));
  EXPECT_EQ(client.read()->status, 200);
  Client refused(server.port());
  ASSERT_TRUE(refused.send(head + "text/html\r\n\r\n"));
  EXPECT_EQ(refused.read()->status, 415);
}

TEST(Server, WritesOneLineOfJsonForEachRequest) {
  RunningServer server;
  post(server.port(), "image/jpeg", photo(), "/invocations?top_k=1",
       "X-Amzn-SageMaker-Inference-Id: a\"b\r\n");
  server.finish();
  ASSERT_EQ(server.log().size(), 1U);
  const json line = json::parse(server.log()[0]);
  EXPECT_EQ(line["method"], "POST");
  EXPECT_EQ(line["target"], "/invocations?top_k=1");
  EXPECT_EQ(line["status"], 200);
  EXPECT_EQ(line["bytes_in"], photo().size());
  EXPECT_EQ(line["inference_id"], "a\"b");
  EXPECT_EQ(line["batch"], 1);
  EXPECT_THAT(line["client"].get<std::string>(), testing::StartsWith("127.0.0.1:"));
}

TEST(Server, HoldsSixtyFourConnectionsWithoutAnError) {
  RunningServer server(colours(), {.batcher = {.workers = 2}});
  std::atomic<int> right = 0;
  std::vector<std::jthread> clients;
  for (int i = 0; i < 64; ++i) {
    clients.emplace_back([&] {
      Client client(server.port());
      for (int k = 0; k < 10; ++k) {
        if (!client.send(photo_request())) return;
        const auto answer = client.read();
        if (answer && answer->status == 200) ++right;
      }
    });
  }
  clients.clear();
  EXPECT_EQ(right, 640);
}

TEST(Server, DrainsWhatHasBegunAndRefusesTheRest) {
  Gate gate;
  ServedModel model = colours();
  model.predict = [&gate, inner = model.predict](std::span<const Image> photos) {
    gate.pass();
    return inner(photos);
  };
  RunningServer server(std::move(model), {.batcher = {.workers = 1}});
  const OpenAtEnd opened{gate};
  Client idle(server.port());
  ASSERT_TRUE(idle.send(request("GET", "/ping")));
  ASSERT_EQ(idle.read()->status, 200);
  Client busy(server.port());
  ASSERT_TRUE(busy.send(photo_request() + photo_request()));
  gate.wait_for(1);  // else both would be computed together, and nothing would wait
  Client queued(server.port());
  ASSERT_TRUE(queued.send(photo_request()));
  while (get(server.port(), "/metrics")->body.find("hpo_queue_length 1\n") == std::string::npos) {
  }
  server.stop();
  EXPECT_TRUE(idle.is_closed());  // it drains now
  Client late(server.port());
  EXPECT_TRUE(late.is_closed());
  gate.open();
  for (Client* client : {&busy, &queued}) {
    const auto answer = client->read();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->headers.at("connection"), "close");
    EXPECT_TRUE(client->is_closed());
  }
  EXPECT_TRUE(server.finish().drained);
}

TEST(Server, EndsWhereAWorkerDoesNotComeBack) {
  Gate gate;
  ServedModel model = colours();
  model.predict = [&gate, inner = model.predict](std::span<const Image> photos) {
    gate.pass();
    return inner(photos);
  };
  RunningServer server(std::move(model), {.batcher = {.workers = 1}}, {.drain_s = 0});
  const OpenAtEnd opened{gate};
  Client client(server.port());
  ASSERT_TRUE(client.send(photo_request()));
  gate.wait_for(1);
  EXPECT_FALSE(server.finish().drained);
}

TEST(Server, NamesAPortThatIsTaken) {
  RunningServer server;
  const auto second = Server::open({.port = server.port()});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::environment);
  EXPECT_THAT(second.error().message, HasSubstr(std::to_string(server.port())));
  const auto nowhere = Server::open({.host = "no host\n", .port = 0});
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, ErrorCode::usage);
}

}  // namespace
}  // namespace hpo::serving
