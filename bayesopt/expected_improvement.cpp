// Log expected improvement with a plug-in incumbent, averaged over fantasies s = 1..S:
//
//   z_s = (f*_s - mu_s)/sigma,  a = ln (1/S) Σ_s h(z_s) + ln sigma
//   f*_s = min(min_i mu(x_i), min_j f_s(x_j)): fitted observations and the draws at pending points
//   p_s = h(z_s)/Σ h: da/dmu_s = -p_s (Phi/h)(z_s)/sigma,  da/dv = (1 - Σ p_s z_s (Phi/h)(z_s))/2v
//
// Ament et al. (2023), "Unexpected improvements to expected improvement"; Snoek et al. (2012),
// section 3.2, for the average over pending outcomes.

#include "bayesopt/expected_improvement.h"

#include <cmath>

#include "bayesopt/normal.h"

namespace hpo {
namespace {

Eigen::VectorXd incumbents_of(const GaussianProcess& model) {
  const double best = model.fitted().minCoeff();
  if (model.fantasies().size() == 0) return Eigen::VectorXd::Constant(1, best);
  return model.fantasies().colwise().minCoeff().transpose().cwiseMin(best);
}

}  // namespace

double log_mean_exp(Eigen::ArrayXd& a) {
  const double most = a.maxCoeff();
  a = (a - most).exp();
  const double sum = a.sum();
  a /= sum;
  return most + std::log(sum / static_cast<double>(a.size()));
}

ExpectedImprovement::ExpectedImprovement(std::shared_ptr<const GaussianProcess> model)
    : model_(std::move(model)), incumbents_(incumbents_of(*model_)) {}

Eigen::VectorXd ExpectedImprovement::values(const Eigen::MatrixXd& X) const {
  const Posterior posterior = model_->predict(X);
  Eigen::VectorXd a(X.rows());
  for (Eigen::Index i = 0; i < X.rows(); ++i) {
    const double sigma = std::sqrt(posterior.variance[i]);
    Eigen::ArrayXd terms = (incumbents_ - posterior.mean.row(i).transpose()) / sigma;
    terms = terms.unaryExpr(&log_h);
    a[i] = log_mean_exp(terms) + std::log(sigma);
  }
  return a;
}

double ExpectedImprovement::value(const Point& x, Eigen::VectorXd& gradient) const {
  const PointPosterior at = model_->predict_point(x);
  const double sigma = std::sqrt(at.variance);
  const Eigen::ArrayXd z = (incumbents_ - at.mean) / sigma;
  Eigen::ArrayXd p = z.unaryExpr(&log_h);
  const double a = log_mean_exp(p) + std::log(sigma);
  const Eigen::ArrayXd slopes = p * z.unaryExpr(&log_h_slope);
  gradient = model_->gradient(x, at, -slopes / sigma, (1 - (slopes * z).sum()) / (2 * at.variance));
  return a;
}

}  // namespace hpo
