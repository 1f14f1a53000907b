// hpo enqueue and hpo replay: the program at work.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <random>

#include "storage/sqlite.h"
#include "tests/cli/hpo_program.h"

namespace hpo::cli {
namespace {

using testing::HasSubstr;

/// A study of a program whose loss is the first parameter that it is given, eight at once.
std::string study_of_many(const TestFolder& folder, int trials) {
  folder.write(
      "trial.sh",
      "while [ \"$1\" != --x ]; do shift; done\n"
      "case $2 in *[13579]) for i in 1 2 3 4 5 6; do /bin/true; done;; esac\n"  // so that results
                                                                                // overtake each
                                                                                // other
      "echo \"loss: $2\"\n");
  return "study: many\n"
         "objective: {metric: loss, goal: minimize}\n"
         "parameters:\n"
         "  x: {type: float, min: 0, max: 1}\n"
         "  y: {type: float, min: 0.001, max: 1, scale: log}\n"
         "  z: {type: categorical, values: [a, b]}\n"
         "strategy: {name: bayesian, seed: 3, initial: [{x: 0.5, y: 0.1, z: b}]}\n"
         "limits: {trials: " +
         std::to_string(trials) +
         ", parallel: 8}\n"
         "trial: {command: [sh, trial.sh], metrics: {loss: 'loss: (\\S+)'}}\n"
         "resources: {gpus: 0, cpus_per_trial: 0}\n";
}

/// Starts an engine, lets it print so many lines, and kills it.
void run_and_kill(const TestFolder& folder, int lines, const std::string& set) {
  Process engine(folder.path(), {"run", "t.yaml", "--set", set});
  for (int line = 0; line < lines; ++line) {
    if (!engine.read_until("\n")) break;
  }
  engine.signal(SIGKILL);
  engine.wait();
}

TEST(ReplayProgram, VerifiesAStudyOfEightWorkersThatWasKilledTenTimes) {
  const TestFolder folder;
  folder.write("t.yaml", study_of_many(folder, 60));
  std::mt19937 random(1);
  for (int kill = 0; kill < 10; ++kill) {
    // Twice another strategy: each trial is to be asked of its own run's.
    run_and_kill(folder, static_cast<int>(2 + random() % 12),
                 kill % 5 == 3 ? "strategy.name=sobol" : "limits.trials=60");
    if (kill == 2) {
      const auto queued =
          folder.hpo({"enqueue", "--set", "x=0.25", "--set", "y=1", "--set", "z=a"});
      EXPECT_EQ(queued.code, 0) << queued.err;
      EXPECT_THAT(queued.err, HasSubstr("1 configuration of study many is tried next, when"));
    }
  }
  ASSERT_EQ(folder.hpo({"run", "t.yaml"}).code, 0);
  const auto replayed = folder.hpo({"replay", "--json"});
  EXPECT_EQ(replayed.code, 0) << replayed.out << replayed.err;
  EXPECT_EQ(replayed.json()["same"], 58);
  EXPECT_EQ(replayed.json()["given"], 2);
  EXPECT_EQ(replayed.json()["exceptions"].size(), 0U);
}

TEST(ReplayProgram, ShowsTheFirstDifferenceAndFails) {
  const TestFolder folder;
  folder.write("t.yaml", branin_file("{trials: 12}"));
  ASSERT_EQ(folder.hpo({"run", "t.yaml"}).code, 0);
  const auto before = folder.hpo({"replay"});
  EXPECT_EQ(before.code, 0);
  EXPECT_EQ(before.out, "study branin: 12 of 12 suggestions come out again bit for bit\n");
  {
    auto sqlite = Sqlite::open(folder / "hpo.db", SqliteAccess::write);
    ASSERT_TRUE(
        sqlite->script("UPDATE trial SET configuration = '{\"x1\":1.5,\"x2\":2.5}' "
                       "WHERE number IN (7, 9)"));
  }
  const auto after = folder.hpo({"replay"});
  EXPECT_EQ(after.code, 1);
  EXPECT_THAT(after.out, HasSubstr("2 differ; the first is trial 7: configuration: stored "
                                   "{\"x1\":1.5,\"x2\":2.5}, suggested now {"));
  EXPECT_THAT(after.err, HasSubstr("same type of CPU"));
  const auto json = folder.hpo({"replay", "--json"}).json();
  EXPECT_EQ(json["verified"], false);
  EXPECT_EQ(json["exceptions"][1]["number"], 9);
}

TEST(EnqueueProgram, IsTakenByAStudyThatRuns) {
  const TestFolder folder;
  folder.write("train.sh",
               "mkfifo \"$HPO_TRIAL.gate\" 2> /dev/null\n"
               "if [ \"$HPO_TRIAL\" = 0 ]; then read -r go < 0.gate; fi\n"
               "echo loss: 1\n");
  folder.write("t.yaml", script_file("{trials: 3}"));
  Process run(folder.path(), {"run", "t.yaml"});
  ASSERT_TRUE(run.read_until("trial 0 starts"));
  const auto queued = folder.hpo(
      {"enqueue", "script", "--json", R"({"lr": 0.05, "kind": "fancy"})", "--format", "json"});
  EXPECT_EQ(queued.code, 0) << queued.err;
  EXPECT_EQ(queued.json()["queued"], 1);
  EXPECT_EQ(queued.json()["pid"], run.pid());
  ASSERT_EQ(folder.shell("until [ -p 0.gate ]; do :; done; echo go > 0.gate").code, 0);
  EXPECT_EQ(run.wait().code, 0);
  const auto trials = folder.hpo({"trials", "--json"}).json();
  EXPECT_EQ(trials[1]["configuration"]["lr"], 0.05);
  EXPECT_EQ(trials[1]["configuration"]["kind"], "fancy");
  EXPECT_NE(trials[2]["configuration"]["lr"], 0.05);
}

TEST(EnqueueProgram, SaysWhatIsWrong) {
  const TestFolder folder;
  folder.write("t.yaml", branin_file("{trials: 1}"));
  ASSERT_EQ(folder.hpo({"run", "t.yaml"}).code, 0);
  const auto missing = folder.hpo({"enqueue", "--set", "x1=1"});
  EXPECT_EQ(missing.code, 2);
  EXPECT_THAT(missing.err, HasSubstr("x2: is missing; expected a number from 0 to 15"));
  const auto unknown = folder.hpo({"enqueue", "--set", "x1=1", "--set", "x2=1", "--set", "x3=1"});
  EXPECT_THAT(unknown.err, HasSubstr("x3: is not in the search space"));
  EXPECT_THAT(folder.hpo({"enqueue", "--set", "x1"}).err, HasSubstr("expected NAME=VALUE"));
  EXPECT_THAT(folder.hpo({"enqueue", "--json", "[1]"}).err, HasSubstr("expected an object"));
  EXPECT_THAT(folder.hpo({"enqueue"}).err, HasSubstr("which configuration?"));
  EXPECT_EQ(folder.hpo({"enqueue", "nobody", "--set", "x1=1"}).code, 2);
}

}  // namespace
}  // namespace hpo::cli
