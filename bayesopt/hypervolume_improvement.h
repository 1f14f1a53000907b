#pragma once

#include <Eigen/Core>
#include <array>
#include <memory>
#include <vector>

#include "bayesopt/acquisition.h"
#include "bayesopt/gaussian_process.h"
#include "objectives/pareto.h"

namespace hpo {

/// A part of what a front leaves open: left ≤ y_0 < right, y_1 < top. Of the first left is
/// -infinity.
struct Strip {
  double left = 0;
  double right = 0;
  double top = 0;
};

/// What the points leave open below and left of the reference.
std::vector<Strip> strips_of(const std::vector<ParetoPoint>& points, const ParetoPoint& reference);

/// d ln EHVI by the mean and the standard deviation of both outputs.
struct HypervolumeSlopes {
  std::array<double, 2> by_mean = {};
  std::array<double, 2> by_sigma = {};
};

/// ln of the area that independent normal outputs are expected to add. `slopes` may be null.
double log_hypervolume_improvement(const std::vector<Strip>& strips,
                                   const std::array<double, 2>& mean,
                                   const std::array<double, 2>& sigma, HypervolumeSlopes* slopes);

/// The logarithm of the expected hypervolume improvement of two independent outputs, averaged over
/// the models' fantasies. In units of the transformed objectives, less is better in both.
class HypervolumeImprovement final : public Acquisition {
 public:
  /// `models`: conditioned on the observations and on the same number S of joint draws at the same
  /// further points, or on none. `fronts`: for each draw (one without draws) the front to improve
  /// on, in any order; `reference`: what is worse than it counts for nothing.
  HypervolumeImprovement(std::array<std::shared_ptr<const GaussianProcess>, 2> models,
                         const std::vector<std::vector<ParetoPoint>>& fronts,
                         const ParetoPoint& reference);

  [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& X) const override;
  [[nodiscard]] double value(const Point& x, Eigen::VectorXd& gradient) const override;

 private:
  std::array<std::shared_ptr<const GaussianProcess>, 2> models_;
  std::vector<std::vector<Strip>> strips_;  // S
};

}  // namespace hpo
