// What a run finds around it: limits of the system, and what other databases left behind.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/cli/hpo_program.h"

namespace hpo::cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// Each trial adds a line to `work` and reports its x.
class Surroundings : public testing::Test {
 protected:
  Surroundings() {
    folder.write("t.yaml",
                 "study: s1\n"
                 "objective: {metric: loss, goal: minimize}\n"
                 "parameters: {x: {type: float, min: 0, max: 10}}\n"
                 "strategy: {name: random, seed: 1}\n"
                 "limits: {trials: 3, parallel: 2}\n"
                 "trial: {command: [sh, -c, 'echo \"$2\" >> work; echo \"loss: $2\"', trial],\n"
                 "        metrics: {loss: 'loss: (\\S+)'}}\n"
                 "resources: {gpus: 0, cpus_per_trial: 0}\n");
  }
  [[nodiscard]] std::size_t worked() const {
    const std::string work = folder.read("work");
    return static_cast<std::size_t>(std::count(work.begin(), work.end(), '\n'));
  }
  /// Whether every trial's value is the x it was tried with.
  void expect_own_values() const {
    for (const auto& trial : folder.hpo({"trials", "--json"}).json()) {
      EXPECT_NEAR(trial["value"].get<double>(), trial["configuration"]["x"].get<double>(), 1e-6);
    }
  }

  TestFolder folder;
};

TEST_F(Surroundings, TrialsOfARemovedDatabaseAreNotTakenOver) {
  ASSERT_EQ(folder.hpo({"run", "t.yaml"}).code, 0);
  for (const auto* file : {"hpo.db", "hpo.db-wal", "hpo.db-shm"}) fs::remove(folder / file);
  const auto again = folder.hpo({"run", "t.yaml", "--set", "strategy.seed=6"});
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(worked(), 6U);
  EXPECT_THAT(again.err, HasSubstr("trials of another study of this name were left"));
  EXPECT_TRUE(fs::exists(folder / "hpo.runs/s1-1/0/attempt-1.log"));
  expect_own_values();
}

TEST_F(Surroundings, TrialsThatADatabaseSetBackDoesNotKnowAreSetAside) {
  ASSERT_EQ(folder.hpo({"run", "t.yaml"}).code, 0);
  fs::copy(folder / "hpo.db", folder / "copy");
  ASSERT_EQ(folder.hpo({"run", "t.yaml", "--set", "limits.trials=6"}).code, 0);
  for (const auto* file : {"hpo.db-wal", "hpo.db-shm"}) fs::remove(folder / file);
  fs::rename(folder / "copy", folder / "hpo.db");
  const auto again =
      folder.hpo({"run", "t.yaml", "--set", "limits.trials=6", "--set", "strategy.seed=9"});
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(worked(), 9U);
  EXPECT_TRUE(fs::exists(folder / "hpo.runs/s1/3-1"));
  expect_own_values();
}

TEST_F(Surroundings, TrialsOfARemovedDatabaseThatStillRunAreNamed) {
  folder.write("slow.yaml",
               "study: s1\n"
               "objective: {metric: loss, goal: minimize}\n"
               "parameters: {x: {type: float, min: 0, max: 10}}\n"
               "limits: {trials: 1}\n"
               "trial: {command: [sh, -c, 'read line < go']}\n"
               "resources: {gpus: 0, cpus_per_trial: 0}\n");
  ASSERT_EQ(folder.shell("mkfifo go").code, 0);
  Process engine(folder.path(), {"run", "slow.yaml"});
  ASSERT_TRUE(engine.read_until("trial 0 starts"));
  ASSERT_TRUE(folder.shell("until [ -e hpo.runs/s1/0/attempt-1.start ]; do :; done").code == 0);
  engine.signal(SIGKILL);
  engine.wait();
  for (const auto* file : {"hpo.db", "hpo.db-wal", "hpo.db-shm"}) fs::remove(folder / file);
  const auto refused = folder.hpo({"run", "t.yaml"});
  EXPECT_EQ(refused.code, 4);
  EXPECT_THAT(refused.err, HasSubstr("trials of another study of this name still run in"));
  ASSERT_EQ(folder.shell("echo > go; until [ -e hpo.runs/s1/0/attempt-1.exit ]; do :; done").code,
            0);
}

TEST_F(Surroundings, DatabasesBesideEachOtherKeepTheirFoldersApart) {
  ASSERT_EQ(folder.hpo({"run", "t.yaml"}).code, 0);
  ASSERT_EQ(folder.hpo({"run", "t.yaml", "--storage", "hpo.sqlite"}).code, 0);
  EXPECT_EQ(worked(), 6U);
  EXPECT_EQ(folder.hpo({"delete", "s1", "--yes", "--storage", "hpo.sqlite"}).code, 0);
  EXPECT_EQ(folder.hpo({"logs", "s1", "0"}).code, 0);
}

TEST_F(Surroundings, TooFewDescriptorsAreSaidBeforeATrialIsSpent) {
  const auto refused = folder.shell("ulimit -n 20; \"$HPO\" run t.yaml");
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.err, HasSubstr("2 trials at once need 30 open files, 20 are allowed"));
  EXPECT_THAT(refused.err, HasSubstr("ulimit -n 30"));
  EXPECT_FALSE(fs::exists(folder / "work"));
  EXPECT_EQ(folder.shell("ulimit -Sn 20; \"$HPO\" run t.yaml").code, 0);  // may be raised
}

TEST_F(Surroundings, AFileThatMayNotGrowIsSaid) {
  const auto refused = folder.shell("ulimit -f 20; \"$HPO\" run t.yaml");
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.err, HasSubstr("no space left to write"));
}

}  // namespace
}  // namespace hpo::cli
