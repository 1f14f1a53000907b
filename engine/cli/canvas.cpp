#include "engine/cli/canvas.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace hpo::cli {
namespace {

/// Bits of the braille patterns by column and row of the dot (Unicode, chapter 21.1).
constexpr std::array<std::array<std::uint8_t, 4>, 2> kBits = {
    {{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}}};

/// U+2800 and the bits, as UTF-8.
std::string braille(std::uint8_t bits) {
  const std::string first = "\xE2";
  return first + static_cast<char>(0xA0 | (bits >> 6)) + static_cast<char>(0x80 | (bits & 0x3F));
}

}  // namespace

Canvas::Canvas(int columns, int rows, bool has_unicode)
    : columns_(std::max(1, columns)),
      rows_(std::max(1, rows)),
      dots_x_(has_unicode ? 2 : 1),
      dots_y_(has_unicode ? 4 : 1) {
  const auto cells = static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_);
  dots_.resize(cells);
  marks_.resize(cells);
}

void Canvas::dot(int x, int y) {
  const int down = rows_ * dots_y_ - 1 - y;
  const auto cell = static_cast<std::size_t>(down / dots_y_ * columns_ + x / dots_x_);
  dots_[cell] |=
      kBits[static_cast<std::size_t>(x % dots_x_)][static_cast<std::size_t>(down % dots_y_)];
}

void Canvas::line(double x0, double y0, double x1, double y1) {
  const double width = columns_ * dots_x_ - 1;
  const double height = rows_ * dots_y_ - 1;
  const int steps =
      static_cast<int>(std::ceil(std::max(std::abs(x1 - x0) * width, std::abs(y1 - y0) * height)));
  for (int k = 0; k <= steps; ++k) {
    const double t = steps == 0 ? 0 : static_cast<double>(k) / steps;
    dot(static_cast<int>(std::lround((x0 + t * (x1 - x0)) * width)),
        static_cast<int>(std::lround((y0 + t * (y1 - y0)) * height)));
  }
}

void Canvas::mark(double x, double y, const std::string& character) {
  // The cell of the dot: so a mark lies on the line that it belongs to.
  const int column = static_cast<int>(std::lround(x * (columns_ * dots_x_ - 1))) / dots_x_;
  const int down =
      (rows_ * dots_y_ - 1 - static_cast<int>(std::lround(y * (rows_ * dots_y_ - 1)))) / dots_y_;
  marks_[static_cast<std::size_t>(down * columns_ + column)] = character;
}

std::string Canvas::row(int index) const {
  std::string text;
  for (int column = 0; column < columns_; ++column) {
    const auto cell = static_cast<std::size_t>(index * columns_ + column);
    if (!marks_[cell].empty()) {
      text += marks_[cell];
    } else if (dots_[cell] == 0) {
      text += ' ';
    } else {
      text += dots_x_ == 1 ? "." : braille(dots_[cell]);
    }
  }
  return text;
}

}  // namespace hpo::cli
