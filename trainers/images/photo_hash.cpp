#include "trainers/images/photo_hash.h"

#include <bit>

#include "trainers/images/resize.h"

namespace hpo {
namespace {

constexpr int kSide = 16;

/// Rec. 601 luma in thousandths.
int luma(const std::uint8_t* rgb) { return 299 * rgb[0] + 587 * rgb[1] + 114 * rgb[2]; }

}  // namespace

PhotoHash photo_hash(const Image& photo) {
  const Image small = resize(photo, kSide + 1, kSide);
  PhotoHash hash = {};
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const auto* pixel = small.rgb.data() + rgb_bytes(kSide + 1, y) + rgb_bytes(x, 1);
      const int bit = y * kSide + x;
      if (luma(pixel) > luma(pixel + 3)) {
        hash[static_cast<std::size_t>(bit / 64)] |= std::uint64_t{1} << (bit % 64U);
      }
    }
  }
  return hash;
}

int differing_bits(const PhotoHash& a, const PhotoHash& b) {
  int bits = 0;
  for (std::size_t i = 0; i < a.size(); ++i) bits += std::popcount(a[i] ^ b[i]);
  return bits;
}

}  // namespace hpo
