#pragma once

#include <string>
#include <vector>

namespace hpo::cli {

constexpr const char* kHideCursor = "\033[?25l";
constexpr const char* kShowCursor = "\033[?25h";

/// Lines on a terminal that are drawn again in their place, as text to write at once.
class RedrawnLines {
 public:
  /// Lines are overwritten one by one and the rest cleared, so nothing flickers. None of `lines`
  /// is wider than the window of so many columns.
  std::string draw(const std::vector<std::string>& lines, int columns);
  /// Moves to where the lines begin and clears from there. What the terminal echoed after them
  /// (`^C`) stands in the row below and goes too.
  std::string erase(int columns);

 private:
  [[nodiscard]] std::string begin(int columns) const;

  std::vector<int> widths_ = {};  ///< of the lines on the screen
};

}  // namespace hpo::cli
