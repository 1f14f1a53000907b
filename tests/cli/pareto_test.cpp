// Two objectives and constraints: the program at work.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "tests/cli/hpo_program.h"

namespace hpo::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// A program whose error falls and whose cost grows with x, and which takes up y.
constexpr const char* kProgram =
    "while [ \"$1\" != --x ]; do shift; done; x=$2\n"
    "while [ \"$1\" != --y ]; do shift; done\n"
    "awk -v x=$x -v y=$2 'BEGIN { print \"error: \" (1 - x) * (1 - x) + y \"\\ncost: \" x * x + y "
    "\"\\nspace: \" x + 3 * y }'\n";

std::string file(const std::string& demands, int trials = 20, const std::string& limits = {}) {
  return "study: trade\n" + demands +
         "parameters:\n"
         "  x: {type: float, min: 0, max: 1}\n"
         "  y: {type: float, min: 0, max: 1}\n"
         "strategy: {name: bayesian, seed: 5}\n"
         "limits: {trials: " +
         std::to_string(trials) + ", parallel: 4" + limits +
         "}\n"
         "trial:\n"
         "  command: [sh, trial.sh]\n"
         "  metrics: {error: 'error: (\\S+)', cost: 'cost: (\\S+)', space: 'space: (\\S+)'}\n"
         "resources: {gpus: 0, cpus_per_trial: 0}\n";
}

constexpr const char* kTwo =
    "objectives: [{metric: error, goal: minimize}, {metric: cost, goal: minimize}]\n";
constexpr const char* kOne = "objective: {metric: error, goal: minimize}\n";
constexpr const char* kConstraint = "constraints: [{metric: space, max: 0.9}]\n";

class Pareto : public testing::Test {
 protected:
  Pareto() { folder_.write("trial.sh", kProgram); }
  void run(const std::string& text) {
    folder_.write("t.yaml", text);
    ended_ = folder_.hpo({"run", "t.yaml"});
    ASSERT_EQ(ended_.code, 0) << ended_.err;
  }
  [[nodiscard]] std::string out(const std::vector<std::string>& words) const {
    const auto ended = folder_.hpo(words);
    EXPECT_EQ(ended.code, 0) << ended.err;
    return ended.out;
  }
  TestFolder folder_;
  Ended ended_ = {};
};

TEST_F(Pareto, ShowsTheFrontOfTwoObjectivesEverywhere) {
  run(file(kTwo));
  EXPECT_THAT(ended_.out, HasSubstr("knee"));
  EXPECT_THAT(ended_.err, HasSubstr("* on the front"));
  EXPECT_THAT(ended_.err, HasSubstr("next: hpo compare"));
  const auto status = folder_.hpo({"status", "--json"}).json();
  const auto best = folder_.hpo({"best", "--json"}).json();
  EXPECT_GT(status["front"]["hypervolume"], 0);
  EXPECT_GE(status["front"]["trials"].size(), 3U);
  EXPECT_EQ(status["best"]["number"], best["number"]);
  EXPECT_EQ(best["front"].size(), status["front"]["trials"].size());
  EXPECT_EQ(best["hypervolume"], status["front"]["hypervolume"]);
  EXPECT_EQ(best["values"]["error"], best["value"]);
  EXPECT_EQ(best["values"]["cost"], best["metrics"]["cost"]);
  double last = 2;
  for (const auto& trial : best["front"]) {  // error grows, cost falls
    EXPECT_LT(trial["values"]["cost"].get<double>(), last);
    last = trial["values"]["cost"];
  }
  EXPECT_THAT(out({"status"}), HasSubstr("hypervolume"));
  EXPECT_THAT(out({"status", "--format", "csv"}), HasSubstr(",front,hypervolume\n"));
  EXPECT_THAT(out({"best"}), HasSubstr("of which none is better in both objectives"));
  EXPECT_THAT(out({"compare"}), HasSubstr("* knee of the front"));
  EXPECT_EQ(folder_.hpo({"compare", "--json"}).json()["trials"].size(), best["front"].size());
  EXPECT_THAT(out({"compare", "--format", "csv"}), HasSubstr("\ncost,"));
  EXPECT_THAT(out({"compare", "0", "1"}), HasSubstr("cost"));
  EXPECT_THAT(out({"trials"}), HasSubstr("+ on the front"));
  EXPECT_THAT(out({"trials", "--format", "csv"}), HasSubstr(",front\n"));
  EXPECT_EQ(folder_.hpo({"trials", "best", "--json"}).json()[0]["front"], true);
  EXPECT_EQ(folder_.hpo({"trials", "--top", "1", "--json"}).json()[0]["number"], best["number"]);
}

