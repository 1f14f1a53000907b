// hpo run: what it says, how it goes on, how it ends.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>

#include "tests/cli/gate.h"
#include "tests/cli/hpo_program.h"

namespace hpo::cli {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(Run, SaysWhereEverythingIsAndEndsWithTheBest) {
  const TestFolder folder;
  folder.write("t.yaml", branin_file());
  const auto ended = folder.hpo({"run", "t.yaml"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.err.substr(0, ended.err.find('\n')),
              AllOf(HasSubstr("study branin"), HasSubstr((folder / "hpo.db").string()),
                    HasSubstr((folder / "hpo.runs/branin").string())));
  EXPECT_THAT(ended.err, AllOf(HasSubstr("trial 7 complete: value "), HasSubstr("* best"),
                               HasSubstr("next: hpo best branin\n"), Not(HasSubstr("\x1b"))));
  EXPECT_THAT(ended.out, AllOf(HasSubstr("study branin ended: 8 trials"), HasSubstr("x1")));
}

TEST(Run, AnswersJsonLikeStatus) {
  const TestFolder folder;
  folder.write("t.yaml", branin_file());
  json end = folder.hpo({"run", "t.yaml", "--json"}).json();
  EXPECT_EQ(end["state"], "finished");
  EXPECT_EQ(end["best"], folder.hpo({"status", "--json"}).json()["best"]);
}

TEST(Run, AnswersCsvLikeStatus) {
  const TestFolder folder;
  folder.write("t.yaml", branin_file());
  const auto end = folder.hpo({"run", "t.yaml", "--format", "csv"});
  EXPECT_EQ(end.out, folder.hpo({"status", "--format", "csv"}).out);
  EXPECT_THAT(end.out, testing::StartsWith("study,state,pid,"));
}

TEST(Run, GoesOnWithARaisedLimitAndSaysWhatChanged) {
  const TestFolder folder;
  folder.write("t.yaml", branin_file());
  ASSERT_EQ(folder.hpo({"run", "t.yaml"}).code, 0);
  const auto again = folder.hpo({"run", "t.yaml", "--set", "limits.trials=10"});
  EXPECT_EQ(again.code, 0);
  EXPECT_THAT(again.err, AllOf(HasSubstr("goes on after 8 finished trials"),
                               HasSubstr("changed limits.trials: 8 -> 10")));
  EXPECT_EQ(folder.hpo({"status", "--json"}).json()["counts"]["complete"], 10);
}

TEST(Run, RefusesAnotherSpaceAndKeepsTheOldStudyWithFresh) {
  const TestFolder folder;
  folder.write("t.yaml", branin_file());
  ASSERT_EQ(folder.hpo({"run", "t.yaml"}).code, 0);
  const auto refused = folder.hpo({"run", "t.yaml", "--set", "parameters.x1.max=9"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("x1"), HasSubstr("--fresh")));
  const auto fresh = folder.hpo({"run", "t.yaml", "--set", "parameters.x1.max=9", "--fresh"});
  EXPECT_EQ(fresh.code, 0) << fresh.err;
  EXPECT_THAT(fresh.err, HasSubstr("the old study is now named branin"));
  EXPECT_THAT(folder.hpo({"studies", "--json"}).json(), testing::SizeIs(2));
}

TEST(Run, RefusesAnotherProgramOfAStudyThatHasTrials) {
  const TestFolder folder;
  folder.write("t.yaml", script_file("{trials: 2}"));
  folder.write("train.sh", "echo loss: 1\n");
  ASSERT_EQ(folder.hpo({"run", "t.yaml"}).code, 0);
  for (const std::string change : {"trial.command=[sh,train.sh,x]", "trial.hyperparameters.depth=3",
                                   "trial.metrics.loss='l: (.)'"}) {
    const auto refused = folder.hpo({"run", "t.yaml", "--set", change});
    EXPECT_EQ(refused.code, 2) << change << refused.err;
    EXPECT_THAT(refused.err, AllOf(HasSubstr("tunes something else"), HasSubstr("--fresh")));
  }
  EXPECT_EQ(folder.hpo({"run", "t.yaml", "--set", "limits.trials=3"}).code, 0);
}

TEST(Run, DryRunTouchesNothing) {
  const TestFolder folder;
  folder.write("t.yaml", branin_file());
  const auto ended = folder.hpo({"run", "t.yaml", "--dry-run"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.out, AllOf(HasSubstr("the next trials"), HasSubstr("x1=")));
  EXPECT_THAT(ended.err, HasSubstr("next: hpo run t.yaml"));
  EXPECT_FALSE(std::filesystem::exists(folder / "hpo.db"));
  EXPECT_FALSE(std::filesystem::exists(folder / "hpo.runs"));
}

TEST(Run, RequireTargetHasItsOwnExitCode) {
  const TestFolder folder;
  folder.write("t.yaml", branin_file("{trials: 3, target: 0.4}"));
  EXPECT_EQ(folder.hpo({"run", "t.yaml", "--require-target"}).code, 5);
  EXPECT_EQ(folder.hpo({"run", "t.yaml"}).code, 0);
  EXPECT_EQ(folder.hpo({"run", "t.yaml", "--require-target", "--set", "limits.target=1000"}).code,
            0);
  folder.write("u.yaml", branin_file());
  EXPECT_EQ(folder.hpo({"run", "u.yaml", "--require-target"}).code, 2);
}

TEST(Run, StorageFlagIsRelativeToTheCurrentFolder) {
  const TestFolder folder;
  std::filesystem::create_directory(folder / "conf");
  folder.write("conf/t.yaml", branin_file());
  const auto ended = folder.hpo({"run", "conf/t.yaml", "--storage", "here.db"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_TRUE(std::filesystem::exists(folder / "here.db"));
  EXPECT_THAT(ended.err, HasSubstr("hpo best branin --storage " + (folder / "here.db").string()));
}

TEST(Run, ReportsEveryErrorOfTheFile) {
  const TestFolder folder;
  folder.write("t.yaml", branin_file("{trilas: 8, parallel: 0}"));
  const auto ended = folder.hpo({"run", "t.yaml", "--set", "nonsense"});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("t.yaml:7:10: "), HasSubstr("did you mean \"trials\"?"),
                               HasSubstr("limits.parallel"), HasSubstr("expected KEY=VALUE"),
                               HasSubstr("3 errors")));
  EXPECT_EQ(ended.out, "");
}

TEST(Run, PlainOutputOfManyTrialsIsBounded) {
  const TestFolder folder;
  folder.write("t.yaml", branin_file("{trials: 2000}"));
  const auto ended = folder.hpo({"run", "t.yaml"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.err, HasSubstr("more trials"));
  EXPECT_LT(std::count(ended.err.begin(), ended.err.end(), '\n'), 2000);
}

TEST(Run, AFailedTrialShowsTheEndOfItsLogAtOnce) {
  const TestFolder folder;
  folder.write("t.yaml", script_file("{trials: 1}"));
  folder.write("train.sh", "echo reading data\nprintf 'bad \\033[31mcolour\\n' >&2\nexit 3\n");
  const auto ended = folder.hpo({"run", "t.yaml"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("trial 0 failed"), HasSubstr("exit_code"),
                               HasSubstr("    | reading data\n    | bad \\x1b[31mcolour\n"),
                               HasSubstr("next: hpo trials script --state failed")));
  json trial = folder.hpo({"show", "0", "--json"}).json();
  EXPECT_EQ(trial["failure"], "exit_code");
  EXPECT_EQ(trial["directory"], (folder / "hpo.runs/script/0").string());
  const auto log = folder.hpo({"logs", "last"});
  EXPECT_EQ(log.out, "reading data\nbad \x1b[31mcolour\n");
  EXPECT_EQ(folder.hpo({"logs", "0", "-n", "1"}).out, "bad \x1b[31mcolour\n");
  EXPECT_EQ(folder.hpo({"logs", "0", "--json"}).json()["lines"][0], "reading data");
}

/// A study whose trials wait at a gate.
class Waiting : public testing::Test {
 protected:
  Waiting() : gate(folder / "gate") {
    folder.write("t.yaml", script_file("{trials: 2}"));
    folder.write("train.sh", "echo 'loss: 0.5'\nread line < gate\necho passed\n");
  }
  TestFolder folder;
  Gate gate;
};

TEST_F(Waiting, IsHeldAndSeenWhileItRuns) {
  Process run(folder.path(), {"run", "t.yaml"});
  ASSERT_TRUE(run.read_until("trial 0 starts"));
  const auto second = folder.hpo({"run", "t.yaml"});
  EXPECT_EQ(second.code, 4);
  EXPECT_THAT(second.err, HasSubstr(std::to_string(run.pid())));
  const auto removed = folder.hpo({"delete", "script", "--yes"});
  EXPECT_EQ(removed.code, 4);
  json status = folder.hpo({"status", "--json"}).json();
  EXPECT_EQ(status["state"], "running");
  EXPECT_EQ(status["pid"], run.pid());
  EXPECT_EQ(status["counts"]["running"], 1);
  EXPECT_EQ(folder.hpo({"trials", "--json"}).json()[0]["state"], "running");
  gate.let_through(2);
  EXPECT_EQ(run.wait().code, 0);
}

TEST_F(Waiting, LogsAreFollowedToTheEndOfTheTrial) {
  Process run(folder.path(), {"run", "t.yaml", "--set", "limits.trials=1"});
  ASSERT_TRUE(run.read_until("trial 0 starts"));
  Process logs(folder.path(), {"logs", "0", "-f"});
  ASSERT_TRUE(logs.read_until("loss: 0.5"));
  gate.let_through();
  EXPECT_EQ(run.wait().code, 0);
  const auto ended = logs.wait();
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.out, "loss: 0.5\npassed\n");
}

TEST_F(Waiting, FirstInterruptLetsRunningTrialsFinish) {
  Process run(folder.path(), {"run", "t.yaml"});
  ASSERT_TRUE(run.read_until("trial 0 starts"));
  run.signal(SIGINT);
  ASSERT_TRUE(run.read_until("no new trials"));
  gate.let_through();
  const auto ended = run.wait();
  EXPECT_EQ(ended.code, 130);
  EXPECT_THAT(ended.err, HasSubstr("next: hpo run t.yaml   (goes on)"));
  EXPECT_EQ(folder.hpo({"status", "--json"}).json()["state"], "interrupted");
  EXPECT_EQ(folder.hpo({"status", "--json"}).json()["counts"]["complete"], 1);
}

TEST_F(Waiting, TerminationStopsAndTheNextRunGoesOn) {
  Process run(folder.path(), {"run", "t.yaml"});
  ASSERT_TRUE(run.read_until("trial 0 starts"));
  run.signal(SIGTERM);
  EXPECT_EQ(run.wait().code, 143);
  folder.write("train.sh", "echo 'loss: 0.25'\n");
  EXPECT_EQ(folder.hpo({"run", "t.yaml"}).code, 0);
  EXPECT_EQ(folder.hpo({"status", "--json"}).json()["counts"]["complete"], 2);
}

TEST_F(Waiting, StopsFromElsewhere) {
  Process run(folder.path(), {"run", "t.yaml"});
  ASSERT_TRUE(run.read_until("trial 0 starts"));
  const auto drained = folder.hpo({"stop"});
  EXPECT_EQ(drained.code, 0);
  EXPECT_THAT(drained.err, AllOf(HasSubstr(std::to_string(run.pid())), HasSubstr("will finish"),
                                 HasSubstr("--now")));
  const auto stopped = folder.hpo({"stop", "script", "--now", "--json"});
  EXPECT_EQ(stopped.code, 0);
  EXPECT_EQ(stopped.json()["action"], "ended");
  EXPECT_EQ(run.wait().code, 130);
  const auto again = folder.hpo({"stop"});
  EXPECT_EQ(again.code, 0);
  EXPECT_THAT(again.err, HasSubstr("is not running"));
}

}  // namespace
}  // namespace hpo::cli
