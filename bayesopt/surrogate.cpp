#include "bayesopt/surrogate.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bayesopt/classifier.h"
#include "bayesopt/fit.h"
#include "bayesopt/normal.h"
#include "bayesopt/random_stream.h"
#include "bayesopt/sobol.h"
#include "objectives/json.h"

namespace hpo {
namespace {

constexpr int kFantasies = 32;
/// More pending trials than this: the oldest are taken at their predicted mean, the newest
/// kFantasized are drawn.
constexpr std::size_t kMostFantasized = 64;
constexpr std::size_t kFantasized = 32;
/// Up to this many observations a fit also starts from the priors' centre; above, every fifth time.
constexpr std::int64_t kAlwaysFromCenter = 60;
constexpr int kPriorDraws = 4;
/// Trials of either kind that the feasibility model uses.
constexpr std::size_t kMostLabels = 40;

std::vector<GpParameters> fit_starts(Eigen::Index d, std::int64_t n,
                                     const std::optional<FittedParameters>& previous,
                                     std::uint64_t seed) {
  std::vector<GpParameters> starts;
  if (previous) starts.push_back(previous->parameters);
  if (!previous || n <= kAlwaysFromCenter || n % 5 == 0) starts.push_back(prior_center(d));
  if (!previous || n == 20 || n == 40 || n == 80) {
    for (std::uint64_t k = 0; k < kPriorDraws; ++k) {
      starts.push_back(prior_draw(d, mix_seed(seed, k)));
    }
  }
  return starts;
}

/// Standard normal numbers, m×S, from a scrambled Sobol sequence.
Eigen::MatrixXd base_draws(Eigen::Index m, std::uint64_t seed) {
  const Sobol sobol(m, seed_for(seed, Purpose::fantasies));
  Eigen::MatrixXd Z(m, kFantasies);
  for (Eigen::Index s = 0; s < kFantasies; ++s) {
    Z.col(s) = sobol.point(static_cast<std::uint64_t>(s)).unaryExpr(&normal_quantile);
  }
  return Z;
}

/// The data with further points taken at their predicted mean.
TrainingData believed(const TrainingData& data, const GaussianProcess& gp,
                      const Eigen::MatrixXd& X) {
  TrainingData more = data;
  const Eigen::Index n = data.X.rows();
  more.X.conservativeResize(n + X.rows(), Eigen::NoChange);
  more.X.bottomRows(X.rows()) = X;
  more.y.conservativeResize(n + X.rows());
  more.y.tail(X.rows()) = gp.predict(X).mean.col(0);
  more.noise_scale.conservativeResize(n + X.rows());
  more.noise_scale.tail(X.rows()).setOnes();
  return more;
}

Result<GaussianProcess> with_pending(const TrainingData& data, GaussianProcess gp,
                                     const std::vector<Point>& pending, std::uint64_t seed) {
  if (pending.empty()) return gp;
  const Eigen::MatrixXd X = rows_of(pending, data.X.cols());
  Eigen::Index believers = 0;
  if (pending.size() > kMostFantasized) {
    believers = X.rows() - static_cast<Eigen::Index>(kFantasized);
    auto extended =
        GaussianProcess::condition(believed(data, gp, X.topRows(believers)), gp.parameters());
    if (!extended) return extended.error();
    gp = std::move(*extended);
  }
  const Eigen::Index m = X.rows() - believers;
  return gp.with_fantasies(X.bottomRows(m), base_draws(m, seed));
}

/// The classifier of observed (+1) and failed (-1) trials; nothing where none failed.
Result<std::optional<GaussianProcess>> feasibility_model(const Dimensions& dimensions,
                                                         const Dataset& dataset) {
  if (dataset.failed.empty()) return std::optional<GaussianProcess>{};
  std::vector<Point> points;
  for (const auto i : chosen(dataset.y, kMostLabels)) points.push_back(dataset.observed[i]);
  const auto evaluated = static_cast<Eigen::Index>(points.size());
  const auto newest = static_cast<std::ptrdiff_t>(std::min(dataset.failed.size(), kMostLabels));
  points.insert(points.end(), dataset.failed.end() - newest, dataset.failed.end());
  const Eigen::MatrixXd X = rows_of(points, static_cast<Eigen::Index>(dimensions.size()));
  Eigen::VectorXd labels = Eigen::VectorXd::Constant(X.rows(), -1);
  labels.head(evaluated).setOnes();
  auto latent = fit_classifier(dimensions, X, labels);
  if (!latent) return latent.error();
  return std::optional<GaussianProcess>(std::move(*latent));
}

std::optional<FittedParameters> fit_from(const nlohmann::json& model, const SearchSpace& space) {
  const auto at = model.find("fit");
  if (at == model.end()) return std::nullopt;
  try {
    Eigen::VectorXd lengthscales(static_cast<Eigen::Index>(space.parameters.size()));
    Eigen::Index i = 0;
    for (const auto& parameter : space.parameters) {
      lengthscales[i++] = at->at("lengthscales").at(parameter.name).get<double>();
    }
    GpParameters parameters{.lengthscales = std::move(lengthscales),
                            .signal_variance = at->at("signal_variance").get<double>(),
                            .noise_variance = at->at("noise_variance").get<double>()};
    return FittedParameters{.parameters = std::move(parameters),
                            .n = at->at("n").get<std::int64_t>()};
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;  // another version's text: the fit starts from the priors
  }
}

}  // namespace

Result<std::optional<Surrogate>> fit_surrogate(const Dimensions& dimensions, const Dataset& dataset,
                                               const std::optional<FittedParameters>& previous,
                                               std::uint64_t seed) {
  std::vector<Point> points;
  std::vector<double> y;
  for (const auto i : chosen(dataset.y, kMostObservations)) {
    points.push_back(dataset.observed[i]);
    y.push_back(dataset.y[i]);
  }
  const auto transform = winsorized_zscore(
      Eigen::Map<const Eigen::VectorXd>(y.data(), static_cast<Eigen::Index>(y.size())));
  if (!transform) return std::optional<Surrogate>{};
  for (double& value : y) value = (*transform)(value);
  const TrainingData data = training_data(dimensions, points, y);

  FittedParameters fitted{.n = static_cast<std::int64_t>(dataset.y.size())};
  int evaluations = 0;
  if (previous && previous->n == fitted.n) {
    fitted = *previous;
  } else {
    const auto found = fit(data, {.starts = fit_starts(data.X.cols(), fitted.n, previous, seed)});
    if (!found) return found.error();
    fitted.parameters = found->parameters;
    evaluations = found->evaluations;
  }
  auto gp = GaussianProcess::condition(data, fitted.parameters);
  if (!gp) return gp.error();
  auto with_draws = with_pending(data, std::move(*gp), distinct(dataset.pending), seed);
  if (!with_draws) return with_draws.error();
  auto labels = feasibility_model(dimensions, dataset);
  if (!labels) return labels.error();
  return std::optional<Surrogate>(
      Surrogate{.acquisition = Acquisition(std::move(*with_draws), std::move(*labels)),
                .transform = *transform,
                .fitted = std::move(fitted),
                .fit_evaluations = evaluations});
}

nlohmann::json to_json(const FittedParameters& fitted, const SearchSpace& space) {
  auto lengthscales = nlohmann::json::object();
  Eigen::Index i = 0;
  for (const auto& parameter : space.parameters) {
    lengthscales[parameter.name] = fitted.parameters.lengthscales[i++];
  }
  return {{"n", fitted.n},
          {"lengthscales", std::move(lengthscales)},
          {"signal_variance", fitted.parameters.signal_variance},
          {"noise_variance", fitted.parameters.noise_variance}};
}

std::optional<FittedParameters> newest_fit(const Study& study) {
  for (auto trial = study.trials.rbegin(); trial != study.trials.rend(); ++trial) {
    if ((*trial)->model.find("\"fit\"") == std::string::npos) continue;
    const auto model = parse_json((*trial)->model);
    if (!model || !model->is_object()) continue;
    if (auto fitted = fit_from(*model, study.spec.space)) return fitted;
  }
  return std::nullopt;
}

}  // namespace hpo
