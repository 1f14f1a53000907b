// Conversations about two objectives and constraints.

#include <gmock/gmock.h>

#include "tests/engine/ask_tell/conversation.h"

namespace hpo {
namespace {

using testing::HasSubstr;

class Demands : public Conversation {
 protected:
  Demands() {
    config.study.objectives = {{.metric = "loss"}, {.metric = "recall", .goal = Goal::maximize}};
    config.study.constraints = {{.metric = "size", .max = 10}};
    config.strategy.name = "bayesian";
  }
  nlohmann::json tell(int number, double loss, double recall, double size) {
    const nlohmann::json value = {{"loss", loss}, {"recall", recall}, {"size", size}};
    return say(nlohmann::json{{"op", "tell"}, {"number", number}, {"value", value}}.dump());
  }
};

TEST_F(Demands, TellsAllValuesAndAnswersWithTheFront) {
  lines(R"({"op":"ask","count":5})");
  EXPECT_EQ(tell(0, 1, 0.5, 3)["state"], "complete");
  tell(1, 2, 0.9, 3);
  tell(2, 0.5, 0.99, 11);  // too large
  tell(3, 3, 0.4, 3);      // worse than trial 0 in both
  const auto best = say(R"({"op":"best"})");
  ASSERT_EQ(best["front"].size(), 2U) << best;
  EXPECT_EQ(best["front"][0]["number"], 0);
  EXPECT_EQ(best["front"][0]["value"], (nlohmann::json{{"loss", 1}, {"recall", 0.5}}));
  EXPECT_EQ(best["front"][1]["number"], 1);
  EXPECT_TRUE(best["number"] == 0 || best["number"] == 1);
}

TEST_F(Demands, AskForWhatIsMissing) {
  lines(R"({"op":"ask","count":2})");
  EXPECT_THAT(error(R"({"op":"tell","number":0,"value":0.5})"),
              HasSubstr("trial 0 has no value of \"recall\": tell an object of metrics"));
  EXPECT_THAT(error(R"({"op":"tell","number":0,"value":{"loss":1,"recall":1}})"),
              HasSubstr("no value of \"size\""));
  say(R"({"op":"report","number":0,"step":1,"value":{"recall":0.5,"size":2}})");
  EXPECT_EQ(say(R"({"op":"tell","number":0,"value":1})")["state"], "complete");
  EXPECT_EQ(say(R"({"op":"tell","number":1,"value":{"loss":1,"recall":"nan","size":1}})")["state"],
            "failed");
  EXPECT_EQ(trial(1).failure, FailureClass::nan);
}

TEST_F(Demands, GoOnInTheNextConversation) {
  for (int k = 0; k < 8; ++k) {
    lines(R"({"op":"ask"})");
    tell(k, 0.1 * k, 0.1 * k, k);
  }
  begin();
  EXPECT_EQ(say(R"({"op":"best"})")["front"].size(), 8U);
  EXPECT_EQ(say(R"({"op":"ask"})")["number"], 8);
}

}  // namespace
}  // namespace hpo
