// A diagnostic as text: place and message, the line with a caret, what was expected, the hint.

#include <fmt/format.h>

#include <algorithm>

#include "engine/tuning_config.h"
#include "objectives/glyphs.h"

namespace hpo {
namespace {

/// Of a long line this many characters around the caret are shown.
constexpr std::size_t kWindow = 100;
constexpr std::size_t kBeforeCaret = 60;

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
  std::string text = printable(d.file);
  if (d.line > 0) text += fmt::format(":{}:{}", d.line, d.column);
  text += (text.empty() ? "" : ": ") + printable(d.message);
  if (d.line > 0) text += excerpt(d);
  if (!d.expected.empty()) text += "\n    expected: " + printable(d.expected);
  if (!d.hint.empty()) text += "\n    hint: " + printable(d.hint);
  return text;
}

}  // namespace hpo
