#include "bayesopt/surrogate.h"

#include <algorithm>
#include <numeric>

#include "bayesopt/calibration.h"
#include "bayesopt/feasibility.h"
#include "bayesopt/fit.h"
#include "bayesopt/local_rows.h"
#include "bayesopt/pending.h"
#include "objectives/seed.h"

namespace hpo {
namespace {

/// Up to this many observations a fit also starts from the priors' centre; above, every fifth time.
constexpr std::int64_t kAlwaysFromCenter = 60;
constexpr std::uint64_t kPriorDraws = 4;
/// Fewer observations cannot tell a bend from a lengthscale: with 8 instead .409 is left after 20
/// trials instead of .373 (18 problems, 10 seeds).
constexpr std::int64_t kWarpFrom = 20;
/// The power of the probability of success where most trials fail: what can be evaluated at all is
/// found first.
constexpr double kSafetyFirst = 10;

using Rows = std::vector<std::size_t>;

Rows all_rows(std::size_t n) {
  Rows rows(n);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

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

std::optional<OutputTransform> transform_of(const std::vector<double>& y) {
  return winsorized_zscore(
      Eigen::Map<const Eigen::VectorXd>(y.data(), static_cast<Eigen::Index>(y.size())));
}

/// The rows of the data that a model of this kind is conditioned on.
Rows model_rows(Regime::Kind kind, const Dimensions& dimensions, const Dataset& dataset,
                const GpParameters& parameters) {
  if (kind == Regime::Kind::local) return local_rows(dimensions, dataset, parameters.lengthscales);
  return all_rows(dataset.y.size());
}

/// The observations with which the parameters of this regime were or will be fitted.
Dataset fitted_part(const Dataset& dataset, const Regime& regime) {
  return {.observed = {dataset.observed.begin(), dataset.observed.begin() + regime.fit_size},
          .y = {dataset.y.begin(), dataset.y.begin() + regime.fit_size}};
}

Result<TransferFit> fit_parameters(const Dimensions& dimensions, const Dataset& dataset,
                                   const Regime& regime,
                                   const std::optional<FittedParameters>& previous,
                                   std::uint64_t seed) {
  const auto d = static_cast<Eigen::Index>(dimensions.size());
  const Dataset part = fitted_part(dataset, regime);
  const auto transform = transform_of(part.y).value_or(OutputTransform{});
  Rows rows =
      model_rows(regime.kind, dimensions, part, previous ? previous->parameters : prior_center(d));
  if (regime.kind != Regime::Kind::whole) rows = chosen_of(part.y, rows, kFitRows);
  const TrainingData data = training_data(dimensions, part, rows, transform);
  const FitOptions options{.starts = fit_starts(d, regime.fit_size, previous, seed),
                           .is_warped = regime.fit_size >= kWarpFrom};
  const auto plain = fit(data, options);
  if (!plain) return plain.error();
  return fit_transfer(data, dataset.related, options, *plain);
}

Result<GaussianProcess> condition(const Dimensions& dimensions, const Dataset& dataset,
                                  const OutputTransform& transform, const Regime& regime,
                                  const FittedParameters& fitted, FactorCache& factors) {
  const GpParameters& parameters = fitted.parameters;
  const auto mean = transfer_mean(dataset.related, fitted.transfer);
  const Rows rows = model_rows(regime.kind, dimensions, dataset, parameters);
  if (regime.kind != Regime::Kind::grown) {
    TrainingData data = training_data(dimensions, dataset, rows, transform);
    data.mean = mean;
    return GaussianProcess::condition(data, parameters);
  }
  TrainingData data = listed_data(dimensions, dataset, transform);
  data.mean = mean;
  auto factor = factors.factor(dimensions, parameters, warped(parameters.warp, dimensions, data.X),
                               {.base = regime.fit_size, .capacity = regime.next_fit_size - 1});
  if (!factor) return factor.error();
  return GaussianProcess::condition(data, std::move(*factor));
}

}  // namespace

Result<std::optional<Surrogate>> fit_surrogate(const Dimensions& dimensions, const Dataset& dataset,
                                               const std::optional<FittedParameters>& previous,
                                               std::uint64_t seed, FactorCache& factors) {
  const auto transform = transform_of(dataset.y);
  if (!transform) return std::optional<Surrogate>{};
  const Regime regime = regime_of(static_cast<std::int64_t>(dataset.y.size()));
  FittedParameters fitted{.n = regime.fit_size};
  int evaluations = 0;
  if (previous && previous->n == fitted.n) {
    fitted = *previous;
  } else {
    const auto found = fit_parameters(dimensions, dataset, regime, previous, seed);
    if (!found) return found.error();
    fitted.parameters = found->fitted.parameters;
    fitted.transfer = found->weights;
    evaluations = found->fitted.evaluations;
  }
  auto gp = condition(dimensions, dataset, *transform, regime, fitted, factors);
  if (!gp) return gp.error();
  const double widening = calibration_of(*gp).widening();
  if (widening > 1) gp = gp->widened(widening);
  auto uncertain = with_draws(*gp, distinct(dataset.pending), seed);
  if (!uncertain) return uncertain.error();
  auto labels = feasibility_model(dimensions, dataset);
  if (!labels) return labels.error();
  const double weight = dataset.failed.size() > dataset.observed.size() ? kSafetyFirst : 1;
  return std::optional<Surrogate>(
      Surrogate{.acquisition = Acquisition(std::move(*uncertain), std::move(*labels), weight),
                .observed = std::move(*gp),
                .transform = *transform,
                .fitted = fitted,
                .mean = transfer_mean(dataset.related, fitted.transfer),
                .regime = regime,
                .widening = widening,
                .fit_evaluations = evaluations});
}

}  // namespace hpo
