#include "trainers/images/heat_map.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "objectives/error.h"
#include "trainers/images/resize.h"

namespace hpo {
namespace {

using Colour = std::array<float, 3>;

/// From cold to hot: the colours of matplotlib's "inferno" at sixths.
constexpr std::array<Colour, 7> kScale = {{{0, 0, 4},
                                           {52, 10, 95},
                                           {120, 28, 109},
                                           {187, 55, 84},
                                           {237, 105, 37},
                                           {252, 176, 32},
                                           {252, 255, 164}}};

Colour colour_of(float heat) {
  const float at = heat * static_cast<float>(kScale.size() - 1);
  const std::size_t below = std::min(static_cast<std::size_t>(at), kScale.size() - 2);
  const float share = at - static_cast<float>(below);
  Colour colour = {};
  for (std::size_t c = 0; c < 3; ++c) {
    colour[c] = (1 - share) * kScale[below][c] + share * kScale[below + 1][c];
  }
  return colour;
}

/// The heat at the centre of a pixel, bilinear between the map's own centres.
float heat_at(std::span<const float> heat, int size, float x, float y) {
  const auto limit = static_cast<float>(size - 1);
  x = std::clamp(x * static_cast<float>(size) - 0.5F, 0.0F, limit);
  y = std::clamp(y * static_cast<float>(size) - 0.5F, 0.0F, limit);
  const int left = std::min(static_cast<int>(x), std::max(size - 2, 0));
  const int top = std::min(static_cast<int>(y), std::max(size - 2, 0));
  const int right = std::min(left + 1, size - 1);
  const int bottom = std::min(top + 1, size - 1);
  const auto value = [&](int row, int column) {
    return heat[static_cast<std::size_t>(row * size + column)];
  };
  const float u = x - static_cast<float>(left);
  const float v = y - static_cast<float>(top);
  const float upper = (1 - u) * value(top, left) + u * value(top, right);
  const float lower = (1 - u) * value(bottom, left) + u * value(bottom, right);
  return std::clamp((1 - v) * upper + v * lower, 0.0F, 1.0F);
}

}  // namespace

Image with_heat(const Image& photo, std::span<const float> heat, int size) {
  check(heat.size() == static_cast<std::size_t>(size) * static_cast<std::size_t>(size),
        "with_heat: a square map");
  constexpr float kGrey = 0.75F;   // the photo under the colours, darker than it is
  constexpr float kCover = 0.65F;  // how much of it the hottest colour covers
  Image out = photo;
  auto* pixel = out.rgb.data();
  for (int y = 0; y < photo.height; ++y) {
    for (int x = 0; x < photo.width; ++x, pixel += 3) {
      const float h =
          heat_at(heat, size, (static_cast<float>(x) + 0.5F) / static_cast<float>(photo.width),
                  (static_cast<float>(y) + 0.5F) / static_cast<float>(photo.height));
      const float grey =
          kGrey * (0.299F * static_cast<float>(pixel[0]) + 0.587F * static_cast<float>(pixel[1]) +
                   0.114F * static_cast<float>(pixel[2]));
      const Colour colour = colour_of(h);
      const float cover = kCover * std::sqrt(h);
      for (std::size_t c = 0; c < 3; ++c) {
        pixel[c] = static_cast<std::uint8_t>((1 - cover) * grey + cover * colour[c] + 0.5F);
      }
    }
  }
  return out;
}

Image thumbnail(const Image& photo, int side) {
  const int longer = std::max(photo.width, photo.height);
  if (longer <= side) return photo;
  const double scale = static_cast<double>(side) / longer;
  const auto scaled = [scale](int pixels) {
    return std::max(1, static_cast<int>(std::lround(scale * pixels)));
  };
  return resize(photo, scaled(photo.width), scaled(photo.height));
}

}  // namespace hpo
