// hpo status --watch beside a running study, on a terminal of its own and through a pipe.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <limits>
#include <optional>

#include "engine/cli/sparkline.h"
#include "tests/cli/gate.h"
#include "tests/cli/hpo_program.h"

namespace hpo::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kHide = "\x1b[?25l";
constexpr const char* kShow = "\x1b[?25h";

bool is_cursor_shown(const std::string& screen) {
  return screen.rfind(kShow) != std::string::npos && screen.rfind(kShow) > screen.rfind(kHide);
}

TEST(Sparkline, ShowsTheShapeInItsRoom) {
  EXPECT_EQ(sparkline({0, 1, 2, 7}, 10, true), "▁▂▃█");
  EXPECT_EQ(sparkline({4, 4}, 10, true), "▅▅");
  EXPECT_EQ(sparkline({0, 9, 1, 9, 2, 9}, 3, false), "---");
  EXPECT_EQ(sparkline({1, std::numeric_limits<double>::infinity(), 0}, 5, false), "^_");
  EXPECT_EQ(sparkline({}, 5, true), "");
}

/// A study whose two trials wait at a gate after two reports.
class Watch : public testing::Test {
 protected:
  Watch() : gate(folder / "gate") {
    folder.write("t.yaml", script_file("{trials: 2, parallel: 2}"));
    folder.write("train.sh", "echo 'loss: 0.9'\necho 'loss: 0.5'\nread line < gate\n");
    run.emplace(folder.path(), std::vector<std::string>{"run", "t.yaml"}, Process::Io::terminal);
    EXPECT_TRUE(run->read_until("loss 0.5"));
  }
  ~Watch() override {
    gate.let_through(2);
    EXPECT_EQ(run->wait().code, 0);
  }
  TestFolder folder;
  Gate gate;
  std::optional<Process> run = {};
};

TEST_F(Watch, RedrawsUntilTheStudyEnds) {
  Process watch(folder.path(), {"status", "--watch"}, Process::Io::terminal);
  ASSERT_TRUE(watch.read_until("2 running"));
  ASSERT_TRUE(watch.read_until("loss 0.5"));
  watch.resize(30, 24);
  ASSERT_TRUE(watch.read_until("…"));
  gate.let_through(2);
  const auto ended = watch.wait();
  EXPECT_EQ(ended.code, 0);
  EXPECT_TRUE(is_cursor_shown(ended.out));
  EXPECT_THAT(ended.out.substr(ended.out.rfind(kShow)),
              AllOf(HasSubstr("finished"), HasSubstr("2 complete")));
}

TEST_F(Watch, GivesTheScreenBackWhateverEndsIt) {
  for (const int signal : {SIGTERM, SIGHUP, SIGQUIT}) {
    Process watch(folder.path(), {"status", "-w"}, Process::Io::terminal);
    ASSERT_TRUE(watch.read_until("loss 0.5"));
    watch.signal(signal);
    const auto ended = watch.wait();
    EXPECT_EQ(ended.code, signal == SIGQUIT ? 130 : 143);
    EXPECT_TRUE(is_cursor_shown(ended.out)) << signal;
  }
  Process watch(folder.path(), {"status", "-w"}, Process::Io::terminal);
  ASSERT_TRUE(watch.read_until("loss 0.5"));
  watch.type("\x03");
  const auto ended = watch.wait();
  EXPECT_EQ(ended.code, 130);
  EXPECT_TRUE(is_cursor_shown(ended.out));
}

TEST_F(Watch, ThroughAPipeItWritesALineForEachChange) {
  Process watch(folder.path(), {"status", "--watch"});
  ASSERT_TRUE(watch.read_until("running: 2 running (of 2)\n"));
  gate.let_through(2);
  const auto ended = watch.wait();
  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.out, AllOf(Not(HasSubstr("\x1b")), HasSubstr("2 complete (of 2)")));
  EXPECT_EQ(folder.hpo({"status", "--watch", "--json"}).code, 2);
}

}  // namespace
}  // namespace hpo::cli