TEST_F(Pareto, ExplainsAndReplaysAfterAKill) {
  folder_.write("t.yaml", file(std::string(kTwo) + kConstraint, 24));
  for (const auto* line : {"trial 6 complete", "trial 13 complete"}) {
    Process engine(folder_.path(), {"run", "t.yaml"});
    ASSERT_TRUE(engine.read_until(line)) << engine.seen();
    engine.signal(SIGKILL);
    engine.wait();
  }
  run(file(std::string(kTwo) + kConstraint, 24));
  const auto replayed = folder_.hpo({"replay", "--json"});
  EXPECT_EQ(replayed.code, 0) << replayed.out;
  EXPECT_EQ(replayed.json()["same"], 24);
  const auto why = folder_.hpo({"explain", "20", "--json"}).json();
  ASSERT_EQ(why["outputs"].size(), 2U) << why;
  EXPECT_EQ(why["outputs"][0]["metric"], "cost");
  EXPECT_THAT(out({"explain", "20"}), HasSubstr("  space"));
  const auto error = folder_.hpo({"importance", "--json"}).json();
  const auto cost = folder_.hpo({"importance", "--objective", "cost", "--json"}).json();
  EXPECT_EQ(error["objective"], "error");
  EXPECT_EQ(cost["objective"], "cost");
  EXPECT_NE(error["parameters"], cost["parameters"]);
  const auto unknown = folder_.hpo({"importance", "--objective", "space"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("its objectives: error, cost"));
}

TEST_F(Pareto, TheBestKeepsTheConstraint) {
  run(file(std::string(kOne) + kConstraint, 16));
  const auto best = folder_.hpo({"best", "--json"}).json();
  EXPECT_EQ(best["feasible"], true);
  EXPECT_LE(best["metrics"]["space"].get<double>(), 0.9);
  EXPECT_LT(best["value"].get<double>(), 0.05);  // (1 - 0.9)² is the least
  EXPECT_THAT(out({"status"}), HasSubstr("space <= 0.9"));
  EXPECT_THAT(out({"trials"}), HasSubstr("x breaks a constraint"));
  const auto trials = folder_.hpo({"trials", "--json"}).json();
  for (const auto& trial : trials) {
    EXPECT_EQ(trial["feasible"], trial["metrics"]["space"].get<double>() <= 0.9);
    if (trial["feasible"] == false) {
      const auto number = std::to_string(trial["number"].get<int>());
      EXPECT_THAT(out({"show", number}), HasSubstr("> 0.9"));
    }
  }
}

TEST_F(Pareto, SaysThatNothingKeepsTheConstraint) {
  folder_.write("t.yaml", file(std::string(kOne) + "constraints: [{metric: space, max: -1}]\n", 5));
  const auto ended = folder_.hpo({"run", "t.yaml"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.out, HasSubstr("no complete trial keeps the constraints"));
  const auto best = folder_.hpo({"best"});
  EXPECT_EQ(best.code, 1);
  EXPECT_THAT(best.err, HasSubstr("no complete trial of study trade keeps its constraints"));
}

TEST_F(Pareto, ATrialThatLacksAMetricFailsAndIsExplained) {
  folder_.write("trial.sh", "echo error: 1\n");
  folder_.write("t.yaml", file(kTwo, 2));
  const auto ended = folder_.hpo({"run", "t.yaml"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("never reported \"cost\"; that is an objective"));
  const auto trials = folder_.hpo({"trials", "--json"}).json();
  EXPECT_EQ(trials[0]["failure"], "no_metric");
}

TEST_F(Pareto, OtherDemandsAreAnotherStudy) {
  run(file(std::string(kTwo) + kConstraint, 3));
  folder_.write("t.yaml", file(kOne, 3));
  const auto ended = folder_.hpo({"run", "t.yaml"});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, HasSubstr("exists with another objective, constraint or search space"));
  EXPECT_THAT(ended.err, HasSubstr("constraints: there were 1, now 0"));
  EXPECT_THAT(ended.err, HasSubstr("--fresh"));
}

TEST_F(Pareto, NoImprovementWatchesTheFront) {
  folder_.write("trial.sh", "echo error: 1; echo cost: 1; echo space: 0\n");
  folder_.write("t.yaml", file(kTwo, 40, ", no_improvement: 6"));
  const auto ended = folder_.hpo({"run", "t.yaml"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("trials without a new one on the front"));
}

}  // namespace
}  // namespace hpo::cli
