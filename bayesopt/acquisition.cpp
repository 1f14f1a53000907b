// Log expected improvement with a plug-in incumbent, averaged over fantasies s = 1..S:
//
//   z_s = (f*_s - mu_s)/sigma,  a = ln (1/S) Σ_s h(z_s) + ln sigma + c ln Phi(u)
//   f*_s = min(min_i mu(x_i), min_j f_s(x_j)): fitted observations and the draws at pending points
//   u = mu_c/sqrt(1 + v_c): the classifier's latent process with its probit likelihood, c: weight
//   p_s = h(z_s)/Σ h: da/dmu_s = -p_s (Phi/h)(z_s)/sigma,  da/dv = (1 - Σ p_s z_s (Phi/h)(z_s))/2v
//
// Ament et al. (2023), "Unexpected improvements to expected improvement"; Snoek et al. (2012),
// section 3.2, for the average over pending outcomes; Gelbart et al. (2014), "Bayesian optimization
// with unknown constraints", for the product with the probability of success.

#include "bayesopt/acquisition.h"

#include <cmath>

#include "bayesopt/normal.h"

namespace hpo {
namespace {

/// ln (1/S) Σ_s exp(a_s), and in `a` the weights exp(a_s)/Σ.
double log_mean_exp(Eigen::ArrayXd& a) {
  const double most = a.maxCoeff();
  a = (a - most).exp();
  const double sum = a.sum();
  a /= sum;
  return most + std::log(sum / static_cast<double>(a.size()));
}

Eigen::VectorXd incumbents_of(const GaussianProcess& model) {
  const double best = model.fitted().minCoeff();
  if (model.fantasies().size() == 0) return Eigen::VectorXd::Constant(1, best);
  return model.fantasies().colwise().minCoeff().transpose().cwiseMin(best);
}

}  // namespace

Acquisition::Acquisition(GaussianProcess model, std::optional<GaussianProcess> feasibility,
                         double feasibility_weight)
    : model_(std::move(model)),
      feasibility_(std::move(feasibility)),
      feasibility_weight_(feasibility_weight),
      incumbents_(incumbents_of(model_)) {}

Eigen::VectorXd Acquisition::values(const Eigen::MatrixXd& X) const {
  const Posterior posterior = model_.predict(X);
  Eigen::VectorXd a(X.rows());
  for (Eigen::Index i = 0; i < X.rows(); ++i) {
    const double sigma = std::sqrt(posterior.variance[i]);
    Eigen::ArrayXd terms = (incumbents_ - posterior.mean.row(i).transpose()) / sigma;
    terms = terms.unaryExpr(&log_h);
    a[i] = log_mean_exp(terms) + std::log(sigma);
  }
  if (!feasibility_) return a;
  const Posterior labels = feasibility_->predict(X);
  for (Eigen::Index i = 0; i < X.rows(); ++i) {
    a[i] +=
        feasibility_weight_ * log_normal_cdf(labels.mean(i, 0) / std::sqrt(1 + labels.variance[i]));
  }
  return a;
}

double Acquisition::value(const Point& x, Eigen::VectorXd& gradient) const {
  const PointPosterior at = model_.predict_point(x);
  const double sigma = std::sqrt(at.variance);
  const Eigen::ArrayXd z = (incumbents_ - at.mean) / sigma;
  Eigen::ArrayXd p = z.unaryExpr(&log_h);
  double a = log_mean_exp(p) + std::log(sigma);
  const Eigen::ArrayXd slopes = p * z.unaryExpr(&log_h_slope);
  gradient = model_.gradient(x, at, -slopes / sigma, (1 - (slopes * z).sum()) / (2 * at.variance));
  if (!feasibility_) return a;

  const PointPosterior label = feasibility_->predict_point(x);
  const double v = 1 + label.variance;
  const double u = label.mean[0] / std::sqrt(v);
  const double slope = feasibility_weight_ * log_normal_cdf_slope(u);
  const Eigen::VectorXd c = Eigen::VectorXd::Constant(1, slope / std::sqrt(v));
  gradient += feasibility_->gradient(x, label, c, -slope * u / (2 * v));
  return a + feasibility_weight_ * log_normal_cdf(u);
}

double Acquisition::feasibility(const Point& x) const {
  if (!feasibility_) return 1;
  const Posterior label = feasibility_->predict(x.transpose());
  return normal_cdf(label.mean(0, 0) / std::sqrt(1 + label.variance[0]));
}

}  // namespace hpo
