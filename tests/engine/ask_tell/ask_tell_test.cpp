#include "engine/ask_tell/ask_tell.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cmath>

#include "conversation.h"

namespace hpo {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(Conversation, AsksTellsAndFindsTheBest) {
  EXPECT_EQ(say(R"({"op":"best"})"),
            json::parse(R"({"number":null,"value":null,"parameters":null})"));
  const auto first = say(R"({"op":"ask"})");
  EXPECT_EQ(first["number"], 0);
  EXPECT_TRUE(first["parameters"]["x"].is_number_float());
  EXPECT_TRUE(first["parameters"]["k"].is_number_integer());
  say(R"({"op":"ask"})");
  EXPECT_EQ(lines(R"({"op":"tell","number":1,"value":0.31})"),
            std::vector<std::string>{R"({"number":1,"state":"complete"})"});
  EXPECT_EQ(say(R"({"op":"tell","number":0,"value":2})")["state"], "complete");
  const auto best = say(R"({"op":"best"})");
  EXPECT_EQ(best["number"], 1);
  EXPECT_EQ(best["value"], 0.31);
  EXPECT_EQ(best["parameters"].size(), 2U);
}

TEST_F(Conversation, AsksForSeveralAtOnceAndListsThePending) {
  const auto three = lines(R"({"op":"ask","count":3})");
  ASSERT_EQ(three.size(), 3U);
  EXPECT_EQ(json::parse(three[2])["number"], 2);
  say(R"({"op":"tell","number":1,"state":"failed"})");
  const auto pending = say(R"({"op":"pending"})")["pending"];
  ASSERT_EQ(pending.size(), 2U);
  EXPECT_EQ(pending[0], json::parse(three[0]));
  EXPECT_EQ(pending[1], json::parse(three[2]));
}

TEST_F(Conversation, TakesAnObjectOfMetrics) {
  lines(R"({"op":"ask","count":2})");
  say(R"({"op":"tell","number":0,"value":{"loss":0.5,"accuracy":0.9}})");
  EXPECT_EQ(trial(0).value, 0.5);
  EXPECT_EQ(trial(0).metrics.at("accuracy"), 0.9);
  EXPECT_THAT(error(R"({"op":"tell","number":1,"value":{"accuracy":0.9}})"),
              HasSubstr("no value of \"loss\""));
  EXPECT_EQ(trial(1).state, TrialState::running);
}

class Infeasible : public Conversation, public testing::WithParamInterface<const char*> {};

TEST_P(Infeasible, ValuesFailTheTrial) {
  say(R"({"op":"ask"})");
  const auto told = say(fmt::format(R"({{"op":"tell","number":0,"value":{}}})", GetParam()));
  EXPECT_EQ(told, json::parse(R"({"number":0,"state":"failed"})"));
  EXPECT_EQ(trial(0).failure, FailureClass::nan);
  EXPECT_FALSE(std::isfinite(trial(0).metrics.at("loss")));
}

INSTANTIATE_TEST_SUITE_P(Spellings, Infeasible,
                         testing::Values("NaN", "Infinity", "-Infinity", "1e999", "-2e400",
                                         "\"nan\"", "\"NaN\"", "\"inf\"", "\"-inf\"",
                                         "\"Infinity\"", R"({"loss":NaN,"note":1})"));

TEST_F(Conversation, LeavesTheWordsForNotANumberInTextsAlone) {
  say(R"({"op":"ask"})");
  say(R"({"op":"tell","number":0,"state":"failed","reason":"loss was \"NaN\" , Infinity","value":NaN})");
  EXPECT_EQ(trial(0).reason, "loss was \"NaN\" , Infinity");
}

TEST_F(Conversation, RecordsFailuresAndPrunedTrials) {
  lines(R"({"op":"ask","count":2})");
  say(R"({"op":"tell","number":0,"state":"failed","reason":"out of memory"})");
  EXPECT_EQ(trial(0).state, TrialState::failed);
  EXPECT_EQ(trial(0).reason, "out of memory");
  say(R"({"op":"report","number":1,"step":0,"value":0.7})");
  say(R"({"op":"report","number":1,"step":1,"value":0.6})");
  EXPECT_EQ(say(R"({"op":"tell","number":1,"state":"pruned"})")["state"], "pruned");
  EXPECT_EQ(trial(1).value, 0.6);
}

TEST_F(Conversation, TakesTheReportsAsTheValueWhereNoneIsTold) {
  config.study.objectives[0].value = ValueRule::best;
  say(R"({"op":"ask"})");
  say(R"({"op":"report","number":0,"step":0,"value":3})");
  say(R"({"op":"report","number":0,"step":1,"value":1})");
  say(R"({"op":"report","number":0,"step":2,"value":2})");
  say(R"({"op":"tell","number":0})");
  EXPECT_EQ(trial(0).value, 1);
}

