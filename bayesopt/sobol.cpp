// Sobol (1967) points: the Gray code of the index selects the direction numbers that are xor-ed.
// Direction numbers: Joe & Kuo (2008), "Constructing Sobol sequences with better two-dimensional
// projections", through Boost's table. Scrambling: Owen (1995), "Randomly permuted (t,m,s)-nets".

#include "bayesopt/sobol.h"

#include <algorithm>
#include <boost/random/sobol.hpp>

#include "objectives/error.h"
#include "objectives/seed.h"

namespace hpo {
namespace {

/// Boost's table ends here. Further dimensions repeat its columns, each with its own scrambling.
constexpr Eigen::Index kColumns = 3667;

/// Flips each bit by a coin that depends on the bits above it: the coins sit in the nodes of a
/// binary tree, which are numbered from 1 as in a heap.
std::uint32_t scrambled(std::uint32_t x, std::uint64_t seed) {
  std::uint32_t flips = 0;
  for (unsigned bit = 0; bit < 32; ++bit) {
    const std::uint64_t above = bit == 0 ? 0 : x >> (32 - bit);
    const std::uint64_t node = (std::uint64_t{1} << bit) | above;
    flips |= static_cast<std::uint32_t>(mix_seed(seed, node) >> 63U) << (31 - bit);
  }
  return x ^ flips;
}

}  // namespace

Sobol::Sobol(Eigen::Index dimensions, std::optional<std::uint64_t> scramble_seed) {
  const auto columns = static_cast<std::size_t>(std::min(dimensions, kColumns));
  boost::random::sobol_engine<std::uint32_t, kBits> engine(columns);
  directions_.resize(static_cast<std::size_t>(dimensions));
  for (unsigned j = 0; j < kBits; ++j) {
    // Point 2^(j+1) - 1 has the Gray code 2^j: it is direction number j. seed(i) makes the engine,
    // which leaves out the origin, give point i + 1 next.
    engine.seed(static_cast<std::uint32_t>((std::uint64_t{1} << (j + 1)) - 2));
    for (std::size_t i = 0; i < columns; ++i) directions_[i][j] = engine();
  }
  for (std::size_t i = columns; i < directions_.size(); ++i) {
    directions_[i] = directions_[i - columns];
  }
  if (!scramble_seed) return;
  for (std::size_t i = 0; i < directions_.size(); ++i) {
    seeds_.push_back(mix_seed(*scramble_seed, i));
  }
}

Eigen::VectorXd Sobol::point(std::uint64_t index) const {
  check(index >> kBits == 0, "Sobol index below 2^32");
  const std::uint64_t gray = index ^ (index >> 1U);
  Eigen::VectorXd u(static_cast<Eigen::Index>(directions_.size()));
  for (std::size_t i = 0; i < directions_.size(); ++i) {
    std::uint32_t x = 0;
    for (unsigned j = 0; j < kBits; ++j) {
      if (((gray >> j) & 1U) != 0) x ^= directions_[i][j];
    }
    // Half a unit of the last bit keeps scrambled points off the origin's faces.
    const double bits = seeds_.empty() ? x : scrambled(x, seeds_[i]) + 0.5;
    u[static_cast<Eigen::Index>(i)] = bits * 0x1p-32;
  }
  return u;
}

}  // namespace hpo
