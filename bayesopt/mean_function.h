#pragma once

#include <Eigen/Core>

#include "bayesopt/point.h"

namespace hpo {

/// What is known of an objective before its own results: added to a process's mean.
class MeanFunction {
 public:
  virtual ~MeanFunction() = default;
  /// At the rows of X (m×d): m.
  [[nodiscard]] virtual Eigen::VectorXd values(const Eigen::MatrixXd& X) const = 0;
  /// By the coordinates of x: d.
  [[nodiscard]] virtual Eigen::VectorXd gradient(const Point& x) const = 0;
};

}  // namespace hpo
