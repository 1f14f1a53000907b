#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace hpo {

/// The Sobol sequence with the direction numbers of Joe and Kuo (2008), point by its index, with
/// Owen's nested uniform scrambling where a seed is given.
class Sobol {
 public:
  /// Without a seed: the plain sequence, whose point 0 is the origin.
  Sobol(Eigen::Index dimensions, std::optional<std::uint64_t> scramble_seed);

  /// Point `index` in [0, 1)^d, in (0, 1)^d where scrambled. index < 2^32.
  [[nodiscard]] Eigen::VectorXd point(std::uint64_t index) const;

 private:
  static constexpr unsigned kBits = 32;
  using DirectionNumbers = std::array<std::uint32_t, kBits>;

  std::vector<DirectionNumbers> directions_;  ///< of each dimension
  std::vector<std::uint64_t> seeds_;          ///< of each dimension's scrambling; empty: none
};

}  // namespace hpo