TEST_F(Conversation, SaysWhatIsWrong) {
  say(R"({"op":"ask"})");
  say(R"({"op":"tell","number":0,"value":1})");
  EXPECT_THAT(error(R"({"op":"tell","number":0,"value":1})"), HasSubstr("told already"));
  EXPECT_THAT(error(R"({"op":"report","number":0,"step":0,"value":1})"), HasSubstr("told already"));
  EXPECT_THAT(error(R"({"op":"tell","number":7,"value":1})"), HasSubstr("no trial 7"));
  EXPECT_THAT(error(R"({"op":"tell","number":-1,"value":1})"), HasSubstr("\"number\" must be"));
  EXPECT_THAT(error(R"({"op":"tell","number":1e300,"value":1})"), HasSubstr("\"number\" must be"));
  EXPECT_THAT(error(R"({"op":"tell","number":18446744073709551615,"value":1})"),
              HasSubstr("\"number\" must be"));
  EXPECT_THAT(error(R"({"op":"tell","value":1})"), HasSubstr("\"number\" is missing"));
  EXPECT_THAT(error(R"({"op":"ask","count":0})"), HasSubstr("\"count\" must be"));
  EXPECT_THAT(error(R"({"op":"ask","count":1000000000})"), HasSubstr("from 1 to 100000"));
  EXPECT_THAT(error(R"({"op":"ask","cuont":2})"), HasSubstr("did you mean count?"));
  EXPECT_THAT(error(R"({"op":"sak"})"),
              HasSubstr("one of ask, tell, report, best, pending, enqueue"));
  EXPECT_THAT(error(R"({"op":["ask"]})"), HasSubstr("\"op\" must be"));
  EXPECT_THAT(error(R"([1])"), HasSubstr("expected an object"));
  EXPECT_THAT(error(""), HasSubstr("not valid JSON"));
  EXPECT_EQ(session->study().trials.size(), 1U);
}

TEST_F(Conversation, RefusesValuesOfOtherTypes) {
  say(R"({"op":"ask"})");
  for (const auto* value :
       {"null", "true", "[1]", "{}", "\"many\"", R"({"loss":"x"})", R"({"loss":[1]})"}) {
    EXPECT_THAT(error(fmt::format(R"({{"op":"tell","number":0,"value":{}}})", value)),
                HasSubstr("must be a number"))
        << value;
  }
  EXPECT_THAT(error(R"({"op":"tell","number":0,"state":"running"})"),
              HasSubstr("\"state\" must be"));
  EXPECT_THAT(error(R"({"op":"report","number":0,"step":0.5,"value":1})"), HasSubstr("\"step\""));
  EXPECT_THAT(error(R"({"op":"report","number":0,"step":1})"), HasSubstr("\"value\" is missing"));
  EXPECT_EQ(trial(0).state, TrialState::running);
}

