#pragma once

#include <Eigen/Core>
#include <vector>

#include "bayesopt/random_stream.h"
#include "bayesopt/unit_cube.h"

namespace hpo {

/// How wide the kernels of a ParzenEstimator are, and what the uniform one weighs.
struct ParzenOptions {
  double widest = 0.2;  ///< bandwidth of a single kernel
  double spread = 0;  ///< bandwidth in standard deviations of the centres; 0: only `widest` counts
  double prior_weight = 1;
};

/// A density over the points of a space: a mixture of one product kernel for each centre and a
/// uniform one. Kernels are Gaussians cut off at the bounds, their masses per value where few
/// values are ordered, and smoothed counts where values have no order.
///
/// Conditions need no models of their own: a kernel whose centre lacks a coordinate is uniform
/// along it, so a choice and what depends on it are drawn together.
class ParzenEstimator {
 public:
  /// `weights`: of the centres, positive. `cube` must outlive the estimator.
  ParzenEstimator(const UnitCube& cube, const std::vector<const Point*>& centres,
                  Eigen::ArrayXd weights, const ParzenOptions& options);

  /// A point of the space, snapped, which agrees with `given` in the coordinates that it has
  /// (parents of all it has among them).
  [[nodiscard]] Point sample(const Point& given, RandomStream& random) const;
  /// ln of the density at a point of the space, marginal over coordinates that x lacks; of a mass,
  /// along coordinates of few values.
  [[nodiscard]] double log_density(const Point& x) const;

 private:
  enum class Kind { gaussian, masses, counts };
  /// The kernels along one coordinate.
  struct Coordinate {
    Kind kind = Kind::gaussian;
    bool is_conditional = false;
    Eigen::ArrayXd mu = {};  ///< centres; kInactive where a centre lacks the coordinate
    double bandwidth = 1;
    double log_uniform = 0;                ///< ln of the uniform kernel
    Eigen::ArrayXd log_z = {};             ///< gaussian: ln of each kernel's integral over [0, 1]
    Eigen::ArrayXXd log_masses = {};       ///< masses: of a row's value around a column's
    std::vector<Eigen::Index> level = {};  ///< masses, counts: centres' values; -1 where lacking
    double log_same = 0;                   ///< counts: ln of the share of a centre's own value
    double log_other = 0;                  ///< counts: ln of the share of every other
  };

  [[nodiscard]] Coordinate coordinate(Eigen::Index i, const std::vector<const Point*>& centres,
                                      double D) const;
  [[nodiscard]] double bandwidth(const Coordinate& along, double n, double D) const;
  [[nodiscard]] static double draw(const Coordinate& along, const Axis& axis, Eigen::Index kernel,
                                   RandomStream& random);
  /// Every kernel's part of the density at x, its weight in it; the uniform one's last.
  [[nodiscard]] Eigen::ArrayXd log_kernels(const Point& x) const;
  static void add_listed(const Coordinate& along, Eigen::Index value, Eigen::ArrayXd& sums);

  const UnitCube& cube_;
  ParzenOptions options_;
  Eigen::ArrayXd weights_;
  double total_weight_ = 1;
  Eigen::ArrayXd log_weights_ = {};
  Eigen::ArrayXd log_base_ = {};  ///< the same, less ln Z along what every point has
  std::vector<Coordinate> coordinates_ = {};
};

}  // namespace hpo
