// Engines that are killed while a trial runs, and those that come after them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "engine/execution/trial_inputs.h"
#include "engine/supervisor/records.h"
#include "tests/engine/execution/child_process.h"
#include "tests/engine/execution/no_open_files.h"
#include "tests/engine/execution/trial_room.h"
#include "tests/support/paths.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

class Adoption : public testing::Test {
 protected:
  std::vector<std::string> engine(const std::string& script, int number = 0, double timeout_s = 0) {
    room_.use_script(script);
    return {bin_dir() + "/hpo_execution_engine",
            room_.path().string(),
            std::to_string(number),
            "1",
            std::to_string(timeout_s),
            script};
  }
  /// How often the command of a trial was started.
  std::size_t runs_of(int number = 0) {
    return TrialRoom::read(room_ / ("runs-" + std::to_string(number))).size();
  }

  TrialRoom room_;
};

/// Counts its runs, reports once, waits for the test's word, reports once more.
constexpr const char* kTwoReports =
    "printf x >> $ROOM/runs-$HPO_TRIAL; echo loss: 2; read x < $ROOM/go; echo loss: 1";

TEST_F(Adoption, ATrialOutlivesItsKilledEngineAndIsFinishedByTheNext) {
  room_.make_fifo("go");
  ChildProcess first(engine(kTwoReports));
  ASSERT_EQ(first.read_line(), "report 0");
  first.kill_now();
  const auto second = room_.executor();
  EXPECT_TRUE(second->can_adopt({.number = 0}));
  const auto result = run_trial(*second, {.number = 0}, {}, [&](const Measurement& report) {
    if (report.step == 0) room_.write("go", "\n");
    return ReportDecision::go_on;
  });
  EXPECT_EQ(result.outcome.state, TrialState::complete);
  EXPECT_THAT(values_of(result, "loss"), ElementsAre(2, 1));
  EXPECT_EQ(runs_of(), 1U);
}

TEST_F(Adoption, ATrialThatCannotBeLookedAtIsNotTakenForUntouched) {
  room_.make_fifo("go");
  ChildProcess first(engine(kTwoReports));
  ASSERT_EQ(first.read_line(), "report 0");
  first.kill_now();
  const auto second = room_.executor();
  EXPECT_TRUE(second->can_adopt({.number = 0}));  // UBSan, too, has seen its type now
  bool can_adopt = false;
  {
    const NoOpenFiles limit;
    can_adopt = second->can_adopt({.number = 0});
  }
  EXPECT_TRUE(can_adopt);
  room_.write("go", "\n");
  EXPECT_EQ(run_trial(*second, {.number = 0}).outcome.state, TrialState::complete);
  EXPECT_EQ(runs_of(), 1U);
}

TEST_F(Adoption, ATrialOutlivesTheEnginesProcessGroup) {
  room_.make_fifo("go");
  ChildProcess first(engine(kTwoReports));
  ASSERT_EQ(first.read_line(), "report 0");
  first.kill_now(true);  // as `timeout -s KILL` and a terminal that closes do
  room_.write("go", "\n");
  const auto result = run_trial(*room_.executor(), {.number = 0});
  EXPECT_EQ(result.outcome.state, TrialState::complete);
  EXPECT_EQ(runs_of(), 1U);
}

TEST_F(Adoption, ATrialThatEndedWithoutAnEngineIsReadFromItsFolder) {
  room_.make_fifo("go");
  ChildProcess first(engine(kTwoReports));
  ASSERT_EQ(first.read_line(), "report 0");
  first.kill_now();
  room_.write("go", "\n");
  wait_for_supervisor(room_.directory().root);
  const auto start = supervision::read_start(room_.directory().root, 1);
  const auto second = room_.executor();
  EXPECT_TRUE(second->can_adopt({.number = 0}));
  for (int i = 0; i < 2; ++i) {  // as often as one likes
    const auto result = run_trial(*second, {.number = 0});
    EXPECT_EQ(result.outcome.state, TrialState::complete);
    EXPECT_THAT(values_of(result, "loss"), ElementsAre(2, 1));
    EXPECT_LT(result.reports[1].elapsed_s, 60);
    EXPECT_EQ(result.outcome.job, std::to_string(start->pid));
  }
  EXPECT_EQ(runs_of(), 1U);
}

TEST_F(Adoption, TheTimeoutHoldsWithoutAnEngine) {
  room_.make_fifo("go");
  ChildProcess first(engine(kTwoReports, 0, 0.3));
  ASSERT_EQ(first.read_line(), "report 0");
  first.kill_now();
  wait_for_supervisor(room_.directory().root);
  EXPECT_EQ(run_trial(*room_.executor(), {.number = 0}).outcome.failure, FailureClass::timeout);
  EXPECT_EQ(runs_of(), 1U);
}

TEST_F(Adoption, AnAdoptedTrialCanBeStopped) {
  room_.make_fifo("go");
  ChildProcess first(engine(kTwoReports));
  ASSERT_EQ(first.read_line(), "report 0");
  first.kill_now();
  const auto second = room_.executor();
  const auto result = run_trial(*second, {.number = 0}, {}, [&](const Measurement&) {
    second->cancel_all(CancelReason::stop_and_resume_later);
    return ReportDecision::go_on;
  });
  EXPECT_EQ(result.outcome.state, TrialState::waiting);
}

