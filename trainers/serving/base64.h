#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "objectives/error.h"

namespace hpo::serving {

/// The bytes of base64 text (RFC 4648, line breaks allowed, padding required). Error: usage.
Result<std::vector<std::uint8_t>> decode_base64(std::string_view text);

}  // namespace hpo::serving
