// Retries, clocks, keys and connections against the stand-in.

#include "engine/aws/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/aws/stand_in.h"

namespace hpo::aws {
namespace {

using testing::HasSubstr;

class ClientTest : public testing::Test {
 protected:
  Answer call(Client& client, const std::string& operation = "GetCallerIdentity") {
    Call call{.service = Service::sts,
              .operation = operation,
              .headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
              .body = "Action=" + operation + "&Version=2011-06-15"};
    return finish(io_, client.send(call));
  }

  Answer call(Variables variables) {
    auto settings = load_settings(std::move(variables));
    EXPECT_TRUE(settings);
    Client client(io_.get_executor(), *settings, retry_options(*settings));
    return call(client);
  }

  void fault(const std::string& kind, int times = 1) {
    nlohmann::json once = nlohmann::json::array();
    for (int i = 0; i < times; ++i) once.push_back({"GetCallerIdentity", kind});
    stand_in_.control("faults", {{"once", once}});
  }

  StandIn stand_in_;
  boost::asio::io_context io_;
};

TEST_F(ClientTest, SignsWhatTheServiceAccepts) {
  const Answer answer = call(stand_in_.variables());
  ASSERT_TRUE(answer) << to_error(*answer.failure).message;
  EXPECT_THAT(answer.response.body, HasSubstr("123456789012"));
}

TEST_F(ClientTest, RepeatsWhatIsThrottledFailedOrReset) {
  for (const char* kind : {"throttle", "error", "reset", "lost"}) {
    fault(kind, 2);
    const Answer answer = call(stand_in_.variables());
    EXPECT_TRUE(answer) << kind;
  }
  EXPECT_EQ(stand_in_.calls("GetCallerIdentity"), 12);
}

TEST_F(ClientTest, GivesUpAfterSoManyAttempts) {
  auto variables = stand_in_.variables();
  variables["AWS_MAX_ATTEMPTS"] = "3";
  stand_in_.control("faults", {{"error", 1}});
  const Answer answer = call(variables);
  ASSERT_FALSE(answer);
  EXPECT_TRUE(is_outage(*answer.failure));
  EXPECT_EQ(stand_in_.calls("GetCallerIdentity"), 3);
  stand_in_.control("faults", {{"error", 0}, {"offline", true}});
  const Answer lost = call(variables);
  ASSERT_FALSE(lost);
  EXPECT_TRUE(is_outage(*lost.failure));
  EXPECT_THAT(to_error(*lost.failure).message, HasSubstr("no answer"));
}

TEST_F(ClientTest, DoesNotRepeatWhatIsWrong) {
  fault("ValidationError");
  const Answer answer = call(stand_in_.variables());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.failure->code, "ValidationError");
  EXPECT_FALSE(answer.failure->request_id.empty());
  EXPECT_EQ(stand_in_.calls("GetCallerIdentity"), 1);
}

TEST_F(ClientTest, ExplainsWrongKeysWithoutTellingThem) {
  auto variables = stand_in_.variables();
  variables["AWS_SECRET_ACCESS_KEY"] = "not-the-secret";
  const Answer wrong = call(variables);
  ASSERT_FALSE(wrong);
  const Error error = to_error(*wrong.failure);
  EXPECT_THAT(error.hint, HasSubstr("access key"));
  EXPECT_THAT(error.message + error.hint, testing::Not(HasSubstr("not-the-secret")));
  variables["AWS_ACCESS_KEY_ID"] = "AKIDNOBODY";
  EXPECT_FALSE(call(variables));
}

TEST_F(ClientTest, CorrectsItsClockByTheServices) {
  for (const double ahead_s : {600.0, -600.0}) {
    stand_in_.control("faults", {{"clock_s", ahead_s}});
    auto settings = *load_settings(stand_in_.variables());
    Client client(io_.get_executor(), settings, retry_options(settings));
    EXPECT_TRUE(call(client));
    EXPECT_NEAR(client.skew_s(), ahead_s, 30);
    EXPECT_TRUE(call(client));
  }
  // Each client met one refusal only.
  EXPECT_EQ(stand_in_.calls("GetCallerIdentity", 200), 4);
  EXPECT_EQ(stand_in_.calls("GetCallerIdentity"), 6);
}

TEST_F(ClientTest, NamesAnEndpointThatDoesNotAnswer) {
  auto variables = stand_in_.variables();
  variables["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1";
  variables["AWS_MAX_ATTEMPTS"] = "2";
  const Answer answer = call(variables);
  ASSERT_FALSE(answer);
  EXPECT_TRUE(is_outage(*answer.failure));
  EXPECT_THAT(to_error(*answer.failure).message, HasSubstr("127.0.0.1"));
}

TEST_F(ClientTest, ReusesItsConnection) {
  auto settings = *load_settings(stand_in_.variables());
  Client client(io_.get_executor(), settings, retry_options(settings));
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(call(client));
  EXPECT_EQ(stand_in_.control("connections").at("GetCallerIdentity"), 1);
}

TEST_F(ClientTest, AnswersManyCallsAtOnce) {
  auto settings = *load_settings(stand_in_.variables());
  Client client(io_.get_executor(), settings, retry_options(settings));
  stand_in_.control("faults", {{"throttle", 0.3}, {"error", 0.05}, {"reset", 0.05}});
  constexpr int kCalls = 60;
  int good = 0;
  std::vector<Call> calls(kCalls);
  for (auto& one : calls) {
    one = {.service = Service::sts,
           .operation = "GetCallerIdentity",
           .body = "Action=GetCallerIdentity&Version=2011-06-15"};
    boost::asio::co_spawn(
        io_, client.send(one),
        [&](const std::exception_ptr&, const Answer& answer) { good += answer ? 1 : 0; });
  }
  io_.restart();
  io_.run();
  EXPECT_EQ(good, kCalls);
}

}  // namespace
}  // namespace hpo::aws
