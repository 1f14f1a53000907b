// y (n): standardised results,  m_k (n): the standardised mean of related study k at their points
// M: the chosen m_k (n×q),  w (q): their weights,  K (n×n): covariance with noise
//
//   y = M w + f + noise,  w ~ N(1, tau²):  C = K + tau² M Mᵀ,  r = y - M 1
//   w = 1 + tau² Mᵀ C⁻¹ (r - c),  c: the constant mean, profiled out
//   P = C⁻¹ - C⁻¹1 1ᵀC⁻¹/(1ᵀC⁻¹1):  left out, r_i - mu_i = (P r)_i/P_ii, variance 1/P_ii
//
// The density of what is left out knows neither y_i nor a weight that y_i helped to choose, so a
// study that says nothing lowers it. Dubrule (1983) for P; stacking a process on another's mean:
// Golovin et al. (2017), "Google Vizier", section 3.3.

#include "bayesopt/transfer.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

namespace hpo {
namespace {

/// tau: how far from 1 (the same number of deviations in both) a weight may be. 0.5 is no better.
constexpr double kWeightStddev = 1;
/// Of fewer results none can be left out.
constexpr Eigen::Index kFewest = 3;
/// Of more the study's own say enough.
constexpr Eigen::Index kMost = 200;
/// By how much (nats) a study has to raise the log density of all results. With 1 pure noise is
/// used in .9 of 30 trials and one moved by .15 leaves .45, .32 after 15, 20; with 2 it is .2
/// trials, and .42, .29. What helps is used as early with both (hpo_transfer_benchmark, 13
/// problems, 8 seeds).
constexpr double kMargin = 2;

class WeightedMean final : public MeanFunction {
 public:
  void add(std::shared_ptr<const RelatedStudy> study, double weight) {
    parts_.emplace_back(std::move(study), weight);
  }
  [[nodiscard]] bool is_empty() const { return parts_.empty(); }
  [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& X) const override {
    Eigen::VectorXd sum = Eigen::VectorXd::Zero(X.rows());
    for (const auto& [study, weight] : parts_) sum += weight * study->values(X);
    return sum;
  }
  [[nodiscard]] Eigen::VectorXd gradient(const Point& x) const override {
    Eigen::VectorXd sum = Eigen::VectorXd::Zero(x.size());
    for (const auto& [study, weight] : parts_) sum += weight * study->gradient(x);
    return sum;
  }

