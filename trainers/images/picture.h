#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "objectives/error.h"
#include "trainers/images/image.h"

namespace hpo {

/// The pixels of a JPEG or PNG file, whichever the bytes are: decode_jpeg or decode_png.
Result<Image> decode_picture(std::span<const std::uint8_t> bytes, std::string_view name,
                             std::int64_t max_pixels);

}  // namespace hpo
