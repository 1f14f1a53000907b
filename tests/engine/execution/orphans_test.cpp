// Attempts that run without an engine, as their folders tell.

#include "engine/execution/orphans.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/supervisor/lock.h"
#include "engine/supervisor/records.h"
#include "tests/engine/execution/child_process.h"
#include "tests/engine/execution/trial_room.h"
#include "tests/support/paths.h"

namespace hpo::execution {
namespace {

using supervision::Stop;
using testing::IsEmpty;

Study study_of(TrialState state) {
  Study study;
  study.trials.push_back(std::make_shared<Trial>(Trial{.state = state}));
  return study;
}

class OrphansTest : public testing::Test {
 protected:
  /// Runs the script as trial 0 under an engine that is killed at its first report.
  void orphan(const std::string& script) {
    room_.make_fifo("never");
    ChildProcess engine({bin_dir() + "/hpo_execution_engine", room_.path().string(), "0", "1", "0",
                         script + "echo loss: 1; while :; do read x < $ROOM/never; done"});
    ASSERT_EQ(engine.read_line(), "report 0");
    engine.kill_now();
  }
  [[nodiscard]] std::vector<LiveAttempt> live(TrialState state = TrialState::running) const {
    return live_attempts(room_.study_folder(), study_of(state));
  }
  [[nodiscard]] supervision::ExitRecord end() const {
    return supervision::read_exit(room_.directory().root, 1).value_or(supervision::ExitRecord());
  }

  TrialRoom room_;
};

TEST_F(OrphansTest, ATrialThatWasNeverStartedIsNone) { EXPECT_THAT(live(), IsEmpty()); }

TEST_F(OrphansTest, AreStoppedToGoOnLater) {
  orphan("trap 'exit 0' TERM; ");
  const auto attempts = live();
  ASSERT_EQ(attempts.size(), 1U);
  EXPECT_EQ(attempts[0].trial, 0);
  EXPECT_EQ(attempts[0].supervisor, supervision::lock_holder(room_.directory().root));
  EXPECT_THAT(live(TrialState::complete), IsEmpty());
  EXPECT_TRUE(end_attempts(attempts, CancelReason::stop_and_resume_later));
  EXPECT_THAT(live(), IsEmpty());
  EXPECT_EQ(end().stop, Stop::resume);
  EXPECT_FALSE(end().killed);
  EXPECT_TRUE(end_attempts(attempts, CancelReason::stop_and_resume_later)) << "they have ended";
}

TEST_F(OrphansTest, AreKilledWithoutGrace) {
  orphan("trap '' TERM; ");
  EXPECT_TRUE(end_attempts(live(), CancelReason::kill));
  EXPECT_THAT(live(), IsEmpty());
  EXPECT_EQ(end().stop, Stop::kill);
  EXPECT_TRUE(processes_of(room_.directory()).empty());
}

TEST_F(OrphansTest, OneThatCannotBeReachedIsAnError) {
  orphan("");
  auto attempts = live();
  ASSERT_EQ(attempts.size(), 1U);
  attempts[0].supervisor = 0;  // as a lock of another machine looks
  EXPECT_FALSE(end_attempts(attempts, CancelReason::kill));
  EXPECT_TRUE(end_attempts(live(), CancelReason::kill));
}

}  // namespace
}  // namespace hpo::execution
