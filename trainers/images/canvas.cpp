#include "trainers/images/canvas.h"

#include <cmath>
#include <cstdint>
#include <numbers>
#include <utility>

namespace hpo {
namespace {

constexpr int kLinesPerPixel = 4;  // vertical samples; horizontally the coverage is exact

struct Crossing {
  double x;
  int winding;
};

/// Where the line y meets the path, from left to right.
std::vector<Crossing> crossings(const Path& path, double y) {
  std::vector<Crossing> found;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const Point& p = path[i];
    const Point& q = path[(i + 1) % path.size()];
    if ((p.y <= y) == (q.y <= y)) continue;
    found.push_back({p.x + (y - p.y) / (q.y - p.y) * (q.x - p.x), p.y < q.y ? 1 : -1});
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.x < b.x; });
  return found;
}

int clamped(double value, int limit) {
  return static_cast<int>(std::clamp(value, 0.0, static_cast<double>(limit)));
}

/// One box filter over `count` pixels that lie `step` apart; the ends are continued.
void box_filter(Color* line, int count, std::ptrdiff_t step, int radius,
                std::vector<Color>& scratch) {
  scratch.resize(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) scratch[static_cast<std::size_t>(i)] = line[i * step];
  const auto at = [&](int i) {
    return scratch[static_cast<std::size_t>(std::clamp(i, 0, count - 1))];
  };
  Color sum;
  const auto add = [&sum](const Color& c, float sign) {
    sum = {sum.r + sign * c.r, sum.g + sign * c.g, sum.b + sign * c.b};
  };
  for (int i = -radius; i <= radius; ++i) add(at(i), 1.0F);
  for (int i = 0; i < count; ++i) {
    line[i * step] = scaled(sum, 1.0 / (2 * radius + 1));
    add(at(i + radius + 1), 1.0F);
    add(at(i - radius), -1.0F);
  }
}

std::uint8_t to_byte(float value) {
  return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0F, 1.0F) * 255.0F));
}

}  // namespace

Affine Affine::inverse() const {
  const double det = a * d - b * c;
  return {.a = d / det,
          .b = -b / det,
          .c = -c / det,
          .d = a / det,
          .e = (c * f - d * e) / det,
          .f = (b * e - a * f) / det};
}

Path ellipse(Point center, double rx, double ry, double angle) {
  constexpr int kCorners = 32;
  Path path;
  for (int i = 0; i < kCorners; ++i) {
    const double t = 2.0 * std::numbers::pi * i / kCorners;
    const double x = rx * std::cos(t);
    const double y = ry * std::sin(t);
    path.push_back({center.x + x * std::cos(angle) - y * std::sin(angle),
                    center.y + x * std::sin(angle) + y * std::cos(angle)});
  }
  return path;
}

Path smooth(const Path& through) {
  constexpr int kSteps = 8;
  const std::size_t n = through.size();
  Path path;
  for (std::size_t i = 0; i < n; ++i) {
    const Point& p0 = through[(i + n - 1) % n];
    const Point& p1 = through[i];
    const Point& p2 = through[(i + 1) % n];
    const Point& p3 = through[(i + 2) % n];
    for (int step = 0; step < kSteps; ++step) {
      const double t = static_cast<double>(step) / kSteps;
      const auto along = [t](double v0, double v1, double v2, double v3) {
        return v1 +
               0.5 * t *
                   (v2 - v0 + t * (2 * v0 - 5 * v1 + 4 * v2 - v3 + t * (3 * (v1 - v2) + v3 - v0)));
      };
      path.push_back({along(p0.x, p1.x, p2.x, p3.x), along(p0.y, p1.y, p2.y, p3.y)});
    }
  }
  return path;
}

Path taper(Point from, Point to, double from_width, double to_width) {
  const double length = std::hypot(to.x - from.x, to.y - from.y);
  if (length <= 0.0) return {};
  const double nx = (from.y - to.y) / length / 2.0;
  const double ny = (to.x - from.x) / length / 2.0;
  return {{from.x + nx * from_width, from.y + ny * from_width},
          {to.x + nx * to_width, to.y + ny * to_width},
          {to.x - nx * to_width, to.y - ny * to_width},
          {from.x - nx * from_width, from.y - ny * from_width}};
}

Path transformed(Path path, const Affine& by) {
  for (Point& point : path) point = by(point);
  return path;
}

Color mix(const Color& from, const Color& to, double part) {
  const auto p = static_cast<float>(part);
  return {from.r + p * (to.r - from.r), from.g + p * (to.g - from.g), from.b + p * (to.b - from.b)};
}

Color scaled(const Color& color, double by) {
  const auto f = static_cast<float>(by);
  return {color.r * f, color.g * f, color.b * f};
}

Mask::Mask(const Path& path, int canvas_width, int canvas_height) {
  if (path.empty()) return;
  Point low = path.front();
  Point high = path.front();
  for (const Point& p : path) {
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  left = clamped(std::floor(low.x), canvas_width);
  right = clamped(std::ceil(high.x), canvas_width);
  top = clamped(std::floor(low.y), canvas_height);
  bottom = clamped(std::ceil(high.y), canvas_height);
  coverage_.resize(static_cast<std::size_t>(right - left) * static_cast<std::size_t>(bottom - top));
  for (int line = 0; line < (bottom - top) * kLinesPerPixel; ++line) {
    const int y = top + line / kLinesPerPixel;
    const auto met = crossings(path, top + (line + 0.5) / kLinesPerPixel);
    int winding = 0;
    for (std::size_t i = 0; i + 1 < met.size(); ++i) {
      winding += met[i].winding;
      if (winding != 0) add_span(y, met[i].x, met[i + 1].x, 1.0F / kLinesPerPixel);
    }
  }
}

void Mask::add_span(int y, double from, double to, float weight) {
  from = std::max(from, static_cast<double>(left));
  to = std::min(to, static_cast<double>(right));
  for (int x = static_cast<int>(from); x < to; ++x) {
    const double covered = std::min(to, x + 1.0) - std::max(from, static_cast<double>(x));
    coverage_[index(x, y)] += static_cast<float>(covered) * weight;
  }
}

Image Canvas::image() const {
  Image image{.width = width, .height = height};
  for (const Color& color : pixels) {
    for (const float value : {color.r, color.g, color.b}) image.rgb.push_back(to_byte(value));
  }
  return image;
}

void fill(Canvas& canvas, const Path& path, const Color& color, double opacity, const Mask* clip) {
  const Mask mask(path, canvas.width, canvas.height);
  paint(
      canvas, mask, opacity, [&](int, int) { return color; }, clip);
}

void blur(Canvas& canvas, int radius) {
  std::vector<Color> scratch;
  for (int pass = 0; pass < 3; ++pass) {
    for (int y = 0; y < canvas.height; ++y) {
      box_filter(&canvas.at(0, y), canvas.width, 1, radius, scratch);
    }
    for (int x = 0; x < canvas.width; ++x) {
      box_filter(&canvas.at(x, 0), canvas.height, canvas.width, radius, scratch);
    }
  }
}

}  // namespace hpo
