#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hpo {

/// A decoded photo: 8-bit RGB, rows from the top, channels interleaved (height × width × 3).
struct Image {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb = {};

  bool operator==(const Image&) const = default;
};

/// Bytes of a width × height RGB image.
constexpr std::size_t rgb_bytes(int width, int height) {
  return static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3;
}

}  // namespace hpo
