#pragma once

#include <Eigen/Core>
#include <memory>
#include <vector>

#include "bayesopt/unit_cube.h"

namespace hpo {

/// What is maximised to find the next point: the logarithm of what an evaluation there is worth.
class Acquisition {
 public:
  virtual ~Acquisition() = default;

  /// At the rows of X (m×d): m values.
  [[nodiscard]] virtual Eigen::VectorXd values(const Eigen::MatrixXd& X) const = 0;
  /// At x, with its gradient (d).
  [[nodiscard]] virtual double value(const Point& x, Eigen::VectorXd& gradient) const = 0;
};

/// The logarithm of a product: the sum of its factors' logarithms.
class AcquisitionSum final : public Acquisition {
 public:
  /// At least one term.
  explicit AcquisitionSum(std::vector<std::shared_ptr<const Acquisition>> terms);

  [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& X) const override;
  [[nodiscard]] double value(const Point& x, Eigen::VectorXd& gradient) const override;

 private:
  std::vector<std::shared_ptr<const Acquisition>> terms_;
};

}  // namespace hpo
