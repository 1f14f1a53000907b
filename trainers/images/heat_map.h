#pragma once

#include <span>

#include "trainers/images/image.h"

namespace hpo {

/// The photo, greyed and tinted by how much each place counts.
///
/// heat: size × size in [0, 1], rows from the top, stretched over the whole photo. 0 leaves the
/// place a dim grey, 1 makes it bright yellow over orange and red.
Image with_heat(const Image& photo, std::span<const float> heat, int size);

/// The photo in the largest size that fits into side × side; never larger than it is.
Image thumbnail(const Image& photo, int side);

}  // namespace hpo
