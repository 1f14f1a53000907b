#pragma once

#include <cstdint>
#include <span>

#include "trainers/images/image.h"

namespace hpo {

/// The EXIF orientation of a JPEG, 1 to 8; 1 (upright) where it has none or a senseless one.
int exif_orientation(std::span<const std::uint8_t> jpeg);

/// The image turned and mirrored so that what EXIF calls `orientation` becomes upright.
Image upright(Image image, int orientation);

}  // namespace hpo
