#pragma once

#include <cstdint>
#include <span>

#include "trainers/images/image.h"

namespace hpo {

/// The image at another size, by a triangle filter that widens with the reduction (antialiased).
///
/// Equal, bit for bit, to Pillow's `resize(size, BILINEAR)` of an RGB image, which torchvision's
/// `antialias=True` approximates. The whole image is used and its aspect ratio given up, as the
/// workshop's Keras loaders do: a bird at the border is never cut off.
Image resize(const Image& image, int width, int height);

/// resize to size × size, written to `out` (size · size · 3 bytes).
void resize_square_into(const Image& image, int size, std::span<std::uint8_t> out);

}  // namespace hpo
