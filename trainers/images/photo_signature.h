#pragma once

#include <array>

#include "trainers/images/image.h"

namespace hpo {

/// What a photo looks like from afar: its grey at 16 × 16, moved to mean 0 and scaled to length 1
/// (all 0 where the photo is plain).
using PhotoSignature = std::array<float, 256>;

PhotoSignature photo_signature(const Image& photo);

/// The correlation of both, -1 to 1: near 1 for copies that were resized or saved again. Bits that
/// say which pixel is brighter (a difference hash) did not tell copies apart: in plain sky or
/// water noise decides them.
float resemblance(const PhotoSignature& a, const PhotoSignature& b);

}  // namespace hpo
