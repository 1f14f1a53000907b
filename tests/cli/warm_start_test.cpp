// strategy.warm_start: the program at work.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "tests/cli/hpo_program.h"

namespace hpo::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kOld = "strategy.warm_start=[{study: branin}]";

/// A folder with a study "branin" of 20 trials.
class WarmStartProgram : public testing::Test {
 protected:
  void SetUp() override {
    folder_.write("t.yaml", branin_file("{trials: 20}"));
    const auto ended = folder_.hpo({"run", "t.yaml"});
    ASSERT_EQ(ended.code, 0) << ended.err;
  }
  /// Arguments of a verb for a study "warm" with this list of studies.
  static std::vector<std::string> warm(const std::string& verb, const std::string& list = kOld,
                                       std::vector<std::string> more = {}) {
    std::vector<std::string> words = {verb,    "t.yaml", "--set", "study=warm",
                                      "--set", list,     "--set", "strategy.name=bayesian"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  TestFolder folder_;
};

TEST_F(WarmStartProgram, GoesOnFromAnotherStudyAndFindsTheOptimumSooner) {
  const auto ended = folder_.hpo(warm("run", kOld, {"--set", "limits.trials=4"}));
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.err,
              HasSubstr("begins with 20 results of identical study branin (it tunes the same)"));
  const auto status = folder_.hpo({"status", "warm", "--json"}).json();
  ASSERT_EQ(status["warm_start"].size(), 1U);
  EXPECT_EQ(status["warm_start"][0]["study"], "branin");
  EXPECT_EQ(status["warm_start"][0]["relation"], "identical");
  EXPECT_EQ(status["warm_start"][0]["results"], 20);
  EXPECT_THAT(folder_.hpo({"status", "warm"}).out, HasSubstr("began with"));
  ASSERT_EQ(folder_
                .hpo({"run", "t.yaml", "--set", "study=cold", "--set", "strategy.name=bayesian",
                      "--set", "limits.trials=4"})
                .code,
            0);
  const auto cold = folder_.hpo({"best", "cold", "--json"}).json();
  EXPECT_LT(status["best"]["value"].get<double>(), cold["value"].get<double>());
  const auto why = folder_.hpo({"explain", "warm", "0", "--json"}).json();
  EXPECT_EQ(why["from_others"], 20);
  EXPECT_THAT(folder_.hpo({"explain", "warm", "0"}).out, HasSubstr("20 results of identical"));
}

TEST_F(WarmStartProgram, IsReplayedAfterTheOtherStudyIsGone) {
  folder_.write("b.yaml", folder_.read("t.yaml").replace(folder_.read("t.yaml").find("random"), 6,
                                                         "bayesian"));
  for (const auto* relation : {"identical", "related"}) {
    const std::string list =
        std::string("strategy.warm_start=[{study: branin, relation: ") + relation + "}]";
    const std::string name = std::string("study=") + relation;
    Process engine(folder_.path(), {"run", "b.yaml", "--set", name, "--set", list});
    ASSERT_TRUE(engine.read_until("trial 5 complete"));
    engine.signal(SIGKILL);
    engine.wait();
  }
  ASSERT_EQ(folder_.hpo({"delete", "branin", "--yes"}).code, 0);
  for (const auto* relation : {"identical", "related"}) {
    const std::string list =
        std::string("strategy.warm_start=[{study: branin, relation: ") + relation + "}]";
    const std::string name = std::string("study=") + relation;
    const auto ended = folder_.hpo({"run", "b.yaml", "--set", name, "--set", list});
    EXPECT_EQ(ended.code, 0) << ended.err;
    const auto without = folder_.hpo({"run", "b.yaml", "--set", name, "--set", "limits.trials=22"});
    EXPECT_EQ(without.code, 0) << without.err;
    const auto replayed = folder_.hpo({"replay", relation, "--json"}).json();
    EXPECT_EQ(replayed["same"], 22) << replayed;
    EXPECT_EQ(replayed["verified"], true);
  }
}

TEST_F(WarmStartProgram, SaysBeforehandWhatItTakes) {
  const std::string range = "parameters.x1={type: float, min: 0, max: 10}";
  const auto valid = folder_.hpo(warm("validate", kOld, {"--set", range}));
  EXPECT_EQ(valid.code, 0);
  EXPECT_THAT(valid.err, HasSubstr("results of identical study branin"));
  EXPECT_THAT(valid.err, HasSubstr("(x1 lies outside)"));
  const auto json = folder_.hpo(warm("validate", kOld, {"--set", range, "--json"})).json();
  EXPECT_GT(json["warm_start"][0]["left_out"]["x1 lies outside"], 0);
  const auto plan = folder_.hpo(warm("run", kOld, {"--dry-run"}));
  EXPECT_THAT(plan.out, HasSubstr("warm start 20 results of identical study branin"));
  EXPECT_THAT(folder_.hpo({"studies", "--json"}).out, testing::Not(HasSubstr("\"warm\"")));
}

TEST_F(WarmStartProgram, SaysWhatIsWrong) {
  const auto unknown = folder_.hpo(warm("run", "strategy.warm_start=[{study: brain}]"));
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("strategy.warm_start[0]"));
  EXPECT_THAT(unknown.err, HasSubstr("no study \"brain\""));
  EXPECT_THAT(unknown.err, HasSubstr("did you mean \"branin\"?"));
  const auto missing =
      folder_.hpo(warm("validate", "strategy.warm_start=[{study: a, storage: none.db}]"));
  EXPECT_EQ(missing.code, 2);
  EXPECT_THAT(missing.err, HasSubstr("none.db: no such file"));
  const auto goal = folder_.hpo(warm("run", kOld, {"--set", "objective.goal=maximize"}));
  EXPECT_EQ(goal.code, 2);
  EXPECT_THAT(goal.err, HasSubstr("study branin: its goal is to minimize"));
  folder_.write("text.db", "this is no database, and long enough to be seen as none of them all");
  const auto damaged =
      folder_.hpo(warm("run", "strategy.warm_start=[{study: a, storage: text.db}]"));
  EXPECT_EQ(damaged.code, 3);
  EXPECT_THAT(damaged.err, HasSubstr("strategy.warm_start[0]: "));
  EXPECT_EQ(folder_.hpo(warm("run", kOld, {"--set", "strategy.name=sobol"})).code, 2);
}

