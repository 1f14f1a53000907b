#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "bayesopt/unit_cube.h"

namespace hpo {

/// The points of a space with finitely many configurations, by number.
class FiniteSpace {
 public:
  /// Nothing where the space is continuous or holds more than `at_most` configurations, or where
  /// its conditions' parents alone have more than a million combinations.
  static std::optional<FiniteSpace> of(const UnitCube& cube, std::uint64_t at_most);

  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// Point `index` < size(). Different indices give different points.
  [[nodiscard]] Point at(std::uint64_t index) const;

 private:
  /// Points that agree in all parents, and so in what is active.
  struct Branch {
    Point start = {};         ///< every free coordinate at its level 0
    std::uint64_t first = 0;  ///< index of `start`
  };

  explicit FiniteSpace(const UnitCube& cube) : cube_(&cube) {}
  bool add_branches(std::size_t from, Point& x);
  [[nodiscard]] bool is_free(Eigen::Index i, const Point& x) const;

  const UnitCube* cube_;
  std::vector<Branch> branches_ = {};
  std::uint64_t size_ = 0;
};

}  // namespace hpo
