#pragma once

#include <optional>
#include <vector>

#include "bayesopt/axis.h"
#include "bayesopt/kernel.h"
#include "bayesopt/point.h"
#include "objectives/search_space.h"

namespace hpo {

/// A condition on coordinates: holds where the parent's is one of `coordinates`.
struct Gate {
  Eigen::Index parent = 0;
  std::vector<double> coordinates = {};
};

/// A search space as coordinates. Every point it makes is snapped (its coordinates are those of
/// values) and has exactly the active coordinates.
class UnitCube {
 public:
  explicit UnitCube(SearchSpace space);

  [[nodiscard]] Eigen::Index size() const { return static_cast<Eigen::Index>(axes_.size()); }
  [[nodiscard]] const SearchSpace& space() const { return space_; }
  [[nodiscard]] const Axis& axis(Eigen::Index i) const {
    return axes_[static_cast<std::size_t>(i)];
  }
  /// Indices of coordinates, every parent before its children.
  [[nodiscard]] const std::vector<Eigen::Index>& parents_first() const { return order_; }
  /// Whether some other parameter's condition names this one.
  [[nodiscard]] bool is_parent(Eigen::Index i) const {
    return is_parent_[static_cast<std::size_t>(i)];
  }
  /// Whether the conditions of coordinate i hold at x, whose earlier coordinates are settled.
  [[nodiscard]] bool is_active(Eigen::Index i, const Point& x) const;

  /// The point of u in [0, 1)^d, top-down through the conditions.
  [[nodiscard]] Point from_uniforms(const Eigen::VectorXd& u) const;
  /// Makes x a point after some of its coordinates changed: coordinates that became active are
  /// taken from `fill`, which has a value for all, those that became inactive are marked, all are
  /// snapped.
  void settle(Point& x, const Point& fill) const;

  /// The point of a configuration; nothing where it does not lie in the space.
  [[nodiscard]] std::optional<Point> encode(const Configuration& configuration) const;
  /// The configuration of a point: exactly the active parameters, each within its domain.
  [[nodiscard]] Configuration decode(const Point& x) const;

 private:
  SearchSpace space_;
  std::vector<Axis> axes_ = {};
  std::vector<std::vector<Gate>> gates_ = {};
  std::vector<bool> is_parent_ = {};
  std::vector<Eigen::Index> order_ = {};
};

/// How distances are measured along each coordinate of the cube.
Dimensions dimensions_of(const UnitCube& cube);

/// The points as rows of a matrix.
Eigen::MatrixXd rows_of(const std::vector<Point>& points, Eigen::Index dimensions);

}  // namespace hpo