 private:
  std::vector<std::pair<std::shared_ptr<const RelatedStudy>, double>> parts_ = {};
};

struct Judged {
  double log_density = 0;  ///< Σ ln p(y_i | the others)
  Eigen::VectorXd w = {};  ///< q
};

/// With the parameters of a fit. Nothing where C is not definite.
std::optional<Judged> judge(const TrainingData& data, const GpParameters& parameters,
                            const Eigen::MatrixXd& M) {
  const Eigen::Index n = data.y.size();
  const Eigen::MatrixXd X = warped(parameters.warp, data.dimensions, data.X);
  Eigen::MatrixXd C = covariance(data.dimensions, parameters, X, X);
  C.diagonal() += parameters.noise_variance * data.noise_scale;
  C.diagonal().array() += 1e-8 * parameters.signal_variance;  // repeated points without noise
  const double tau2 = kWeightStddev * kWeightStddev;
  if (M.cols() > 0) C += tau2 * M * M.transpose();
  const Eigen::LLT<Eigen::MatrixXd> llt(C);
  if (llt.info() != Eigen::Success) return std::nullopt;
  const Eigen::MatrixXd C_inverse = llt.solve(Eigen::MatrixXd::Identity(n, n));
  const Eigen::VectorXd u = C_inverse.rowwise().sum();
  const Eigen::MatrixXd P = C_inverse - u * u.transpose() / u.sum();
  const Eigen::VectorXd r = data.y - M.rowwise().sum();
  const Eigen::VectorXd Pr = P * r;
  const Eigen::ArrayXd p = P.diagonal().array();
  if (!(p.minCoeff() > 0)) return std::nullopt;
  const Eigen::ArrayXd z2 = Pr.array().square() / p;
  return Judged{.log_density = 0.5 * (p.log() - z2).sum(),
                .w = (1 + (tau2 * M.transpose() * Pr).array()).matrix()};
}

/// A choice of studies with its fit.
struct Choice {
  std::vector<std::size_t> studies = {};
  Fit fitted = {};
  Judged judged = {};
};

/// The choice with one study more, fitted to what all of them leave.
std::optional<Choice> with_another(const TrainingData& data, const Eigen::MatrixXd& means,
                                   const FitOptions& options, const Choice& chosen,
                                   std::size_t another) {
  Choice next = chosen;
  next.studies.push_back(another);
  Eigen::MatrixXd M(data.y.size(), static_cast<Eigen::Index>(next.studies.size()));
  for (Eigen::Index k = 0; k < M.cols(); ++k) {
    M.col(k) = means.col(static_cast<Eigen::Index>(next.studies[static_cast<std::size_t>(k)]));
  }
  // The weights by the parameters of before, then parameters fitted to the rest.
  const auto first = judge(data, chosen.fitted.parameters, M);
  if (!first) return std::nullopt;
  TrainingData rest = data;
  rest.y -= M * first->w;
  const auto fitted = fit(rest, options);
  if (!fitted) return std::nullopt;
  const auto judged = judge(data, fitted->parameters, M);
  if (!judged || judged->w.minCoeff() <= 0) return std::nullopt;
  next.fitted = *fitted;
  next.fitted.evaluations += chosen.fitted.evaluations;
  next.judged = *judged;
  return next;
}

}  // namespace

std::shared_ptr<const MeanFunction> transfer_mean(const RelatedStudies& studies,
                                                  const TransferWeights& weights) {
  auto mean = std::make_shared<WeightedMean>();
  for (const auto& study : studies) {
    if (const auto at = weights.find(study->id()); at != weights.end()) {
      mean->add(study, at->second);
    }
  }
  if (mean->is_empty()) return nullptr;
  return mean;
}

TransferFit fit_transfer(const TrainingData& data, const RelatedStudies& studies,
                         const FitOptions& options, const Fit& plain) {
  TransferFit result{.fitted = plain};
  const Eigen::Index n = data.y.size();
  if (studies.empty() || n < kFewest || n > kMost) return result;
  Eigen::MatrixXd means(n, static_cast<Eigen::Index>(studies.size()));
  for (std::size_t k = 0; k < studies.size(); ++k) {
    means.col(static_cast<Eigen::Index>(k)) = studies[k]->values(data.X);
  }
  const auto alone = judge(data, plain.parameters, Eigen::MatrixXd(n, 0));
  if (!alone) return result;
  Choice chosen{.fitted = plain, .judged = *alone};
  while (chosen.studies.size() < studies.size()) {
    std::optional<Choice> best;
    for (std::size_t k = 0; k < studies.size(); ++k) {
      const bool is_taken = std::count(chosen.studies.begin(), chosen.studies.end(), k) > 0;
      auto next = is_taken ? std::nullopt : with_another(data, means, options, chosen, k);
      if (!next || (best && next->judged.log_density <= best->judged.log_density)) continue;
      best = std::move(next);
    }
    if (!best || best->judged.log_density < chosen.judged.log_density + kMargin) break;
    chosen = std::move(*best);
  }
  result.fitted = chosen.fitted;
  for (std::size_t k = 0; k < chosen.studies.size(); ++k) {
    const auto& study = studies[chosen.studies[k]];
    result.weights[study->id()] = chosen.judged.w[static_cast<Eigen::Index>(k)];
  }
  return result;
}

}  // namespace hpo
