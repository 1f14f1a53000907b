// The supervisor as the arbiter of an attempt, without an engine.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>

#include "engine/execution/trial_inputs.h"
#include "engine/supervisor/records.h"
#include "tests/engine/execution/child_process.h"
#include "tests/engine/execution/trial_room.h"
#include "tests/support/paths.h"

namespace hpo::supervision {
namespace {

namespace fs = std::filesystem;

class Supervisor : public testing::Test {
 protected:
  Supervisor() { fs::create_directories(root()); }

  [[nodiscard]] fs::path root(int number = 0) const { return room_.directory(number).root; }

  /// The file of a job that runs `sh -c script` in the trial's folder.
  fs::path job(const std::string& script, int number = 0) {
    const Job job{.owner = execution::attempt_owner(room_.config.study, {.number = number}),
                  .working_directory = root(number).string(),
                  .arguments = {"sh", "-c", script},
                  .environment = {"PATH=/usr/bin:/bin", "HPO_ATTEMPT=1",
                                  "SAGEMAKER_BASE_DIR=" + root(number).string()}};
    return room_.write("job-" + std::to_string(number), encode(job));
  }
  [[nodiscard]] std::vector<std::string> words(int number = 0) const {
    return {bin_dir() + "/hpo-supervisor", root(number).string(), "1"};
  }
  std::string file(const std::string& name, int number = 0) {
    return TrialRoom::read(root(number) / name);
  }

  TrialRoom room_;
};

TEST(Records, ComeBackAsTheyWere) {
  const Job job{.working_directory = "/a b",
                .arguments = {"sh", "-c", "", "x\ny"},
                .environment = {"A=1", "B="},
                .cpus = {0, 3},
                .timeout_s = 0.25,
                .grace_s = 1e9,
                .removals = {"model"}};
  EXPECT_EQ(decode_job(encode(job)), job);
  const StartRecord start{.pid = 7, .ticks = 1ULL << 60, .boot = "b-1", .started_ns = 5};
  EXPECT_EQ(decode_start(encode(start)), start);
  const ExitRecord end{.failed_step = StartStep::program,
                       .error = 2,
                       .code = 3,
                       .signal = 9,
                       .timed_out = true,
                       .killed = true,
                       .stop = Stop::resume,
                       .oom_kills = 4,
                       .started_ns = 1,
                       .ended_ns = 2,
                       .cpu_s = 0.1,
                       .max_rss_kib = 6};
  EXPECT_EQ(decode_exit(encode(end)), end);
}

TEST(Records, ACutTextIsNone) {
  const std::string end = encode(ExitRecord{.code = 3});
  const std::string job = encode(Job{.working_directory = "/", .arguments = {"true"}});
  for (std::size_t n = 0; n < end.size(); ++n) EXPECT_FALSE(decode_exit(end.substr(0, n))) << n;
  for (std::size_t n = 0; n < job.size(); ++n) EXPECT_FALSE(decode_job(job.substr(0, n))) << n;
  EXPECT_LE(end.size(), kRecordBytes / 2);
}

TEST_F(Supervisor, RecordsTheEndAndWhatItCost) {
  ChildProcess supervisor(
      words(), {.input = job("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; exit 3")});
  EXPECT_EQ(supervisor.wait(), 0);
  const auto record = read_exit(root(), 1);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->code, 3);
  EXPECT_EQ(record->signal, 0);
  EXPECT_GT(record->cpu_s, 0);
  EXPECT_GT(record->max_rss_kib, 0);
  EXPECT_GE(record->ended_ns, record->started_ns);
  EXPECT_EQ(record->started_ns, read_start(root(), 1)->started_ns);
  EXPECT_FALSE(fs::exists(root() / "attempt-1.exit.part"));
}

TEST_F(Supervisor, OfManyForOneAttemptExactlyOneRunsIt) {
  room_.make_fifo("go");
  const fs::path text = job("printf x >> runs; read x < ../../go");
  std::vector<std::unique_ptr<ChildProcess>> all;
  for (int i = 0; i < 12; ++i) {
    all.push_back(std::make_unique<ChildProcess>(words(), ChildProcess::Options{.input = text}));
  }
  room_.write("go", "\n");
  for (const auto& supervisor : all) EXPECT_EQ(supervisor->wait(), 0);
  EXPECT_EQ(file("runs"), "x");
}

TEST_F(Supervisor, AnAttemptThatWasStartedIsNotStartedAgain) {
  const fs::path text = job("printf x >> runs");
  for (int i = 0; i < 3; ++i) {
    ChildProcess supervisor(words(), {.input = text});
    EXPECT_EQ(supervisor.wait(), 0);
  }
  EXPECT_EQ(file("runs"), "x");
}

TEST_F(Supervisor, SaysWhatKeptItFromBeginning) {
  ChildProcess no_job(words());
  EXPECT_EQ(no_job.wait(), EBADMSG);
  fs::remove_all(root());
  ChildProcess no_folder(words(), {.input = job("true")});
  EXPECT_EQ(no_folder.wait(), ENOENT);
}

TEST_F(Supervisor, KilledAtAnySystemCallItNeverRunsATrialTwiceAndLeavesNothing) {
  room_.use_script("cd $SAGEMAKER_BASE_DIR; printf x >> runs");
  constexpr int kStride =
      3;  // entries and exits take turns, so some calls are met before, some after
  bool was_alive = true;
  int number = 0;
  int lost = 0;
  for (int calls = 1; was_alive; calls += kStride, ++number) {
    fs::create_directories(root(number));
    ChildProcess supervisor(words(number), {.input = job("printf x >> runs", number),
                                            .environment = {"ASAN_OPTIONS=detect_leaks=0"},
                                            .traced = true});
    supervisor.wait_for_stop();
    was_alive = supervisor.kill_at_system_call(calls);
    const auto outcome = run_trial(*room_.executor(), {.number = number}).outcome;
    lost += outcome.failure == FailureClass::lost ? 1 : 0;
    ASSERT_TRUE(outcome.state == TrialState::complete || outcome.failure == FailureClass::lost)
        << calls << outcome.reason;
    const std::string runs = file("runs", number);
    ASSERT_TRUE(runs == "x" || (outcome.failure == FailureClass::lost && runs.empty())) << calls;
    ASSERT_TRUE(processes_of(room_.directory(number)).empty()) << calls;
  }
  EXPECT_GT(lost, 5);
  EXPECT_LT(lost, number);
}

}  // namespace
}  // namespace hpo::supervision
