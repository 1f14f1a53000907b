#include "engine/execution/line_splitter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace hpo {
namespace {

using testing::ElementsAre;

/// Lines of a text that arrives in pieces of `piece` bytes.
std::vector<std::string> lines_of(std::string_view text, std::size_t piece) {
  std::vector<std::string> lines;
  LineSplitter splitter;
  const auto keep = [&](std::string_view line) { lines.emplace_back(line); };
  for (std::size_t at = 0; at < text.size(); at += piece) {
    splitter.feed(text.substr(at, piece), keep);
  }
  splitter.finish(keep);
  return lines;
}

TEST(LineSplitter, GivesTheSameLinesHoweverTheBytesArrive) {
  for (std::size_t piece = 1; piece < 12; ++piece) {
    EXPECT_THAT(lines_of("a\n\nbc\nlast", piece), ElementsAre("a", "", "bc", "last")) << piece;
    EXPECT_THAT(lines_of("a\r\nb\r\n", piece), ElementsAre("a", "b")) << piece;
    EXPECT_THAT(lines_of("10%\r20%\r30%\nnext\n", piece), ElementsAre("30%", "next")) << piece;
    EXPECT_THAT(lines_of("done\r\r\n", piece), ElementsAre("done")) << piece;
    EXPECT_THAT(lines_of("\rx\r", piece), ElementsAre("x")) << piece;
  }
}

TEST(LineSplitter, KeepsOnlyTheBeginningOfAnEndlessLine) {
  LineSplitter splitter;
  std::size_t longest = 0;
  int lines = 0;
  const auto measure = [&](std::string_view line) {
    longest = std::max(longest, line.size());
    ++lines;
  };
  const std::string piece(1000, 'x');
  for (int i = 0; i < 10'000; ++i) splitter.feed(piece, measure);
  splitter.feed("\nshort\n", measure);
  EXPECT_EQ(lines, 2);
  EXPECT_EQ(longest, LineSplitter::kLongestLine);
}

TEST(LineSplitter, ALongProgressLineEndsWithWhatWasShownLast) {
  LineSplitter splitter;
  std::vector<std::string> lines;
  const auto keep = [&](std::string_view line) { lines.emplace_back(line); };
  for (int i = 0; i < 20'000; ++i) splitter.feed("\r" + std::to_string(i) + " of 20000", keep);
  splitter.feed("\n", keep);
  EXPECT_THAT(lines, ElementsAre("19999 of 20000"));
}

}  // namespace
}  // namespace hpo
