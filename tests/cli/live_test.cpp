// The live view, on a terminal of its own.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "tests/cli/gate.h"
#include "tests/cli/hpo_program.h"

namespace hpo::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kHide = "\x1b[?25l";
constexpr const char* kShow = "\x1b[?25h";

/// Whether the cursor is visible after everything that was written.
bool is_cursor_shown(const std::string& screen) {
  const auto hidden = screen.rfind(kHide);
  const auto shown = screen.rfind(kShow);
  return hidden == std::string::npos || (shown != std::string::npos && shown > hidden);
}

/// The most lines that a redraw went up.
int most_lines_up(const std::string& screen) {
  int most = 0;
  for (auto at = screen.find("\x1b["); at != std::string::npos; at = screen.find("\x1b[", at + 2)) {
    const auto end = screen.find_first_not_of("0123456789", at + 2);
    if (end == std::string::npos || screen[end] != 'A' || end == at + 2) continue;
    most = std::max(most, std::stoi(screen.substr(at + 2, end - at - 2)));
  }
  return most;
}

class Live : public testing::Test {
 protected:
  Live() : gate(folder / "gate") {
    folder.write("t.yaml", script_file("{trials: 4, parallel: 2}"));
    folder.write("train.sh", "echo 'loss: 0.5'\nread line < gate\n");
  }
  TestFolder folder;
  Gate gate;
};

TEST_F(Live, DrawsInPlaceAndGivesTheCursorBack) {
  Process run(folder.path(), {"run", "t.yaml"}, Process::Io::terminal);
  ASSERT_TRUE(run.read_until("0/4 trials"));
  ASSERT_TRUE(run.read_until("loss 0.5"));
  gate.let_through(4);
  const auto ended = run.wait();
  EXPECT_EQ(ended.code, 0);
  EXPECT_TRUE(is_cursor_shown(ended.out));
  EXPECT_GT(most_lines_up(ended.out), 2);
  EXPECT_LE(most_lines_up(ended.out), 20);
  EXPECT_THAT(ended.out, AllOf(HasSubstr(kHide), HasSubstr("study script ended: 4 trials"),
                               HasSubstr("next: hpo best script")));
}

TEST_F(Live, ThreeInterruptsDrainStopAndKill) {
  folder.write("train.sh", "trap '' TERM\necho 'loss: 0.5'\nread line < gate\n");
  Process run(folder.path(), {"run", "t.yaml"}, Process::Io::terminal);
  ASSERT_TRUE(run.read_until("loss 0.5"));
  run.type("\x03");
  ASSERT_TRUE(run.read_until("Ctrl-C: stop them"));
  run.type("\x03");
  ASSERT_TRUE(run.read_until("Ctrl-C: kill them"));
  run.type("\x03");
  const auto ended = run.wait();
  EXPECT_EQ(ended.code, 130);
  EXPECT_TRUE(is_cursor_shown(ended.out));
  EXPECT_THAT(ended.out, HasSubstr("next: hpo run t.yaml   (goes on)"));
  EXPECT_EQ(folder.hpo({"status", "--json"}).json()["counts"]["running"], 0);
}

TEST_F(Live, GivesTheCursorBackWhenItIsTerminatedOrCrashes) {
  for (const int signal : {SIGTERM, SIGHUP, SIGABRT, SIGQUIT}) {
    const std::string name = "study=s" + std::to_string(signal);
    Process run(folder.path(), {"run", "t.yaml", "--set", name}, Process::Io::terminal);
    ASSERT_TRUE(run.read_until(kHide));
    ASSERT_TRUE(run.read_until("loss 0.5"));
    run.signal(signal);
    const auto ended = run.wait();
    EXPECT_TRUE(is_cursor_shown(ended.out)) << signal;
    EXPECT_EQ(ended.code, signal == SIGTERM || signal == SIGHUP ? 143 : 128 + signal);
    // After a crash the trials still run: the next run adopts them.
    gate.let_through(4);
    EXPECT_EQ(folder.hpo({"run", "t.yaml", "--set", name}).code, 0);
  }
}

TEST_F(Live, AFailureIsPrintedAboveTheView) {
  folder.write("train.sh", "echo out of luck\nexit 1\n");
  Process run(folder.path(), {"run", "t.yaml", "--set", "limits.trials=2"}, Process::Io::terminal);
  const auto ended = run.wait();
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.out, AllOf(HasSubstr("trial 0 failed"), HasSubstr("    | out of luck\r\n")));
  EXPECT_TRUE(is_cursor_shown(ended.out));
}

TEST_F(Live, WithoutColourOrOnADumbTerminalThereAreOnlyLines) {
  folder.write("train.sh", "echo 'loss: 0.5'\n");
  for (const Environment& environment :
       {Environment{{"NO_COLOR", "1"}}, Environment{{"TERM", "dumb"}}}) {
    Process run(folder.path(), {"run", "t.yaml", "--fresh"}, Process::Io::terminal, environment);
    const auto ended = run.wait();
    EXPECT_EQ(ended.code, 0);
    EXPECT_THAT(ended.out, AllOf(Not(HasSubstr("\x1b")), HasSubstr("trial 3 complete")));
  }
}

TEST_F(Live, FollowsTheWidthOfTheWindow) {
  Process run(folder.path(), {"run", "t.yaml"}, Process::Io::terminal);
  ASSERT_TRUE(run.read_until("loss 0.5"));
  run.resize(30, 24);
  ASSERT_TRUE(run.read_until("…"));
  gate.let_through(4);
  EXPECT_EQ(run.wait().code, 0);
}

}  // namespace
}  // namespace hpo::cli
