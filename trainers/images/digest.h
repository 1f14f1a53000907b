#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace hpo {

using Digest = std::array<std::uint8_t, 32>;

/// SHA-256 of the text.
Digest sha256(std::string_view text);

/// Lower-case hexadecimal.
std::string hex(const Digest& digest);

}  // namespace hpo
