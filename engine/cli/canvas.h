#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hpo::cli {

/// Character cells to draw on: lines as braille dots, 2 by 4 in a cell (plain `.` where the
/// terminal has no Unicode), and marks of one character over them. (0, 0) is below on the left,
/// (1, 1) above on the right.
class Canvas {
 public:
  Canvas(int columns, int rows, bool has_unicode);

  void line(double x0, double y0, double x1, double y1);
  void mark(double x, double y, const std::string& character);
  /// From the top.
  [[nodiscard]] std::string row(int index) const;

 private:
  void dot(int x, int y);
  int columns_;
  int rows_;
  int dots_x_;  ///< in a cell
  int dots_y_;
  std::vector<std::uint8_t> dots_ = {};  ///< bits of U+2800
  std::vector<std::string> marks_ = {};
};

}  // namespace hpo::cli
