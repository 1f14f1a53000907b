// f*: incumbent, mu and sigma: prediction (in units, smaller is better), z = (f* - mu)/sigma
//
//   P(improvement) = Phi(z);  EI = exp(log EI)·scale, less what feasibility took from it

#include "bayesopt/explanation.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "bayesopt/fit.h"
#include "bayesopt/leave_one_out.h"
#include "bayesopt/normal.h"
#include "bayesopt/study_model_parts.h"
#include "bayesopt/targets.h"
#include "objectives/json.h"

namespace hpo {
namespace {

using nlohmann::json;

constexpr std::size_t kNearest = 5;
/// From here on similarity is none.
constexpr double kLeastSimilarity = 0.01;
/// A suggestion explores if its mean is no improvement and its deviation at least this share of
/// what the model allows where nothing is known.
constexpr double kUnknown = 0.25;

double number_at(const json& object, const char* key, double otherwise) {
  const auto at = object.is_object() ? object.find(key) : object.end();
  return at != object.end() && at->is_number() ? at->get<double>() : otherwise;
}

std::string text_at(const json& object, const char* key) {
  const auto at = object.is_object() ? object.find(key) : object.end();
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

json part_of(const json& model, const char* key) {
  const auto at = model.is_object() ? model.find(key) : model.end();
  return at == model.end() ? json::object() : *at;
}

std::optional<Expectation> expectation_of(const StudySpec& spec, const json& model) {
  const json prediction = part_of(model, "prediction");
  if (!prediction.contains("mean") || !prediction.contains("stddev")) return std::nullopt;
  const double scale = number_at(part_of(model, "transform"), "scale", 1);
  const json fit = part_of(model, "fit");
  const double widening = number_at(model, "widening", 1);
  Expectation e{.prediction = {.mean = number_at(prediction, "mean", std::nan("")),
                               .stddev = number_at(prediction, "stddev", std::nan(""))},
                .noise_stddev = scale * std::sqrt(widening * number_at(fit, "noise_variance", 0)),
                .incumbent = number_at(model, "incumbent", std::nan("")),
                .feasibility = number_at(model, "feasibility", 1)};
  // value_of_target is its own inverse: a change of sign or none.
  const double gain = value_of_target(spec, e.incumbent) - value_of_target(spec, e.prediction.mean);
  e.probability_of_improvement = normal_cdf(gain / e.prediction.stddev);
  const double log_ei = number_at(model, "log_expected_improvement", std::nan(""));
  for (const auto* key : {"log_hypervolume_improvement", "log_feasibility"}) {
    const double log_value = number_at(model, key, std::nan(""));
    if (std::isfinite(log_value)) e.log_acquisition = log_value;
  }
  if (std::isfinite(log_ei)) {
    e.log_acquisition = log_ei;
    e.expected_improvement = scale * std::exp(log_ei) / std::max(e.feasibility, 1e-12);
  }
  const double most = scale * std::sqrt(widening * number_at(fit, "signal_variance", 1));
  const std::string mode = text_at(model, "mode");
  const bool is_far = gain < 0 && e.prediction.stddev >= kUnknown * most;
  e.explores = mode == "explore" || (mode != "exploit" && is_far);
  return e;
}

/// The value as the suggestion's model would have been given it.
double taken_as(const StudySpec& spec, const json& model, double value) {
  const double y = target_of_value(spec, value);
  return value_of_target(spec, std::min(y, number_at(part_of(model, "transform"), "cap", y)));
}

std::vector<OutputExpectation> outputs_of(const json& model) {
  std::vector<OutputExpectation> outputs;
  for (const auto& output : part_of(model, "outputs")) {
    const json prediction = part_of(output, "prediction");
    if (!prediction.contains("mean") || !prediction.contains("stddev")) continue;
    outputs.push_back({.metric = text_at(output, "metric"),
                       .prediction = {.mean = number_at(prediction, "mean", std::nan("")),
                                      .stddev = number_at(prediction, "stddev", std::nan(""))}});
  }
  return outputs;
}

/// From the fit that the suggestion was made with.
std::vector<std::pair<std::string, double>> lengthscales_of(const SearchSpace& space,
                                                            const json& model) {
  const json stored = part_of(part_of(model, "fit"), "lengthscales");
  std::vector<std::pair<std::string, double>> result;
  for (const auto& parameter : space.parameters) {
    const double l = number_at(stored, parameter.name.c_str(), std::nan(""));
    if (std::isfinite(l)) result.emplace_back(parameter.name, l);
  }
  return result;
}

std::vector<std::pair<std::string, double>> related_of(const Study& study, const json& model) {
  const json weights = part_of(part_of(model, "fit"), "transfer");
  std::vector<std::pair<std::string, double>> result;
  for (const auto& use : study.prior) {
    const double weight = number_at(weights, use.source->id.c_str(), 0);
    if (weight > 0) result.emplace_back(use.source->study, weight);
  }
  return result;
}

/// In the space's order: those of the suggestion, else of today's model, else of none.
Eigen::VectorXd metric_of(const SearchSpace& space,
                          const std::vector<std::pair<std::string, double>>& stored,
                          const StudyModel* model) {
  const auto d = static_cast<Eigen::Index>(space.parameters.size());
  Eigen::VectorXd l = model != nullptr ? model->parts().gp().parameters().lengthscales
                                       : prior_center(d).lengthscales;
  if (stored.size() != space.parameters.size()) return l;
  for (Eigen::Index i = 0; i < d; ++i) l[i] = stored[static_cast<std::size_t>(i)].second;
  return l;
}

std::vector<NearTrial> nearest_of(const Study& then, const Trial& trial, const UnitCube& cube,
                                  const Eigen::VectorXd& lengthscales) {
  const auto x = cube.encode(trial.configuration);
  if (!x) return {};
  const Dimensions dimensions = dimensions_of(cube);
  std::vector<NearTrial> near;
  for (const auto& other : then.trials) {
    const bool has_value = other->state == TrialState::complete && other->value;
    if (!has_value || other->number == trial.number) continue;
    const auto z = cube.encode(other->configuration);
    if (!z) continue;
    const auto r2 = scaled_squared_distances(dimensions, lengthscales, z->transpose(), *x);
    const double similarity = matern52(r2).value[0];
    if (similarity < kLeastSimilarity) continue;
    near.push_back({.number = other->number, .value = *other->value, .similarity = similarity});
  }
  std::stable_sort(near.begin(), near.end(),
                   [](const auto& a, const auto& b) { return a.similarity > b.similarity; });
  if (near.size() > kNearest) near.resize(kNearest);
  return near;
}

/// The trial's result against the model of all others, where it is the only one at its point.
void leave_out(const StudyModel& model, const Trial& trial, Explanation& out) {
  const auto& parts = model.parts();
  const auto x = parts.cube.encode(trial.configuration);
  if (!x || trial.state != TrialState::complete || !trial.value) return;
  const auto& observed = parts.dataset.observed;
  if (std::count(observed.begin(), observed.end(), *x) != 1) return;
  const Eigen::MatrixXd& X = parts.gp().points();
  Eigen::Index row = 0;
  while (row < X.rows() && X.row(row).transpose() != *x) ++row;
  if (row == X.rows()) return;  // a local model knows nothing of it
  const LeaveOneOut left_out = leave_one_out(parts.gp(), X.rows() - row);
  const double y = left_out.y[0];
  out.left_out = Prediction{
      .mean = parts.in_units(y - left_out.residual[0]),
      .stddev = std::sqrt(left_out.variance[0]) * parts.surrogate.objective.transform.scale};
  out.left_out_z = (parts.in_units(y) - out.left_out->mean) / out.left_out->stddev;
}

}  // namespace

Explanation explain(const Study& study, std::int64_t number, const StudyModel* model) {
  check(number >= 0 && number < static_cast<std::int64_t>(study.trials.size()), "a trial of it");
  const Trial& trial = *study.trials[static_cast<std::size_t>(number)];
  const UnitCube cube(study.spec.space);
  const auto parsed = parse_json(trial.model.empty() ? "{}" : trial.model);
  const json stored = parsed ? *parsed : json::object();
  Study then = study_at(study, trial.seen);
  if (then.trials.size() > static_cast<std::size_t>(number)) {
    then.trials.resize(static_cast<std::size_t>(number));
  }
  Explanation out{.mode = text_at(stored, "mode"),
                  .search = text_at(stored, "search"),
                  .reason = text_at(stored, "reason"),
                  .from_others = static_cast<std::int64_t>(number_at(stored, "from_others", 0)),
                  .related = related_of(then, stored)};
  out.finished = then.finished();
  out.pending = static_cast<std::int64_t>(then.trials.size()) - out.finished;
  out.expected = expectation_of(study.spec, stored);
  out.outputs = outputs_of(stored);
  out.lengthscales = lengthscales_of(study.spec.space, stored);
  const Eigen::VectorXd metric = metric_of(study.spec.space, out.lengthscales, model);
  std::stable_sort(out.lengthscales.begin(), out.lengthscales.end(),
                   [](const auto& a, const auto& b) { return a.second < b.second; });
  out.best_then = then.best_trial();
  out.nearest = nearest_of(then, trial, cube, metric);
  if (out.expected && trial.state == TrialState::complete && trial.value) {
    out.taken_as = taken_as(study.spec, stored, *trial.value);
    out.z = (*out.taken_as - out.expected->prediction.mean) /
            std::hypot(out.expected->prediction.stddev, out.expected->noise_stddev);
  }
  if (model != nullptr) leave_out(*model, trial, out);
  return out;
}

}  // namespace hpo
