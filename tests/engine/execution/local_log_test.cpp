// Whatever a trial prints, the engine reads it in bounded memory.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cerrno>
#include <cmath>
#include <fstream>

#include "engine/execution/attempt_log.h"
#include "tests/engine/execution/no_open_files.h"
#include "tests/engine/execution/trial_room.h"

namespace hpo {
namespace {

using testing::ElementsAre;

class LocalLog : public testing::Test {
 protected:
  RunResult run(const std::string& script) {
    room_.use_script(script);
    return run_trial(*room_.executor(), {.number = 0});
  }

  TrialRoom room_;
};

long peak_memory_kib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

TEST_F(LocalLog, ALastLineWithoutNewlineIsRead) {
  EXPECT_THAT(values_of(run("printf 'loss: 2\\nloss: 1'"), "loss"), ElementsAre(2, 1));
}

TEST_F(LocalLog, StdoutAndStderrAreReadInOrder) {
  EXPECT_THAT(values_of(run("echo loss: 1; echo loss: 2 >&2; echo loss: 3"), "loss"),
              ElementsAre(1, 2, 3));
}

TEST_F(LocalLog, ReportsArriveWhileTheTrialRuns) {
  // A FIFO for each word: a second reader of one could still meet the first word's writer.
  for (int i = 0; i < 5; ++i) room_.make_fifo("go-" + std::to_string(i));
  room_.use_script("for i in 0 1 2 3 4; do echo loss: $i; read x < $ROOM/go-$i; done");
  const auto result =
      run_trial(*room_.executor(), {.number = 0}, {}, [&](const Measurement& report) {
        room_.write("go-" + std::to_string(report.step), "\n");
        return ReportDecision::go_on;
      });
  EXPECT_THAT(values_of(result, "loss"), ElementsAre(0, 1, 2, 3, 4));
}

TEST_F(LocalLog, ATrialWhoseLogCannotBeReadIsLost) {
  ASSERT_EQ(run("echo loss: 1").outcome.state, TrialState::complete);
  const auto log = room_.directory().log(1);
  std::filesystem::remove(log);
  std::filesystem::create_symlink(log, log);  // fails to open, for root too
  const auto outcome = run_trial(*room_.executor(), {.number = 0}).outcome;
  EXPECT_EQ(outcome.failure, FailureClass::lost);
  EXPECT_THAT(outcome.reason, testing::HasSubstr("cannot read its log " + log.string()));
}

TEST_F(LocalLog, IsOpenBeforeTheTrialStarts) {
  std::filesystem::create_directories(room_.directory().root);
  execution::AttemptLog log(room_.directory().root, 1, *MetricReader::make({}));
  int reports = 0;
  ASSERT_TRUE(log.create());
  std::ofstream(log.file()) << R"({"metric": "loss", "value": 1, "step": 0})" << std::endl;
  bool was_read = false;
  {
    const NoOpenFiles limit;
    was_read = log.read([&](const Measurement&) { ++reports; });
  }
  EXPECT_TRUE(was_read);
  EXPECT_EQ(reports, 1);
}

TEST_F(LocalLog, IsReadOnceItCanBeOpened) {
  std::filesystem::create_directories(room_.directory().root);
  execution::AttemptLog log(room_.directory().root, 1, *MetricReader::make({}));
  std::ofstream(log.file()) << "text" << std::endl;
  // UBSan opens a pipe the first time it sees a type: the error's are seen before, the assertions
  // wait until there are descriptors again.
  execution::AttemptLog nowhere(room_.directory().root / "none", 1, *MetricReader::make({}));
  EXPECT_FALSE(nowhere.create());
  bool was_read = true;
  int error = 0;
  std::string hint;
  {
    const NoOpenFiles limit;
    was_read = log.read({});
    error = log.error();
    const auto created = log.create();
    hint = created ? "" : created.error().hint;
  }
  EXPECT_FALSE(was_read);
  EXPECT_EQ(error, EMFILE);
  EXPECT_THAT(hint, testing::HasSubstr("ulimit -n"));
  EXPECT_TRUE(log.read({}));
  EXPECT_EQ(log.error(), 0);
}

TEST_F(LocalLog, JsonLinesAndNotANumberAreReports) {
  const auto result = run(
      R"(echo '{"metric": "loss", "value": NaN, "step": 4}'; echo '{"metric": "acc", "value": 0.5}')");
  ASSERT_EQ(result.reports.size(), 2U);
  EXPECT_EQ(result.reports[0].step, 4);
  EXPECT_TRUE(std::isnan(result.reports[0].metrics.at("loss")));
  EXPECT_EQ(result.reports[1].metrics.at("acc"), 0.5);
}

TEST_F(LocalLog, BinaryOutputIsHarmless) {
  const auto result = run("head -c 3000000 /dev/urandom; echo; echo loss: 1; printf '\\0\\0'");
  EXPECT_EQ(result.outcome.state, TrialState::complete);
  EXPECT_EQ(values_of(result, "loss").back(), 1);
}

TEST_F(LocalLog, AnEndlessLineIsReadInBoundedMemory) {
  const long before = peak_memory_kib();
  const auto result = run("head -c 64000000 /dev/zero | tr '\\0' x; echo; echo loss: 1");
  EXPECT_THAT(values_of(result, "loss"), ElementsAre(1));
  EXPECT_LT(peak_memory_kib() - before, 32 * 1024);
}

TEST_F(LocalLog, AHugeLogIsReadInBoundedMemory) {
  const long before = peak_memory_kib();
  const auto result =
      run("echo loss: 2; yes this is what a program says | head -c 64000000; echo;"
          "echo loss: 1");
  EXPECT_THAT(values_of(result, "loss"), ElementsAre(2, 1));
  EXPECT_LT(peak_memory_kib() - before, 32 * 1024);
}

}  // namespace
}  // namespace hpo
