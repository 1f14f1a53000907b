#include "bayesopt/output_model.h"

#include <algorithm>
#include <numeric>

#include "bayesopt/calibration.h"
#include "bayesopt/fit.h"
#include "bayesopt/local_rows.h"
#include "objectives/seed.h"

namespace hpo {
namespace {

/// Up to this many observations a fit also starts from the priors' centre; above, every fifth time.
constexpr std::int64_t kAlwaysFromCenter = 60;
constexpr std::uint64_t kPriorDraws = 4;
/// Fewer observations cannot tell a bend from a lengthscale: with 8 instead .409 is left after 20
/// trials instead of .373 (18 problems, 10 seeds).
constexpr std::int64_t kWarpFrom = 20;

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

Eigen::Map<const Eigen::VectorXd> as_vector(const std::vector<double>& y) {
  return {y.data(), static_cast<Eigen::Index>(y.size())};
}

/// The first of the values that a fit of this regime sees.
std::vector<double> head(const std::vector<double>& values, const Regime& regime) {
  return {values.begin(), values.begin() + regime.fit_size};
}

/// The observations with which the parameters of this regime were or will be fitted.
Dataset fitted_part(const OutputData& data, const Regime& regime) {
  const Dataset& dataset = data.dataset;
  Dataset part{.observed = {dataset.observed.begin(), dataset.observed.begin() + regime.fit_size},
               .y = head(data.y, regime)};
  if (dataset.further.empty()) return part;
  part.further = {part.y};  // that there are others
  part.merit.place = head(dataset.merit.place, regime);
  return part;
}

Result<TransferFit> fit_parameters(const Dimensions& dimensions, const OutputData& output,
                                   const Regime& regime,
                                   const std::optional<FittedParameters>& previous,
                                   std::uint64_t seed) {
  const auto d = static_cast<Eigen::Index>(dimensions.size());
  const Dataset part = fitted_part(output, regime);
  const auto transform = output.transform_of(as_vector(part.y)).value_or(OutputTransform{});
  Rows rows = model_rows(regime.kind, dimensions, part,
                         (previous ? previous->parameters : prior_center(d)).lengthscales);
  if (regime.kind != Regime::Kind::whole) rows = chosen_of(part.order(), rows, kFitRows);
  const TrainingData data = training_data(dimensions, part, part.y, rows, transform);
  const FitOptions options{.starts = fit_starts(d, regime.fit_size, previous, seed),
                           .is_warped = regime.fit_size >= kWarpFrom};
  const auto plain = fit(data, options);
  if (!plain) return plain.error();
  return fit_transfer(data, output.related, options, *plain);
}

Result<GaussianProcess> condition(const Dimensions& dimensions, const OutputData& output,
                                  const Regime& regime, const Rows& rows, FactorCache& factors,
                                  const OutputModel& model) {
  const GpParameters& parameters = model.fitted.parameters;
  const auto mean = transfer_mean(output.related, model.fitted.transfer);
  if (regime.kind != Regime::Kind::grown) {
    TrainingData data = training_data(dimensions, output.dataset, output.y, rows, model.transform);
    data.mean = mean;
    return GaussianProcess::condition(data, parameters);
  }
  TrainingData data = listed_data(dimensions, output.dataset, output.y, model.transform);
  data.mean = mean;
  auto factor = factors.factor(dimensions, parameters, warped(parameters.warp, dimensions, data.X),
                               {.base = regime.fit_size, .capacity = regime.next_fit_size - 1});
  if (!factor) return factor.error();
  return GaussianProcess::condition(data, std::move(*factor));
}

}  // namespace

std::vector<std::size_t> model_rows(Regime::Kind kind, const Dimensions& dimensions,
                                    const Dataset& dataset, const Eigen::VectorXd& lengthscales) {
  if (kind == Regime::Kind::local) return local_rows(dimensions, dataset, lengthscales);
  return all_rows(dataset.y.size());
}

Result<std::optional<OutputModel>> fit_output(const Dimensions& dimensions, const OutputData& data,
                                              const Regime& regime,
                                              const std::optional<FittedParameters>& previous,
                                              std::uint64_t seed) {
  const auto transform = data.transform_of(as_vector(data.y));
  if (!transform) return std::optional<OutputModel>{};
  OutputModel model{.transform = *transform, .fitted = {.n = regime.fit_size}};
  if (previous && previous->n == model.fitted.n) {
    model.fitted = *previous;
    return std::optional(std::move(model));
  }
  const auto found = fit_parameters(dimensions, data, regime, previous, seed);
  if (!found) return found.error();
  model.fitted.parameters = found->fitted.parameters;
  model.fitted.transfer = found->weights;
  model.fit_evaluations = found->fitted.evaluations;
  return std::optional(std::move(model));
}

Result<void> condition_output(const Dimensions& dimensions, const OutputData& data,
                              const Regime& regime, const std::vector<std::size_t>& rows,
                              FactorCache& factors, OutputModel& model) {
  auto gp = condition(dimensions, data, regime, rows, factors, model);
  if (!gp) return gp.error();
  model.widening = calibration_of(*gp).widening();
  if (model.widening > 1) gp = gp->widened(model.widening);
  model.observed = std::make_shared<const GaussianProcess>(std::move(*gp));
  model.drawn = model.observed;
  return {};
}

}  // namespace hpo
