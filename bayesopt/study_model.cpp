#include "bayesopt/study_model.h"

#include <fmt/format.h>

#include <cmath>

#include "bayesopt/fitted_parameters.h"
#include "bayesopt/study_model_parts.h"
#include "bayesopt/targets.h"
#include "bayesopt/trial_points.h"

namespace hpo {
namespace {

Error too_few(std::size_t results, Eigen::Index d) {
  return {
      .code = ErrorCode::not_found,
      .message = fmt::format("a model of {} parameter{} needs {} different results, there {} {}", d,
                             d == 1 ? "" : "s", d + 2, results == 1 ? "is" : "are", results),
      .hint = "run more trials: --set limits.trials=..."};
}

}  // namespace

double StudyModel::Parts::in_units(double y) const {
  return value_of_target(spec, surrogate.objective.transform.inverse(y));
}

Result<StudyModel> StudyModel::of(const Study& study, std::size_t k) {
  if (study.spec.objectives.empty()) return Error{.message = "the study has no objective"};
  if (!study.spec.is_plain()) return of(with_objective(study, k));
  UnitCube cube(study.spec.space);
  TrialPoints points(cube);
  points.update(study);
  Dataset dataset = dataset_of(points, study);
  dataset.related = RelatedModels(cube).of(study);
  dataset.pending.clear();
  const auto results = distinct(dataset.observed).size();
  if (results < static_cast<std::size_t>(cube.size()) + 2) return too_few(results, cube.size());
  Dimensions dimensions = dimensions_of(cube);
  FactorCaches factors;
  auto surrogate =
      fit_surrogate(dimensions, study.spec, dataset, newest_fit(study), study.spec.seed, factors);
  if (!surrogate) return surrogate.error();
  if (!*surrogate) {
    return Error{.code = ErrorCode::not_found,
                 .message = fmt::format("all {} results are equal, so there is nothing to explain",
                                        dataset.y.size())};
  }
  const OutputModel& objective = (*surrogate)->objective;
  const Calibration calibration =
      calibration_of(objective.observed->widened(1 / objective.widening));
  return StudyModel(std::make_shared<const Parts>(Parts{.spec = study.spec,
                                                        .cube = std::move(cube),
                                                        .dimensions = std::move(dimensions),
                                                        .dataset = std::move(dataset),
                                                        .surrogate = std::move(**surrogate),
                                                        .calibration = calibration}));
}

Result<std::vector<Prediction>> StudyModel::predict(
    const std::vector<Configuration>& configurations) const {
  std::vector<Point> points;
  for (const auto& configuration : configurations) {
    auto x = parts_->cube.encode(configuration);
    if (!x) return parts_->spec.space.check_configuration(configuration).error();
    points.push_back(std::move(*x));
  }
  const Posterior posterior = parts_->gp().predict(rows_of(points, parts_->cube.size()));
  std::vector<Prediction> predictions;
  for (Eigen::Index i = 0; i < posterior.variance.size(); ++i) {
    predictions.push_back(
        {.mean = parts_->in_units(posterior.mean(i, 0)),
         .stddev = std::sqrt(posterior.variance[i]) * parts_->surrogate.objective.transform.scale});
  }
  return predictions;
}

const std::string& StudyModel::metric() const { return parts_->spec.objectives.front().metric; }

std::int64_t StudyModel::observations() const {
  return static_cast<std::int64_t>(parts_->dataset.y.size());
}

double StudyModel::noise_stddev() const {
  return std::sqrt(parts_->gp().parameters().noise_variance) *
         parts_->surrogate.objective.transform.scale;
}

std::vector<std::pair<std::string, double>> StudyModel::lengthscales() const {
  std::vector<std::pair<std::string, double>> result;
  const auto& lengthscales = parts_->gp().parameters().lengthscales;
  for (Eigen::Index i = 0; i < lengthscales.size(); ++i) {
    const auto& parameter = parts_->cube.space().parameters[static_cast<std::size_t>(i)];
    result.emplace_back(parameter.name, lengthscales[i]);
  }
  return result;
}

const Calibration& StudyModel::calibration() const { return parts_->calibration; }

}  // namespace hpo
