#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

#include "objectives/seed.h"

namespace hpo {

/// What random numbers are drawn for: each purpose has its own stream of a seed.
enum class Purpose : std::uint64_t {
  configuration = 1,
  scramble,
  unseen,
  candidates,
  perturbations,
  neighbours,
  fill,
  fantasies,
  prior_draws,
  indices,
  posterior_draws,
};

/// The seed of one purpose's stream.
constexpr std::uint64_t seed_for(std::uint64_t seed, Purpose purpose) {
  return mix_seed(seed, static_cast<std::uint64_t>(purpose));
}

/// Random numbers whose bits do not depend on the standard library: only the engine, which the
/// standard fixes, is the library's.
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, Purpose purpose) : engine_(seed_for(seed, purpose)) {}

  /// Uniform in (0, 1): 52 random bits and a half, so neither end comes.
  double uniform() { return (static_cast<double>(engine_() >> 12U) + 0.5) * 0x1p-52; }

  /// Uniform in {0, ..., count - 1}; count > 0. The bias is below count / 2^64.
  std::uint64_t index(std::uint64_t count) { return engine_() % count; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace hpo
