#pragma once

#include <cstdint>

namespace hpo {

/// Mixes a stream's number into a seed: equal arguments give equal seeds, others unrelated ones.
///
/// The finaliser of splitmix64 (Steele, Lea, Flood 2014), applied to the Weyl step of `stream`.
constexpr std::uint64_t mix_seed(std::uint64_t seed, std::uint64_t stream) {
  std::uint64_t z = seed + (stream + 1) * 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31U);
}

}  // namespace hpo
