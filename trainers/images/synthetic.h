#pragma once

#include <cstdint>

#include "trainers/images/image.h"
#include "trainers/images/species.h"

namespace hpo {

/// A drawn photo, 160 to 256 pixels wide and high, of one bird of the species; the same seed draws
/// the same photo.
Image draw_bird(const Species& kind, std::uint64_t seed);

}  // namespace hpo
