// How a running process is ended, with everything that it started.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/supervisor/lock.h"
#include "tests/engine/execution/trial_room.h"

namespace hpo {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class LocalStop : public testing::Test {
 protected:
  /// Stops the trial at its first report.
  RunResult run_and_cancel(CancelReason reason) {
    const auto runs = room_.executor();
    return run_trial(*runs, {.number = 0}, {}, [&](const Measurement&) {
      runs->cancel_all(reason);
      return ReportDecision::go_on;
    });
  }
  std::string log() { return TrialRoom::read(room_.directory().log(1)); }

  TrialRoom room_;
};

constexpr const char* kNever = "mkfifo $ROOM/never; read x < $ROOM/never; ";

TEST_F(LocalStop, AStoppedTrialMaySaveItsCheckpoint) {
  room_.use_script(std::string("trap 'echo saved; exit 0' TERM; echo loss: 1; ") + kNever);
  EXPECT_EQ(run_and_cancel(CancelReason::stop_and_resume_later).outcome.state, TrialState::waiting);
  EXPECT_THAT(log(), HasSubstr("saved"));
}

TEST_F(LocalStop, AChildOfTheShellMaySaveItsCheckpointToo) {
  room_.write("train.py",
              "import signal, sys\n"
              "def save(*_):\n"
              "  print('saved')\n"
              "  sys.exit(0)\n"
              "signal.signal(signal.SIGTERM, save)\n"
              "print('loss: 1')\n"
              "open('never').read()\n");
  room_.make_fifo("never");
  room_.use_script("python3 train.py; echo not reached");
  EXPECT_EQ(run_and_cancel(CancelReason::stop_and_resume_later).outcome.state, TrialState::waiting);
  EXPECT_EQ(log(), "loss: 1\nsaved\n");
}

TEST_F(LocalStop, AKillGivesNoTime) {
  room_.use_script(std::string("trap 'echo saved' TERM; echo loss: 1; ") + kNever);
  EXPECT_EQ(run_and_cancel(CancelReason::kill).outcome.state, TrialState::waiting);
  EXPECT_EQ(log(), "loss: 1\n");
}

TEST_F(LocalStop, ATrialThatIgnoresSigtermIsKilledAfterTheGracePeriod) {
  room_.config.trial.grace_s = 0.05;
  room_.use_script(
      std::string("trap '' TERM; echo loss: 1; mkfifo $ROOM/never;"
                  "while true; do read x < $ROOM/never; done"));
  const auto result = run_and_cancel(CancelReason::stop_and_resume_later);
  EXPECT_EQ(result.outcome.state, TrialState::waiting);
}

TEST_F(LocalStop, AGentleStopCanBecomeAKill) {
  room_.config.trial.grace_s = 3600;
  room_.use_script(
      "trap 'echo loss: 2' TERM; echo loss: 1; mkfifo $ROOM/never;"
      "while true; do read x < $ROOM/never; done");
  const auto runs = room_.executor();
  const auto result = run_trial(*runs, {.number = 0}, {}, [&](const Measurement&) {
    runs->cancel_all(CancelReason::stop_and_resume_later);
    runs->cancel_all(CancelReason::kill);
    return ReportDecision::go_on;
  });
  EXPECT_EQ(result.outcome.state, TrialState::waiting);
}

TEST_F(LocalStop, NothingIsReportedAfterAStop) {
  room_.use_script(std::string("trap 'echo loss: 2; exit 0' TERM; echo loss: 1; ") + kNever);
  EXPECT_THAT(values_of(run_and_cancel(CancelReason::stop_and_resume_later), "loss"),
              ElementsAre(1));
}

TEST_F(LocalStop, TheTimeoutEndsATrial) {
  room_.config.trial.timeout_s = 0.2;
  room_.use_script(kNever);
  const auto outcome = run_trial(*room_.executor(), {.number = 0}).outcome;
  EXPECT_EQ(outcome.failure, FailureClass::timeout);
  EXPECT_THAT(outcome.reason, HasSubstr("0.2 s"));
}

TEST_F(LocalStop, NothingThatATrialStartedIsLeftBehind) {
  // A child, a daemon in its own session, and one that detached twice; all ignore what they can.
  room_.use_script(
      "mkfifo $ROOM/never; trap '' TERM HUP INT;"
      "sh -c 'echo up; read x < $ROOM/never' &"
      "setsid sh -c 'echo up; read x < $ROOM/never' &"
      "setsid sh -c 'setsid sh -c \"echo up; read x < $ROOM/never\" & exit' ;"
      "while [ $(grep -c up $SAGEMAKER_BASE_DIR/attempt-1.log) -lt 3 ]; do :; done; exit 0");
  EXPECT_EQ(run_trial(*room_.executor(), {.number = 0}).outcome.state, TrialState::complete);
  EXPECT_TRUE(processes_of(room_.directory()).empty());
}

TEST_F(LocalStop, ATrialThatLeavesItsProcessGroupIsStoppedAllTheSame) {
  room_.write("leave.py",
              "import os\n"
              "if os.getpid() == os.getpgid(0):\n"
              "  os.setpgid(0, os.getpgid(os.getppid()))\n"
              "print('loss: 1')\n"
              "open('never').read()\n");
  room_.make_fifo("never");
  room_.config.trial.command = {"python3", "leave.py"};
  EXPECT_EQ(run_and_cancel(CancelReason::stop_and_resume_later).outcome.state, TrialState::waiting);
}

TEST_F(LocalStop, ASignalToTheSupervisorFromSomebodyElseStopsGently) {
  room_.use_script(std::string("trap 'echo saved; exit 0' TERM; echo loss: 1; ") + kNever);
  const auto result = run_trial(*room_.executor(), {.number = 0}, {}, [&](const Measurement&) {
    kill(supervision::lock_holder(room_.directory().root).value_or(0), SIGTERM);
    return ReportDecision::go_on;
  });
  EXPECT_EQ(result.outcome.state, TrialState::waiting);
  EXPECT_THAT(log(), HasSubstr("saved"));
}

TEST_F(LocalStop, AKilledSupervisorLosesTheTrialAndLeavesNothing) {
  room_.use_script(std::string("setsid sh -c 'read x < $ROOM/other' & mkfifo $ROOM/other;"
                               "echo loss: 1; ") +
                   kNever);
  const auto result = run_trial(*room_.executor(), {.number = 0}, {}, [&](const Measurement&) {
    kill(supervision::lock_holder(room_.directory().root).value_or(0), SIGKILL);
    return ReportDecision::go_on;
  });
  EXPECT_EQ(result.outcome.failure, FailureClass::lost);
  EXPECT_TRUE(processes_of(room_.directory()).empty());
  EXPECT_THAT(values_of(result, "loss"), ElementsAre(1));
}

}  // namespace
}  // namespace hpo
