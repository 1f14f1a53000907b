// What a recorded end means; the ends that a test cannot bring about are written here by hand.

#include "engine/execution/attempt_end.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/engine/execution/trial_room.h"

namespace hpo::execution {
namespace {

using supervision::ExitRecord;
using supervision::Stop;
using testing::HasSubstr;

TrialOutcome outcome(const ExitRecord& record) {
  const TrialRoom room;
  const TrialDirectory directory = room.directory();
  return outcome_of({.spec = room.config.trial, .directory = directory}, record);
}

TEST(AttemptEnd, AKillByTheKernelForWantOfMemoryIsOom) {
  const auto killed = outcome({.signal = SIGKILL, .oom_kills = 1});
  EXPECT_EQ(killed.failure, FailureClass::oom);
  EXPECT_THAT(killed.reason, HasSubstr("out of memory"));
  EXPECT_EQ(outcome({.code = 137, .oom_kills = 2}).failure, FailureClass::oom);  // of a shell
}

TEST(AttemptEnd, AnotherTrialsWantOfMemoryIsNotThisOnes) {
  EXPECT_EQ(outcome({.code = 1, .oom_kills = 1}).failure, FailureClass::exit_code);
  EXPECT_EQ(outcome({.signal = SIGSEGV, .oom_kills = 1}).failure, FailureClass::signal);
  EXPECT_EQ(outcome({.oom_kills = 1}).state, TrialState::complete);
}

TEST(AttemptEnd, AStopCountsWhateverTheProgramMadeOfIt) {
  for (const int code : {0, 1, 143}) {
    EXPECT_EQ(outcome({.code = code, .stop = Stop::pruned}).state, TrialState::pruned);
    for (const auto stop : {Stop::resume, Stop::kill, Stop::signal}) {
      EXPECT_EQ(outcome({.code = code, .stop = stop}).state, TrialState::waiting);
    }
  }
}

TEST(AttemptEnd, WantOfRoomOnADiskIsNotTheConfigurationsFault) {
  const TrialRoom room;
  const TrialDirectory directory = room.directory();
  std::filesystem::create_directories(directory.root);
  std::ofstream(directory.log(1)) << "OSError: [Errno 28] No space left on device: '/elsewhere'\n";
  const auto ended = outcome_of({.spec = room.config.trial, .directory = directory}, {.code = 1});
  EXPECT_EQ(ended.failure, FailureClass::lost);
  EXPECT_THAT(ended.reason, HasSubstr("disk full"));
}

TEST(AttemptEnd, ATimeoutSaysWhetherItTookAKill) {
  EXPECT_EQ(outcome({.timed_out = true}).failure, FailureClass::timeout);
  EXPECT_THAT(outcome({.signal = SIGKILL, .timed_out = true, .killed = true}).reason,
              HasSubstr("killed"));
}

TEST(AttemptEnd, ItsTimeIsTheRecordedOne) {
  EXPECT_EQ(outcome({.ended_ns = 1'500'999'999}).ended_at,
            TimePoint(std::chrono::milliseconds(1'500)));
}

}  // namespace
}  // namespace hpo::execution