TEST_F(Adoption, WhyATrialWasStoppedIsKnownToTheNextEngine) {
  room_.make_fifo("go");
  room_.use_script(kTwoReports);
  const auto prune = [](const Measurement&) { return ReportDecision::stop; };
  const auto runs = room_.executor();
  EXPECT_EQ(run_trial(*runs, {.number = 0}, {}, prune).outcome.state, TrialState::pruned);
  EXPECT_EQ(run_trial(*room_.executor(), {.number = 0}).outcome.state, TrialState::pruned);
}

TEST_F(Adoption, AnEngineThatEndsLeavesTheTrialRunning) {
  room_.make_fifo("go");
  room_.use_script(kTwoReports);
  const auto runs = room_.executor();
  abandon_trial(*runs, {.number = 0});
  room_.write("go", "\n");
  EXPECT_EQ(run_trial(*runs, {.number = 0}).outcome.state, TrialState::complete);
  EXPECT_EQ(runs_of(), 1U);
}

TEST_F(Adoption, AnAttemptThatNobodySawEndIsLost) {
  room_.use_script("printf x >> $ROOM/runs-0");
  fs::create_directories(room_.directory().root);
  std::ofstream(supervision::start_file(room_.directory().root, 1))
      << encode(supervision::StartRecord{
             .owner = execution::attempt_owner(room_.config.study, {.number = 0}), .pid = 1});
  const auto runs = room_.executor();
  EXPECT_TRUE(runs->can_adopt({.number = 0}));
  EXPECT_EQ(run_trial(*runs, {.number = 0}).outcome.failure, FailureClass::lost);
  EXPECT_EQ(runs_of(), 0U);
  EXPECT_EQ(run_trial(*runs, {.number = 0, .attempt = 2}).outcome.state, TrialState::complete);
  EXPECT_EQ(runs_of(), 1U);
}

TEST_F(Adoption, WorkOfAnotherStudyIsSetAsideNotTakenOver) {
  room_.use_script("printf x >> $ROOM/runs-0; echo loss: 1");
  EXPECT_EQ(run_trial(*room_.executor(), {.number = 0}).outcome.state, TrialState::complete);
  room_.config.study.id = "another";
  const auto runs = room_.executor();
  EXPECT_FALSE(runs->can_adopt({.number = 0}));
  EXPECT_EQ(run_trial(*runs, {.number = 0}).outcome.state, TrialState::complete);
  EXPECT_EQ(runs_of(), 2U);
  EXPECT_TRUE(fs::exists(room_.study_folder() / "0-1/attempt-1.exit"));
}

TEST_F(Adoption, WorkOnAnotherConfigurationIsSetAside) {
  room_.use_script("printf x >> $ROOM/runs-0; echo loss: 1");
  const auto runs = room_.executor();
  run_trial(*runs, {.number = 0, .configuration = {{"x", 1.0}}});
  run_trial(*runs, {.number = 0, .configuration = {{"x", 2.0}}});
  EXPECT_EQ(runs_of(), 2U);
}

TEST_F(Adoption, WorkOfAnotherStudyThatStillRunsIsLeftAlone) {
  room_.make_fifo("go");
  ChildProcess first(engine(kTwoReports));
  ASSERT_EQ(first.read_line(), "report 0");
  first.kill_now();
  room_.config.study.id = "another";
  const auto outcome = run_trial(*room_.executor(), {.number = 0}).outcome;
  EXPECT_EQ(outcome.failure, FailureClass::start);
  EXPECT_THAT(outcome.reason, testing::HasSubstr("still runs another trial in"));
  room_.config.study.id = "5f0c";
  room_.write("go", "\n");
  EXPECT_EQ(run_trial(*room_.executor(), {.number = 0}).outcome.state, TrialState::complete);
  EXPECT_EQ(runs_of(), 1U);
}

TEST_F(Adoption, AnEngineKilledAtAnySystemCallStartsATrialOnce) {
  constexpr int kStride =
      3;  // entries and exits take turns, so some calls are met before, some after
  bool was_alive = true;
  int number = 0;
  for (int calls = 1; was_alive; calls += kStride, ++number) {
    const std::string script = "printf x >> $ROOM/runs-$HPO_TRIAL; echo loss: 1";
    ChildProcess first(engine(script, number),
                       {.environment = {"HPO_TEST_TRACED=1", "ASAN_OPTIONS=detect_leaks=0"}});
    first.wait_for_stop();
    was_alive = first.kill_at_system_call(calls);
    const auto result = run_trial(*room_.executor(), {.number = number});
    ASSERT_EQ(result.outcome.state, TrialState::complete) << calls << result.outcome.reason;
    ASSERT_THAT(values_of(result, "loss"), ElementsAre(1)) << calls;
    ASSERT_EQ(runs_of(number), 1U) << calls;
  }
  EXPECT_GT(number, 20);
}

}  // namespace
}  // namespace hpo
