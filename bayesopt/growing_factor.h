#pragma once

#include <Eigen/Core>
#include <memory>

#include "bayesopt/kernel.h"
#include "objectives/error.h"

namespace hpo {

/// Which factor is wanted: of the first `base` rows at once, of the others row by row, stored with
/// room for `capacity` rows.
struct FactorPlan {
  Eigen::Index base = 0;
  Eigen::Index capacity = 0;

  bool operator==(const FactorPlan&) const = default;
};

/// L of K + noise = L Lᵀ for the rows of X. Here and below points are warped.
struct Factor {
  FactorPlan plan = {};
  GpParameters parameters = {};
  Eigen::MatrixXd X = {};  ///< n×d, warped
  Eigen::MatrixXd L = {};  ///< capacity², its leading n×n lower triangle
  double jitter = 0;       ///< on the diagonal, relative to the signal variance
};

/// K + noise and its factor; `noise` is n, the whole of what is added to K's diagonal. Error:
/// numerical, if K stays indefinite after jitter 1e-2·signal_variance.
Result<Factor> factorize(const Dimensions& dimensions, const GpParameters& parameters,
                         const Eigen::MatrixXd& X, const Eigen::VectorXd& noise, FactorPlan plan);

/// Keeps the newest factor, which the next one mostly begins with. An extended factor has other
/// last bits than one made at once; so a plan says where the extension starts, and the result
/// depends on the arguments alone, never on what is kept.
class FactorCache {
 public:
  Result<std::shared_ptr<const Factor>> factor(const Dimensions& dimensions,
                                               const GpParameters& parameters,
                                               const Eigen::MatrixXd& X, FactorPlan plan);

 private:
  std::shared_ptr<Factor> kept_ = {};
};

}  // namespace hpo
