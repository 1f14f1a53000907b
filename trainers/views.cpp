#include "trainers/views.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cmath>
#include <vector>

#include "objectives/error.h"

namespace hpo {
namespace {

/// Each view, and behind it its mirror image.
std::vector<View> with_mirrors(const std::vector<View>& plain) {
  std::vector<View> all;
  for (View view : plain) {
    all.push_back(view);
    view.mirrored = true;
    all.push_back(view);
  }
  return all;
}

std::vector<View> five_crops() {
  constexpr double kSide = 0.85;
  std::vector<View> views = {{}};
  for (const double top : {0.0, 1.0}) {
    for (const double left : {0.0, 1.0}) views.push_back({.side = kSide, .top = top, .left = left});
  }
  views.push_back({.side = kSide, .top = 0.5, .left = 0.5});
  return views;
}

/// Crops of many sizes at many places: what a network without ImageNet's experience needs to learn
/// a bird instead of its background.
std::vector<View> many_crops() {
  constexpr double kStep = 0.05;
  constexpr int kSides = 6;
  constexpr int kPlaces = 11;
  std::vector<View> views = {{}};
  for (int i = 1; i <= kSides; ++i) {
    for (int y = 0; y < kPlaces; ++y) {
      for (int x = 0; x < kPlaces; ++x) {
        views.push_back(
            {.side = 1 - kStep * i, .top = y / (kPlaces - 1.0), .left = x / (kPlaces - 1.0)});
      }
    }
  }
  return views;
}

}  // namespace

std::span<const View> views_of(std::string_view augment) {
  static const std::vector<View> none = {{}};
  static const std::vector<View> flip = with_mirrors(none);
  static const std::vector<View> zoom = with_mirrors(five_crops());
  static const std::vector<View> crop = with_mirrors(many_crops());
  if (augment == "none") return none;
  if (augment == "flip") return flip;
  if (augment == "zoom") return zoom;
  check(augment == "crop", "every augmentation has views");
  return crop;
}

at::Tensor show(const at::Tensor& photos, const View& view) {
  at::Tensor x = photos;
  if (view.side < 1) {
    const std::int64_t size = x.size(3);
    const std::int64_t side = std::llround(view.side * static_cast<double>(size));
    const auto rest = static_cast<double>(size - side);
    const std::int64_t top = std::llround(view.top * rest);
    const std::int64_t left = std::llround(view.left * rest);
    x = x.slice(2, top, top + side).slice(3, left, left + side);
    x = at::upsample_bilinear2d(x.contiguous(), {size, size}, false);
  }
  return view.mirrored ? x.flip({3}) : x;
}

std::string name_of(const View& view) {
  return fmt::format("side {:.2f} at {:.1f}, {:.1f}{}", view.side, view.top, view.left,
                     view.mirrored ? ", mirrored" : "");
}

}  // namespace hpo
