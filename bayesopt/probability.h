#pragma once

#include <memory>
#include <optional>

#include "bayesopt/acquisition.h"
#include "bayesopt/gaussian_process.h"

namespace hpo {

/// The logarithm of the probability that a point can be evaluated, times a weight.
class SuccessProbability final : public Acquisition {
 public:
  /// `latent`: the process of a classifier of trials that could be evaluated (+1). `weight`: the
  /// power of the probability; above 1 where most trials fail.
  explicit SuccessProbability(GaussianProcess latent, double weight = 1)
      : latent_(std::move(latent)), weight_(weight) {}

  [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& X) const override;
  [[nodiscard]] double value(const Point& x, Eigen::VectorXd& gradient) const override;

  /// The probability itself.
  [[nodiscard]] double probability(const Point& x) const;

 private:
  GaussianProcess latent_;
  double weight_;
};

/// The logarithm of the probability that an observation of the process lies between bounds.
class BoundsProbability final : public Acquisition {
 public:
  /// `model`: of the metric, without fantasies. At least one of the bounds, in its units, lower <
  /// upper.
  BoundsProbability(std::shared_ptr<const GaussianProcess> model, std::optional<double> lower,
                    std::optional<double> upper)
      : model_(std::move(model)), lower_(lower), upper_(upper) {}

  [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& X) const override;
  [[nodiscard]] double value(const Point& x, Eigen::VectorXd& gradient) const override;

 private:
  std::shared_ptr<const GaussianProcess> model_;
  std::optional<double> lower_;
  std::optional<double> upper_;
};

}  // namespace hpo
