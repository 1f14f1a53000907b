#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "objectives/error.h"
#include "trainers/images/image.h"

namespace hpo {

/// Whether the bytes begin as every PNG does.
bool is_png(std::span<const std::uint8_t> bytes);

/// The PNG's pixels as RGB: grey and palettes are spread over three channels, 16 bits become 8,
/// what is transparent is shown on white, as a browser shows it.
///
/// name: how messages call the data. Error: corrupt, for anything but a whole PNG of at most
/// max_pixels; larger ones are refused before anything is allocated for them.
Result<Image> decode_png(std::span<const std::uint8_t> bytes, std::string_view name,
                         std::int64_t max_pixels);

}  // namespace hpo
