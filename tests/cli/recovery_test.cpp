// An engine that is killed, again and again, at whatever it is doing: nothing is lost, doubled or
// left behind.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <random>
#include <sstream>

#include "tests/cli/hpo_program.h"

namespace hpo::cli {
namespace {

constexpr int kTrials = 40;

/// Each trial notes its beginning and its end beside the database.
std::string study_of_notes(const TestFolder& folder) {
  folder.write("trial.sh",
               "echo \"$HPO_TRIAL\" >> begun\n"
               "for i in 1 2 3 4 5 6 7 8; do /bin/true; done\n"
               "echo loss: 1\n"
               "echo \"$HPO_TRIAL\" >> ended\n");
  return "study: recovery\n"
         "objective: {metric: loss, goal: minimize}\n"
         "parameters: {x: {type: float, min: 0, max: 1}}\n"
         "strategy: {name: random}\n"
         "limits: {trials: " +
         std::to_string(kTrials) +
         ", parallel: 4}\n"
         "trial: {command: [sh, trial.sh], metrics: {loss: 'loss: (\\S+)'}}\n"
         "resources: {gpus: 0, cpus_per_trial: 0}\n";
}

std::vector<int> numbers_in(const TestFolder& folder, const std::string& file) {
  std::istringstream in(folder.read(file));
  std::vector<int> numbers;
  for (int number = 0; in >> number;) numbers.push_back(number);
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

/// Starts an engine, lets it print so many lines, and kills its process group.
void run_and_kill(const TestFolder& folder, int lines) {
  Process engine(folder.path(), {"run", "t.yaml"});
  for (int line = 0; line < lines; ++line) {
    if (!engine.read_until("\n")) break;
  }
  engine.signal(SIGKILL);
  engine.wait();
}

class Recovery : public testing::TestWithParam<unsigned> {};

TEST_P(Recovery, EveryTrialCompletesOnceHoweverOftenTheEngineIsKilled) {
  const TestFolder folder;
  folder.write("t.yaml", study_of_notes(folder));
  std::mt19937 random(GetParam());
  for (int kill = 0; kill < 20; ++kill) run_and_kill(folder, static_cast<int>(random() % 6));

  const auto last = folder.hpo({"run", "t.yaml"});
  EXPECT_EQ(last.code, 0) << last.err;
  const auto status = folder.hpo({"status", "--json"}).json();
  EXPECT_EQ(status["counts"]["complete"], kTrials) << status;
  EXPECT_EQ(status["state"], "finished");
  std::vector<int> each(kTrials);
  for (int i = 0; i < kTrials; ++i) each[static_cast<std::size_t>(i)] = i;
  EXPECT_EQ(numbers_in(folder, "begun"), each);
  EXPECT_EQ(numbers_in(folder, "ended"), each);
  EXPECT_THAT(processes_of(folder), testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Seeds, Recovery, testing::Values(1U, 2U, 3U));

}  // namespace
}  // namespace hpo::cli
