// How a diagnostic looks.

#include <gtest/gtest.h>

#include "tests/engine/config_files.h"

namespace hpo {
namespace {

TEST(Render, ShowsPlaceLineCaretExpectationAndHint) {
  const Diagnostic d{.message = "limits.trilas: unknown key",
                     .expected = "one of trials, parallel",
                     .hint = "did you mean \"trials\"?",
                     .file = "tuning.yaml",
                     .line = 14,
                     .column = 10,
                     .source = "limits: {trilas: 30}"};
  EXPECT_EQ(render(d),
            "tuning.yaml:14:10: limits.trilas: unknown key\n"
            "  14 | limits: {trilas: 30}\n"
            "     |          ^\n"
            "    expected: one of trials, parallel\n"
            "    hint: did you mean \"trials\"?");
}

TEST(Render, NamesTheFlagOfAnOverride) {
  EXPECT_EQ(
      render({.message = "limits.trials: must be >= 1, got 0", .file = "--set limits.trials=0"}),
      "--set limits.trials=0: limits.trials: must be >= 1, got 0");
}

TEST(Render, PutsTheCaretUnderTabsAndWideCharacters) {
  const Diagnostic d{.message = "m", .file = "f", .line = 1, .column = 7, .source = "a:\té鳥 x"};
  EXPECT_EQ(render(d), "f:1:7: m\n  1 | a: é鳥 x\n    |        ^");
}

TEST(Render, DrawsNoControlCharacters) {
  const Diagnostic d{.message = "m", .file = "f", .line = 1, .column = 1, .source = "\x1b[31mred"};
  EXPECT_EQ(render(d), "f:1:1: m\n  1 | ?[31mred\n    | ^");
}

TEST(Render, KeepsAMessageOnItsLine) {
  EXPECT_EQ(render({.message = "parameters.x\n: \x1b", .hint = "a\nb"}),
            "parameters.x\\n: \\x1b\n    hint: a\\nb");
}

TEST(Render, CutsLongLinesAroundTheCaret) {
  const Diagnostic d{.message = "m",
                     .file = "f",
                     .line = 1,
                     .column = 501,
                     .source = std::string(500, 'a') + "X" + std::string(500, 'b')};
  EXPECT_EQ(render(d), "f:1:501: m\n  1 | ..." + std::string(60, 'a') + "X" + std::string(39, 'b') +
                           "...\n    | " + std::string(63, ' ') + "^");
}

TEST(Render, KeepsACaretBehindTheEndOfTheLine) {
  const Diagnostic d{.message = "m", .file = "f", .line = 1, .column = 99, .source = "abc"};
  EXPECT_EQ(render(d), "f:1:99: m\n  1 | abc\n    |    ^");
}

TEST(Render, CountsColumnsInCharacters) {
  const ConfigFolder folder;
  TuningText text;
  text.limits = "limits: {target: \"é\", trials: 0}\n";
  const auto loaded = folder.load(text.text());
  ASSERT_EQ(loaded.errors.size(), 2U);
  EXPECT_EQ(loaded.errors[1].column, 31);
  EXPECT_EQ(loaded.errors[1].source, "limits: {target: \"é\", trials: 0}");
}

}  // namespace
}  // namespace hpo
