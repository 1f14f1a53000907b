#include "engine/cli/redrawn_lines.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/cli/text.h"

namespace hpo::cli {

std::string RedrawnLines::draw(const std::vector<std::string>& lines, int columns) {
  std::string text = begin(columns);
  widths_.clear();
  for (const auto& line : lines) {
    text += line + "\033[K\n";
    widths_.push_back(display_width(line));
  }
  return text + "\033[J";
}

std::string RedrawnLines::erase(int columns) {
  const std::string text = begin(columns) + "\033[J";
  widths_.clear();
  return text;
}

/// To the first line, which a narrower window has wrapped by now.
std::string RedrawnLines::begin(int columns) const {
  int rows = 0;
  for (const int width : widths_) rows += 1 + std::max(0, width - 1) / columns;
  return rows > 0 ? fmt::format("\r\033[{}A", rows) : "\r";
}

}  // namespace hpo::cli
