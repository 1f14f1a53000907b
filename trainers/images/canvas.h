#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "trainers/images/image.h"

namespace hpo {

struct Point {
  double x = 0.0;
  double y = 0.0;
};

/// x' = a·x + c·y + e,  y' = b·x + d·y + f.
struct Affine {
  double a = 1.0, b = 0.0, c = 0.0, d = 1.0, e = 0.0, f = 0.0;

  [[nodiscard]] Point operator()(Point p) const {
    return {a * p.x + c * p.y + e, b * p.x + d * p.y + f};
  }
  [[nodiscard]] Affine inverse() const;
};

/// A closed polygon, in pixels; (0, 0) is the upper left corner of the first one.
using Path = std::vector<Point>;

Path ellipse(Point center, double rx, double ry, double angle = 0.0);
/// The closed curve through the points (centripetal enough: uniform Catmull-Rom).
Path smooth(const Path& through);
/// A stroke from one point to the other whose width changes on the way.
Path taper(Point from, Point to, double from_width, double to_width);
Path transformed(Path path, const Affine& by);

/// Red, green and blue in [0, 1], as displayed.
struct Color {
  float r = 0.0F, g = 0.0F, b = 0.0F;
};
Color mix(const Color& from, const Color& to, double part);
Color scaled(const Color& color, double by);

/// How much of each pixel of a rectangle lies in a path (non-zero winding), 0 to 1.
class Mask {
 public:
  Mask(const Path& path, int canvas_width, int canvas_height);

  [[nodiscard]] float at(int x, int y) const {
    const bool inside = x >= left && x < right && y >= top && y < bottom;
    return inside ? coverage_[index(x, y)] : 0.0F;
  }
  int left = 0, top = 0, right = 0, bottom = 0;

 private:
  [[nodiscard]] std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y - top) * static_cast<std::size_t>(right - left) +
           static_cast<std::size_t>(x - left);
  }
  void add_span(int y, double from, double to, float weight);

  std::vector<float> coverage_ = {};
};

/// An image of floats that is painted on.
struct Canvas {
  int width = 0;
  int height = 0;
  std::vector<Color> pixels = {};

  Canvas(int w, int h)
      : width(w), height(h), pixels(static_cast<std::size_t>(w) * static_cast<std::size_t>(h)) {}
  Color& at(int x, int y) {
    return pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                  static_cast<std::size_t>(x)];
  }
  [[nodiscard]] Image image() const;
};

/// Lays shade(x, y) over the canvas where the mask (and the clip, if any) covers it.
template <class Shade>
void paint(Canvas& canvas, const Mask& mask, double opacity, const Shade& shade,
           const Mask* clip = nullptr) {
  for (int y = mask.top; y < mask.bottom; ++y) {
    for (int x = mask.left; x < mask.right; ++x) {
      const float cover = mask.at(x, y) * (clip != nullptr ? clip->at(x, y) : 1.0F);
      if (cover <= 0.0F) continue;
      Color& pixel = canvas.at(x, y);
      pixel = mix(pixel, shade(x, y), static_cast<double>(cover) * opacity);
    }
  }
}

/// The path filled with one colour.
void fill(Canvas& canvas, const Path& path, const Color& color, double opacity = 1.0,
          const Mask* clip = nullptr);

/// Three box filters each way: close to a Gaussian of the same spread.
void blur(Canvas& canvas, int radius);

}  // namespace hpo
