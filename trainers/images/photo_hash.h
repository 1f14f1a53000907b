#pragma once

#include <array>
#include <cstdint>

#include "trainers/images/image.h"

namespace hpo {

/// What a photo looks like in 256 bits: copies that were resized or saved again differ in few.
using PhotoHash = std::array<std::uint64_t, 4>;

/// Difference hash: the photo in grey at 17 × 16, a bit for each pixel that is brighter than its
/// right neighbour (N. Krawetz, "Kind of Like That", 2013, with 16 rows instead of 8).
PhotoHash photo_hash(const Image& photo);

/// Bits in which they differ, 0 to 256. Unrelated photos: about 128.
int differing_bits(const PhotoHash& a, const PhotoHash& b);

}  // namespace hpo