TEST_F(Conversation, SurvivesBytesThatAreNoText) {
  for (const std::string& line :
       {std::string("\xff\xfe\x00{", 4), std::string(R"({"op":")") + "\xc3\x28" + R"("})",
        std::string(60'000, '['), std::string(200'000, 'x'), std::string(R"({"op":"\u0000"})"),
        std::string("{\"op\":\"ask\",\"\xff\":1}")}) {
    const auto answers = lines(line);
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_LT(answers[0].size(), 3000U);
    EXPECT_TRUE(json::parse(answers[0]).contains("error"));
  }
  EXPECT_EQ(say(R"({"op":"ask"})")["number"], 0);
}

TEST_F(Conversation, EndsWithAFiniteSpace) {
  config.study.space.parameters = {{.name = "k", .domain = IntParameter{.min = 1, .max = 3}}};
  const auto answers = lines(R"({"op":"ask","count":5})");
  ASSERT_EQ(answers.size(), 4U);
  EXPECT_EQ(answers.back(), R"({"exhausted":true})");
  EXPECT_EQ(lines(R"({"op":"ask"})"), std::vector<std::string>{R"({"exhausted":true})"});
  EXPECT_EQ(say(R"({"op":"tell","number":2,"value":1})")["state"], "complete");
}

TEST_F(Conversation, LeavesOutParametersThatAreNotActive) {
  config.study.space.parameters = {
      {.name = "opt",
       .domain = CategoricalParameter{.values = {std::string("adam"), std::string("sgd")}}},
      {.name = "momentum",
       .domain = FloatParameter{.min = 0, .max = 1},
       .when = {{.parent = "opt", .values = {std::string("sgd")}}}}};
  for (const auto& line : lines(R"({"op":"ask","count":20})")) {
    const auto parameters = json::parse(line)["parameters"];
    EXPECT_EQ(parameters.contains("momentum"), parameters["opt"] == "sgd") << line;
  }
}

TEST_F(Conversation, StopsWhatIsWorseThanTheMedian) {
  config.strategy.early_stopping = "median";
  lines(R"({"op":"ask","count":6})");
  const auto report = [&](int number, int step, double value) {
    return say(fmt::format(R"({{"op":"report","number":{},"step":{},"value":{}}})", number, step,
                           value))["stop"];
  };
  for (int number = 0; number < 5; ++number) {
    for (int step = 0; step < 10; ++step) EXPECT_EQ(report(number, step, number), false);
    say(fmt::format(R"({{"op":"tell","number":{}}})", number));
  }
  EXPECT_EQ(report(5, 3, 1), false);
  EXPECT_EQ(report(5, 4, 4), true);
  begin();  // the next conversation knows the same
  EXPECT_EQ(report(5, 5, 4), true);
  EXPECT_EQ(report(5, 6, 1), false);
}

TEST_F(Conversation, GoesOnWithWhatIsPending) {
  const auto asked = lines(R"({"op":"ask","count":3})");
  say(R"({"op":"report","number":1,"step":0,"value":0.5})");
  begin();
  EXPECT_EQ(say(R"({"op":"pending"})")["pending"].size(), 3U);
  say(R"({"op":"tell","number":1})");
  EXPECT_EQ(trial(1).value, 0.5);
  EXPECT_EQ(say(R"({"op":"ask"})")["number"], 3);
}

TEST_F(Conversation, SuggestsTheSameWhetherItWasInterruptedOrNot) {
  config.strategy.name = "bayesian";
  std::vector<std::string> whole;
  for (const bool interrupted : {false, true}) {
    store = make_memory_store();
    begin();
    std::vector<std::string> answers;
    for (int i = 0; i < 12; ++i) {
      if (interrupted && i % 3 == 2) begin();
      answers.push_back(lines(R"({"op":"ask"})").at(0));
      if (i < 2) continue;  // two stay behind
      say(fmt::format(R"({{"op":"tell","number":{},"value":{}}})", i - 2, (i * 7) % 5));
    }
    if (interrupted) {
      EXPECT_EQ(answers, whole);
    }
    whole = answers;
  }
}

TEST_F(Conversation, HoldsThousandsOfPendingTrials) {
  const auto asked = lines(R"({"op":"ask","count":5000})");
  ASSERT_EQ(asked.size(), 5000U);
  EXPECT_EQ(say(R"({"op":"pending"})")["pending"].size(), 5000U);
  EXPECT_EQ(say(R"({"op":"tell","number":4321,"value":1})")["number"], 4321);
  EXPECT_EQ(say(R"({"op":"pending"})")["pending"].size(), 4999U);
}

TEST_F(Conversation, TriesTheUsersConfigurationsFirst) {
  config.strategy.initial = {{{"x", 0.125}, {"k", std::int64_t{2}}}};
  EXPECT_EQ(say(R"({"op":"enqueue","parameters":{"x":1,"k":3.0}})"),
            json::parse(R"({"queued":1})"));
  EXPECT_EQ(say(R"({"op":"enqueue","parameters":{"k":4,"x":0.5}})")["queued"], 2);
  EXPECT_EQ(lines(R"({"op":"ask"})").at(0), R"({"number":0,"parameters":{"k":2,"x":0.125}})");
  begin();
  EXPECT_EQ(lines(R"({"op":"ask"})").at(0), R"({"number":1,"parameters":{"k":3,"x":1.0}})");
  EXPECT_EQ(lines(R"({"op":"ask"})").at(0), R"({"number":2,"parameters":{"k":4,"x":0.5}})");
  say(R"({"op":"ask"})");
  EXPECT_EQ(trial(0).sampler, "user");
  EXPECT_EQ(trial(3).sampler, "random");
}

TEST_F(Conversation, RefusesConfigurationsOutsideOfTheSpace) {
  EXPECT_THAT(error(R"({"op":"enqueue","parameters":{"x":2}})"),
              testing::AllOf(HasSubstr("x: must be a number from 0 to 1, got 2"),
                             HasSubstr("k: is missing")));
  EXPECT_THAT(error(R"({"op":"enqueue","parameters":{"x":null}})"), HasSubstr("parameters.x"));
  EXPECT_THAT(error(R"({"op":"enqueue","parameters":[1]})"), HasSubstr("must be an object"));
  EXPECT_THAT(error(R"({"op":"enqueue"})"), HasSubstr("\"parameters\" is missing"));
  EXPECT_FALSE(store->next_queued().value().has_value());
}

}  // namespace
}  // namespace hpo
