#pragma once

#include <ATen/core/Tensor.h>

#include <span>
#include <string>
#include <string_view>

namespace hpo {

/// A way to show a photo: a square crop, stretched to the photo's size, perhaps mirrored.
struct View {
  double side = 1;  ///< of the crop, as a share of the photo's
  double top = 0;   ///< 0 at the upper border, 1 at the lower one
  double left = 0;
  bool mirrored = false;
};

/// The views among which an augmentation draws; the first one is the photo itself. none: 1;
/// flip: 2; zoom: 12, with the corners and the centre at 85 %; crop: 1454, down to 70 %, too many
/// to be kept in a cache. Mirrors are views of their own.
std::span<const View> views_of(std::string_view augment);

/// That view of the photos: N × 3 × S × S in [0, 1], of the same size.
at::Tensor show(const at::Tensor& photos, const View& view);

/// Names the view in a cache's key.
std::string name_of(const View& view);

}  // namespace hpo
