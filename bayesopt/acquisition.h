#pragma once

#include <Eigen/Core>
#include <optional>

#include "bayesopt/gaussian_process.h"

namespace hpo {

/// The logarithm of the expected improvement, averaged over the model's fantasies, plus that of the
/// probability that a point can be evaluated, where failures were seen. In units of the transformed
/// objective; to be maximised.
class Acquisition {
 public:
  /// `model` is conditioned on the observations and, with trials pending, on fantasies at them.
  /// `feasibility`: the latent process of a classifier of trials that could be evaluated (+1).
  /// `feasibility_weight`: the power of that probability; above 1 where most trials fail.
  explicit Acquisition(GaussianProcess model, std::optional<GaussianProcess> feasibility = {},
                       double feasibility_weight = 1);

  /// At the rows of X (m×d): m values.
  [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& X) const;
  /// At x, with its gradient (d).
  [[nodiscard]] double value(const Point& x, Eigen::VectorXd& gradient) const;

  [[nodiscard]] const GaussianProcess& model() const { return model_; }
  /// What is to be improved on, for each set of fantasies.
  [[nodiscard]] const Eigen::VectorXd& incumbents() const { return incumbents_; }
  /// The probability that x can be evaluated; 1 where no failure was seen.
  [[nodiscard]] double feasibility(const Point& x) const;

 private:
  GaussianProcess model_;
  std::optional<GaussianProcess> feasibility_;
  double feasibility_weight_;
  Eigen::VectorXd incumbents_;  // S
};

}  // namespace hpo
