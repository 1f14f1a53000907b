#pragma once

#include <Eigen/Core>
#include <memory>

#include "bayesopt/acquisition.h"
#include "bayesopt/gaussian_process.h"

namespace hpo {

/// The logarithm of the expected improvement, averaged over the model's fantasies. In units of the
/// transformed objective.
class ExpectedImprovement final : public Acquisition {
 public:
  /// `model` is conditioned on the observations and, with trials pending, on fantasies at them. The
  /// best of both is improved on.
  explicit ExpectedImprovement(std::shared_ptr<const GaussianProcess> model);
  explicit ExpectedImprovement(GaussianProcess model)
      : ExpectedImprovement(std::make_shared<const GaussianProcess>(std::move(model))) {}
  /// `incumbents`: what is improved on, for each set of fantasies.
  ExpectedImprovement(std::shared_ptr<const GaussianProcess> model, Eigen::VectorXd incumbents)
      : model_(std::move(model)), incumbents_(std::move(incumbents)) {}

  [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& X) const override;
  [[nodiscard]] double value(const Point& x, Eigen::VectorXd& gradient) const override;

  [[nodiscard]] const Eigen::VectorXd& incumbents() const { return incumbents_; }

 private:
  std::shared_ptr<const GaussianProcess> model_;
  Eigen::VectorXd incumbents_;  // S
};

/// ln (1/S) Σ_s exp(a_s), and in `a` the weights exp(a_s)/Σ.
double log_mean_exp(Eigen::ArrayXd& a);

}  // namespace hpo
