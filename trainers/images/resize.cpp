// Two passes of a triangle filter in 8.22 fixed point, rounded to bytes between them as Pillow
// does.
//
//   s   source pixels per target pixel           r = max(s, 1)   half width of the filter
//   c   = (i + 1/2)·s                            centre of target i in source pixels
//   w_j = max(0, 1 − |j + 1/2 − c| / r), normalised to sum 1; j from c − r to c + r
//
// P. Heckbert, "Filtered image rescaling", Graphics Gems III (1992).

#include "trainers/images/resize.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "objectives/error.h"

namespace hpo {
namespace {

constexpr int kFractionBits = 22;  // 255 · 2^22 fits into 31 bits with the weights' sum of 1
constexpr std::int32_t kHalf = 1 << (kFractionBits - 1);

/// The source pixels of one target pixel: `count` from `first` on, weights from `weights` on.
struct Window {
  int first = 0;
  int count = 0;
  std::size_t weights = 0;
};

struct Filter {
  std::vector<Window> windows = {};
  std::vector<std::int32_t> weights = {};
};

Filter triangle_filter(int source, int target) {
  const double s = static_cast<double>(source) / target;
  const double r = std::max(s, 1.0);
  Filter filter;
  std::vector<double> w;
  for (int i = 0; i < target; ++i) {
    const double c = (i + 0.5) * s;
    const int first = std::max(static_cast<int>(c - r + 0.5), 0);
    const int end = std::min(static_cast<int>(c + r + 0.5), source);
    double sum = 0.0;
    w.clear();
    for (int j = first; j < end; ++j) {
      w.push_back(std::max(0.0, 1.0 - std::abs((j + 0.5 - c) * (1.0 / r))));
      sum += w.back();
    }
    filter.windows.push_back({first, end - first, filter.weights.size()});
    for (const double weight : w) {
      filter.weights.push_back(
          static_cast<std::int32_t>(0.5 + weight / sum * (1 << kFractionBits)));
    }
  }
  return filter;
}

std::uint8_t to_byte(std::int32_t sum) {
  return static_cast<std::uint8_t>(std::clamp(sum >> kFractionBits, 0, 255));
}

/// One row of `filter.windows.size()` pixels from a row of source pixels.
void resize_row(const std::uint8_t* from, const Filter& filter, std::uint8_t* to) {
  for (const auto& [first, count, offset] : filter.windows) {
    const std::int32_t* w = filter.weights.data() + offset;
    const std::uint8_t* pixel = from + static_cast<std::ptrdiff_t>(first) * 3;
    std::int32_t red = kHalf, green = kHalf, blue = kHalf;
    for (int j = 0; j < count; ++j, pixel += 3) {
      red += w[j] * pixel[0];
      green += w[j] * pixel[1];
      blue += w[j] * pixel[2];
    }
    *to++ = to_byte(red);
    *to++ = to_byte(green);
    *to++ = to_byte(blue);
  }
}

std::vector<std::uint8_t> resize_columns(const Image& image, const Filter& filter, int width) {
  std::vector<std::uint8_t> rows(rgb_bytes(width, image.height));
  for (int y = 0; y < image.height; ++y) {
    resize_row(image.rgb.data() + rgb_bytes(image.width, y), filter,
               rows.data() + rgb_bytes(width, y));
  }
  return rows;
}

void resize_rows(std::span<const std::uint8_t> rows, const Filter& filter, std::size_t row_bytes,
                 std::uint8_t* to) {
  std::vector<std::int32_t> sums(row_bytes);
  for (const auto& [first, count, offset] : filter.windows) {
    std::fill(sums.begin(), sums.end(), kHalf);
    for (int j = 0; j < count; ++j) {
      const std::int32_t w = filter.weights[offset + static_cast<std::size_t>(j)];
      const std::uint8_t* row = rows.data() + static_cast<std::size_t>(first + j) * row_bytes;
      for (std::size_t i = 0; i < row_bytes; ++i) sums[i] += w * row[i];
    }
    for (std::size_t i = 0; i < row_bytes; ++i) to[i] = to_byte(sums[i]);
    to += row_bytes;
  }
}

void resize_into(const Image& image, int width, int height, std::span<std::uint8_t> out) {
  check(image.rgb.size() == rgb_bytes(image.width, image.height) && !image.rgb.empty(),
        "resize of an image without pixels");
  check(width > 0 && height > 0 && out.size() == rgb_bytes(width, height),
        "resize to a buffer of another size");
  // Pillow leaves out a pass that changes nothing.
  std::vector<std::uint8_t> narrowed;
  std::span<const std::uint8_t> rows = image.rgb;
  if (width != image.width) {
    narrowed = resize_columns(image, triangle_filter(image.width, width), width);
    rows = narrowed;
  }
  if (height == image.height) {
    std::memcpy(out.data(), rows.data(), out.size());
    return;
  }
  resize_rows(rows, triangle_filter(image.height, height), rgb_bytes(width, 1), out.data());
}

}  // namespace

Image resize(const Image& image, int width, int height) {
  Image out{.width = width, .height = height};
  out.rgb.resize(rgb_bytes(width, height));
  resize_into(image, width, height, out.rgb);
  return out;
}

void resize_square_into(const Image& image, int size, std::span<std::uint8_t> out) {
  resize_into(image, size, size, out);
}

}  // namespace hpo
