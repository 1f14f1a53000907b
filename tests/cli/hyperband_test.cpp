// Hyperband with a program that keeps checkpoints: what it did for a smaller budget is not done
// again, also when the engine is killed.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <map>
#include <sstream>

#include "tests/cli/hpo_program.h"

namespace hpo::cli {
namespace {

constexpr int kConfigurations = 9;

/// Each epoch is noted with the configuration it belongs to; the loss falls with epochs and x.
void write_study(const TestFolder& folder) {
  folder.write("trial.sh",
               "while [ $# -gt 0 ]; do\n"
               "  case $1 in --epochs) epochs=$2 ;; --x) x=$2 ;; esac; shift 2\n"
               "done\n"
               "state=$SAGEMAKER_BASE_DIR/checkpoints/epoch\n"
               "epoch=0; [ -f \"$state\" ] && epoch=$(cat \"$state\")\n"
               "while [ $epoch -lt $epochs ]; do\n"
               "  epoch=$((epoch + 1))\n"
               "  echo \"$x $epoch\" >> epochs\n"
               "  echo $epoch > \"$state.new\" && mv \"$state.new\" \"$state\"\n"
               "  echo \"loss: $(awk \"BEGIN {print $x + 1 / $epoch}\")\"\n"
               "done\n");
  folder.write("t.yaml",
               "study: halving\n"
               "objective: {metric: loss, goal: minimize}\n"
               "parameters: {x: {type: float, min: 0, max: 1}}\n"
               "strategy: {name: hyperband, sampler: tpe, brackets: 1,\n"
               "           budget: {parameter: epochs, min: 1, max: 9}}\n"
               "limits: {trials: " +
                   std::to_string(kConfigurations) +
                   ", parallel: 2}\n"
                   "trial: {command: [sh, trial.sh], metrics: {loss: 'loss: (\\S+)'}}\n"
                   "resources: {gpus: 0, cpus_per_trial: 0}\n");
}

/// How often each (x, epoch) was trained.
std::map<std::string, int> trained(const TestFolder& folder) {
  std::istringstream in(folder.read("epochs"));
  std::map<std::string, int> times;
  for (std::string line; std::getline(in, line);) ++times[line];
  return times;
}

TEST(Hyperband, PromotesFromCheckpointsAndTrainsNoEpochTwice) {
  const TestFolder folder;
  write_study(folder);
  const auto run = folder.hpo({"run", "t.yaml"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_THAT(run.out, testing::HasSubstr("none is left to promote"));
  for (const auto& [epoch, times] : trained(folder)) EXPECT_EQ(times, 1) << epoch;
  const auto trials = folder.hpo({"trials", "--json"}).json();
  int first = 0;
  for (const auto& trial : trials) first += trial["continues"].is_null() ? 1 : 0;
  EXPECT_EQ(first, kConfigurations);
  const auto best = folder.hpo({"best", "--json"}).json();
  EXPECT_EQ(best["state"], "complete");
  EXPECT_EQ(best["budget"], 9);
  EXPECT_FALSE(best["continues"].is_null());
}

TEST(Hyperband, GoesOnWhenItsEngineIsKilledAgainAndAgain) {
  const TestFolder folder;
  write_study(folder);
  for (int lines = 1; lines < 14; ++lines) {
    Process engine(folder.path(), {"run", "t.yaml"});
    for (int line = 0; line < lines; ++line) {
      if (!engine.read_until("\n")) break;
    }
    engine.signal(SIGKILL);
    engine.wait();
  }
  const auto run = folder.hpo({"run", "t.yaml"});
  EXPECT_EQ(run.code, 0) << run.err;
  for (const auto& [epoch, times] : trained(folder)) EXPECT_EQ(times, 1) << epoch;
  const auto status = folder.hpo({"status", "--json"}).json();
  EXPECT_EQ(status["state"], "finished");
  EXPECT_GE(status["counts"]["complete"], 1);
  EXPECT_EQ(status["counts"]["running"], 0);
  EXPECT_EQ(folder.hpo({"best", "--json"}).json()["budget"], 9);
}

TEST(Hyperband, AutoWithABudgetIsHyperbandAndSaysWhatItTakes) {
  const TestFolder folder;
  write_study(folder);
  const auto plan = folder.hpo({"run", "t.yaml", "--dry-run", "--set",
                                "strategy={name: auto, budget: {parameter: epochs, max: 9}}"});
  EXPECT_EQ(plan.code, 0) << plan.err;
  EXPECT_THAT(plan.out, testing::HasSubstr("inside it auto takes bayesian: a model pays"));
  EXPECT_THAT(plan.out, testing::HasSubstr("--epochs "));
}

TEST(AutoStrategy, SaysWhatItTakesAndWhy) {
  const TestFolder folder;
  folder.write("t.yaml", branin_file("{trials: 3}"));
  const auto run = folder.hpo({"run", "t.yaml", "--set", "strategy.name=auto"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_THAT(run.err, testing::HasSubstr("auto takes bayesian: a model pays with 2 parameters"));
}

}  // namespace
}  // namespace hpo::cli
