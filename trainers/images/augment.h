#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace hpo {

/// How far the views of a photo may differ from it.
struct Augmentation {
  bool mirror = false;  ///< left and right
  bool upend = false;   ///< top and bottom too
  double rotation = 0;  ///< up to this share of a full turn, either way
  double crop = 0;      ///< up to this share of each side is cut off
  double colour = 0;    ///< brightness, contrast and saturation change by up to this share
  bool operator==(const Augmentation&) const = default;
};

/// One way to show a photo: a square crop, turned about its centre, stretched to the photo's size.
struct View {
  bool mirrored = false;
  bool upended = false;
  double turn = 0;  ///< counter-clockwise, in full turns; what lies outside is the photo's mirror
  double side = 1;  ///< of the crop, as a share of the photo's
  double top = 0;   ///< 0 at the upper border, 1 at the lower one
  double left = 0;
  double brightness = 1;
  double contrast = 1;
  double saturation = 1;
  bool operator==(const View&) const = default;
};

/// The view that belongs to a seed.
View draw_view(const Augmentation& augmentation, std::uint64_t seed);

/// How many different views there are where `wanted` are asked for (0: ever new ones): 1 without an
/// augmentation, at most 2 or 4 with flips alone.
std::size_t fixed_views(const Augmentation& augmentation, std::size_t wanted);

/// The view number `index` of a photo, the same in every training. 0 is the photo itself.
View fixed_view(const Augmentation& augmentation, std::string_view photo, std::size_t index);

/// Shows an RGB photo of size × size; `out` is as large. Bilinear; colours as torchvision's
/// adjust_brightness, adjust_contrast, adjust_saturation in that order.
void show(std::span<const std::uint8_t> photo, int size, const View& view,
          std::span<std::uint8_t> out);

/// Names the augmentation, and how it is done, in a cache's key.
std::string name_of(const Augmentation& augmentation);

}  // namespace hpo