TEST_F(WarmStartProgram, TellsOfABetterTrialBefore) {
  const auto ended = folder_.hpo(warm(
      "run", kOld, {"--set", "limits.trials=1", "--set", "strategy.initial=[{x1: 0, x2: 15}]"}));
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("better before"));
  EXPECT_THAT(ended.out, HasSubstr("of study branin"));
  EXPECT_THAT(folder_.hpo({"best", "warm"}).out, HasSubstr("better before"));
}

TEST_F(WarmStartProgram, WorksInAskTell) {
  folder_.write("talk.yaml",
                "study: talk\n"
                "objective: {metric: value, goal: minimize}\n"
                "parameters:\n"
                "  x1: {type: float, min: -5, max: 10}\n"
                "  x2: {type: float, min: 0, max: 15}\n"
                "strategy: {warm_start: [{study: branin}]}\n");
  const auto ended = folder_.shell(
      R"(printf '{"op":"ask"}\n{"op":"tell","number":0,"value":1}\n{"op":"ask"}\n' | $HPO ask-tell talk.yaml)");
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("related study branin"));
  EXPECT_EQ(ended.lines().size(), 3U);
  const auto best = folder_.hpo({"best", "branin", "--json"}).json();
  const auto first = folder_.hpo({"show", "talk", "0", "--json"}).json();
  EXPECT_EQ(first["configuration"], best["configuration"]);
  EXPECT_EQ(folder_.hpo({"replay", "talk"}).code, 0);
}

}  // namespace
}  // namespace hpo::cli
