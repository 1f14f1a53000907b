// A diagnostic as text: place and message, the line with a caret, what was expected, the hint.

#include <fmt/format.h>

#include <array>

#include "engine/tuning_config.h"

namespace hpo {
namespace {

/// Of a long line this many characters around the caret are shown.
constexpr std::size_t kWindow = 100;
constexpr std::size_t kBeforeCaret = 60;

struct Glyph {
  std::string text = {};
  int width = 1;  ///< columns on a terminal
};

struct Range {
  char32_t first;
  char32_t last;
};

/// Drawn over the character before them (combining marks, joiners, variation selectors).
constexpr std::array kZeroWidth = {Range{0x300, 0x36F}, Range{0x200B, 0x200F},
                                   Range{0x20D0, 0x20FF}, Range{0xFE00, 0xFE0F},
                                   Range{0xFEFF, 0xFEFF}};
/// East Asian wide characters and emoji, the blocks of Unicode's EastAsianWidth.txt in outline.
constexpr std::array kDoubleWidth = {
    Range{0x1100, 0x115F},   Range{0x2E80, 0xA4CF},  Range{0xAC00, 0xD7A3}, Range{0xF900, 0xFAFF},
    Range{0xFE30, 0xFE6F},   Range{0xFF00, 0xFF60},  Range{0xFFE0, 0xFFE6}, Range{0x1F300, 0x1F64F},
    Range{0x1F900, 0x1F9FF}, Range{0x20000, 0x3FFFD}};

template <std::size_t N>
bool is_in(const std::array<Range, N>& ranges, char32_t c) {
  for (const auto& range : ranges) {
    if (c >= range.first && c <= range.last) return true;
  }
  return false;
}

int width_of(char32_t c) {
  if (is_in(kZeroWidth, c)) return 0;
  return is_in(kDoubleWidth, c) ? 2 : 1;
}

std::size_t length_of(unsigned char lead) {
  if (lead < 0xC0) return 1;
  if (lead < 0xE0) return 2;
  return lead < 0xF0 ? 3 : 4;
}

/// The characters as they are drawn: a tab as a blank, control characters as `?`.
std::vector<Glyph> glyphs_of(const std::string& line) {
  std::vector<Glyph> glyphs;
  for (std::size_t i = 0; i < line.size();) {
    const auto lead = static_cast<unsigned char>(line[i]);
    const std::size_t length = std::min(length_of(lead), line.size() - i);
    if (lead < 0x20 || lead == 0x7F) {
      glyphs.push_back({.text = lead == '\t' ? " " : "?"});
    } else {
      char32_t c = length == 1 ? lead : lead & (0xFFU >> (length + 1));
      for (std::size_t k = 1; k < length; ++k) {
        c = (c << 6U) | (static_cast<unsigned char>(line[i + k]) & 0x3FU);
      }
      glyphs.push_back({.text = line.substr(i, length), .width = width_of(c)});
    }
    i += length;
  }
  return glyphs;
}

/// The line and below it the caret, both behind a margin with the line's number.
std::string excerpt(const Diagnostic& d) {
  const auto glyphs = glyphs_of(d.source);
  const auto caret = std::min(static_cast<std::size_t>(std::max(d.column, 1)) - 1, glyphs.size());
  const bool is_long = glyphs.size() > kWindow;
  const std::size_t begin = is_long && caret > kBeforeCaret ? caret - kBeforeCaret : 0;
  const std::size_t end = is_long ? std::min(glyphs.size(), begin + kWindow) : glyphs.size();
  std::string text = begin > 0 ? "..." : "";
  std::size_t indent = text.size();
  for (std::size_t i = begin; i < end; ++i) {
    if (i < caret) indent += static_cast<std::size_t>(glyphs[i].width);
    text += glyphs[i].text;
  }
  if (end < glyphs.size()) text += "...";
  const std::string number = std::to_string(d.line);
  return fmt::format("\n  {} | {}\n  {:{}} | {:{}}^", number, text, "", number.size(), "", indent);
}

}  // namespace

std::string render(const Diagnostic& d) {
  std::string text = d.file;
  if (d.line > 0) text += fmt::format(":{}:{}", d.line, d.column);
  text += text.empty() ? d.message : ": " + d.message;
  if (d.line > 0) text += excerpt(d);
  if (!d.expected.empty()) text += "\n    expected: " + d.expected;
  if (!d.hint.empty()) text += "\n    hint: " + d.hint;
  return text;
}

}  // namespace hpo
