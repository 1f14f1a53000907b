// Gaussian process classification by expectation propagation, Rasmussen & Williams (2006), sections
// 3.6 and 5.4.2, all sites updated at once with damping.
//
//   t_i: label ±1,  P(t_i|f_i) = Phi(t_i f_i), approximated by a site exp(nu_i f - tau_i f²/2)
//   mu, v: posterior mean and variance of f_i,  mu_c, v_c: the same without its own site (cavity)
//   z = t mu_c/sqrt(1 + v_c),  r = phi(z)/Phi(z): moments of cavity times likelihood are
//     mu_c + t v_c r/sqrt(1 + v_c)  and  v_c - v_c² r (z + r)/(1 + v_c)
//
// Sites are observations y_i = nu_i/tau_i with noise 1/tau_i, so GaussianProcess is the posterior.
// Σ ln Phi(z_i), each label predicted from the others, chooses the kernel's parameters.
//
// Tried and dropped: regression on the labels (a step from +1 to -1 takes short lengthscales, and
// nothing is learned of what lies behind it) and Laplace's approximation (its variance stays that
// of the prior where labels are clear, so a failed point kept a probability of 0.2 for ever).

#include "bayesopt/classifier.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "bayesopt/fit.h"
#include "bayesopt/normal.h"

namespace hpo {
namespace {

constexpr int kSweeps = 30;
constexpr double kTolerance = 1e-3;  ///< on the change of posterior means
constexpr double kDamping = 0.7;
/// Sites of labels that are clear without them keep this much, so that y stays finite.
constexpr double kLeastPrecision = 1e-8;
/// Of the latent signal variance. Large: a sharp boundary is where a smooth f crosses zero steeply.
constexpr double kSignalCenter = 25;
constexpr double kLogSignalStddev = 1.5;
/// Rounds of single changes to the parameters.
constexpr int kRounds = 2;

/// The Gaussian sites that stand for the labels' likelihoods.
struct Sites {
  Eigen::VectorXd nu;
  Eigen::VectorXd tau;
};

struct Classified {
  GaussianProcess latent;
  double score = 0;  ///< Σ ln of each label's probability given the others, plus ln prior
};

double log_prior(const GpParameters& parameters) {
  const Eigen::Index d = parameters.lengthscales.size();
  const Eigen::ArrayXd center = prior_center(d).lengthscales.array();
  const Eigen::ArrayXd z = (parameters.lengthscales.array() / center).log() / kLogLengthscaleStddev;
  const double zs = std::log(parameters.signal_variance / kSignalCenter) / kLogSignalStddev;
  return -0.5 * (z.square().sum() + zs * zs);
}

/// Moves every site towards the moments of its label's likelihood; returns Σ ln Phi(z_i).
double update(Sites& sites, const Eigen::VectorXd& labels, const Posterior& posterior) {
  double score = 0;
  for (Eigen::Index i = 0; i < labels.size(); ++i) {
    const double v = posterior.variance[i];
    const double tau_c = std::max(1 / v - sites.tau[i], kLeastPrecision);
    const double nu_c = posterior.mean(i, 0) / v - sites.nu[i];
    const double v_c = 1 / tau_c;
    const double mu_c = nu_c * v_c;
    const double spread = std::sqrt(1 + v_c);
    const double z = labels[i] * mu_c / spread;
    const double r = log_normal_cdf_slope(z);
    const double mean = mu_c + labels[i] * v_c * r / spread;
    const double variance = v_c - v_c * v_c * r * (z + r) / (1 + v_c);
    const double tau = std::max(1 / variance - tau_c, kLeastPrecision);
    sites.tau[i] += kDamping * (tau - sites.tau[i]);
    sites.nu[i] += kDamping * (mean / variance - nu_c - sites.nu[i]);
    score += log_normal_cdf(z);
  }
  return score;
}

/// Expectation propagation for these parameters from `sites`, which become the fixed point.
Result<Classified> classify(TrainingData data, const Eigen::VectorXd& labels,
                            const GpParameters& parameters, Sites& sites) {
  Eigen::VectorXd means = Eigen::VectorXd::Zero(labels.size());
  for (int sweep = 0;; ++sweep) {
    data.y = sites.nu.cwiseQuotient(sites.tau);
    data.noise_scale = sites.tau.cwiseInverse();
    auto latent = GaussianProcess::condition(data, parameters);
    if (!latent) return latent.error();
    const Posterior posterior = latent->predict(data.X);
    const double change = (posterior.mean.col(0) - means).cwiseAbs().maxCoeff();
    means = posterior.mean.col(0);
    const double score = update(sites, labels, posterior);
    if (change > kTolerance && sweep < kSweeps) continue;
    return Classified{.latent = std::move(*latent), .score = score + log_prior(parameters)};
  }
}

/// Single changes of the parameters: a clearer or vaguer step, a rougher or smoother boundary, a
/// coordinate that does not matter.
std::vector<GpParameters> changes(const GpParameters& from) {
  std::vector<GpParameters> result;
  for (const double factor : {4.0, 0.25}) {
    result.push_back(from);
    result.back().signal_variance *= factor;
  }
  for (const double factor : {2.0, 0.5}) {
    result.push_back(from);
    result.back().lengthscales *= factor;
  }
  for (Eigen::Index i = 0; i < from.lengthscales.size(); ++i) {
    result.push_back(from);
    result.back().lengthscales[i] *= 4;
  }
  return result;
}

}  // namespace

Result<GaussianProcess> fit_classifier(const Dimensions& dimensions, const Eigen::MatrixXd& X,
                                       const Eigen::VectorXd& labels) {
  const TrainingData data{
      .dimensions = dimensions, .X = X, .y = labels, .noise_scale = labels.cwiseAbs()};
  GpParameters parameters = prior_center(X.cols());
  parameters.signal_variance = kSignalCenter;
  parameters.noise_variance = 1;
  Sites sites{.nu = 0.5 * labels, .tau = Eigen::VectorXd::Constant(labels.size(), 0.5)};
  auto best = classify(data, labels, parameters, sites);
  if (!best) return best.error();
  const std::size_t count = changes(parameters).size();
  bool improved = true;
  for (int round = 0; round < kRounds && improved; ++round) {
    improved = false;
    for (std::size_t k = 0; k < count; ++k) {
      Sites moved = sites;
      auto changed = classify(data, labels, changes(best->latent.parameters())[k], moved);
      if (!changed || !(changed->score > best->score)) continue;
      best = std::move(changed);
      sites = std::move(moved);
      improved = true;
    }
  }
  return std::move(best->latent);
}

}  // namespace hpo
