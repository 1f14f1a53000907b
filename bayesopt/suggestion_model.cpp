#include "bayesopt/suggestion_model.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "bayesopt/targets.h"

namespace hpo {
namespace {

const char* to_string(Regime::Kind kind) {
  switch (kind) {
    case Regime::Kind::whole:
      return "whole";
    case Regime::Kind::grown:
      return "grown";
    case Regime::Kind::local:
      return "local";
  }
  return "whole";
}

nlohmann::json transform_json(const OutputTransform& transform) {
  nlohmann::json text = {{"name", transform.bend ? "bilog_zscore" : "winsorized_zscore"},
                         {"center", transform.center},
                         {"scale", transform.scale}};
  if (!transform.bend) text["cap"] = transform.cap;
  if (transform.bend) text["origin"] = transform.bend->origin;
  if (transform.bend) text["unit"] = transform.bend->unit;
  return text;
}

/// One output beyond the first: its fit, which the next one starts from, and its prediction.
nlohmann::json output_json(const StudySpec& spec, const SearchSpace& space, std::size_t output,
                           const std::optional<OutputModel>& model, const Point& x) {
  const std::string metric = further_metrics(spec)[output - 1];
  if (!model) return {{"metric", metric}};
  const Posterior posterior = model->drawn->predict(x.transpose());
  const double mean = posterior.mean.row(0).mean();
  const OutputTransform& transform = model->transform;
  const double stddev = std::sqrt(posterior.variance[0]);
  // A bent scale has no one deviation: half of what two deviations span.
  const double spread =
      transform.bend ? (transform.inverse(mean + stddev) - transform.inverse(mean - stddev)) / 2
                     : stddev * transform.scale;
  return {{"metric", metric},
          {"fit", to_json(model->fitted, space)},
          {"fit_evaluations", model->fit_evaluations},
          {"widening", model->widening},
          {"transform", transform_json(transform)},
          {"prediction",
           {{"mean", value_of_target(spec, transform.inverse(mean), output)}, {"stddev", spread}}}};
}

/// Whether the point is expected to be better than what is known, not only uncertain.
bool is_promising(const Surrogate& surrogate, double mean, const Point& x) {
  if (surrogate.front.empty()) {
    return surrogate.incumbents && mean < surrogate.incumbents->mean();
  }
  const double other = surrogate.further[0]->drawn->predict(x.transpose()).mean.row(0).mean();
  return std::none_of(surrogate.front.begin(), surrogate.front.end(),
                      [&](const ParetoPoint& p) { return p[0] <= mean && p[1] <= other; });
}

/// The probability that the trial does not fail, times that it keeps the constraints.
double feasibility_of(const Surrogate& surrogate, const Point& x) {
  double p = surrogate.success ? surrogate.success->probability(x) : 1;
  for (const auto& constraint : surrogate.constraints) {
    p *= std::exp(constraint->values(x.transpose())[0]);
  }
  return p;
}

}  // namespace

std::string suggestion_model(const Study& study, const UnitCube& cube, const Dataset& dataset,
                             const Surrogate& surrogate, const Point& x, std::string_view search) {
  const StudySpec& spec = study.spec;
  const OutputModel& objective = surrogate.objective;
  const GaussianProcess& gp = *objective.drawn;
  const OutputTransform& transform = objective.transform;
  const Posterior posterior = gp.predict(x.transpose());
  const double mean = posterior.mean.row(0).mean();
  const auto in_units = [&](double y) { return value_of_target(spec, transform.inverse(y)); };
  nlohmann::json model{
      {"mode", is_promising(surrogate, mean, x) ? "exploit" : "explore"},
      {"search", search},
      {"n", dataset.observed.size()},
      {"failed", dataset.failed.size()},
      {"pending", dataset.pending.size()},
      {"observations", to_string(surrogate.regime.kind)},
      {"fit", to_json(objective.fitted, cube.space())},
      {"fit_evaluations", objective.fit_evaluations},
      {"widening", objective.widening},
      {"transform", transform_json(transform)},
      {"prediction",
       {{"mean", in_units(mean)}, {"stddev", std::sqrt(posterior.variance[0]) * transform.scale}}},
      {"feasibility", feasibility_of(surrogate, x)},
      {"jitter", gp.jitter()}};
  const double log_value = surrogate.acquisition->values(x.transpose())[0];
  if (surrogate.incumbents) {
    model["incumbent"] = in_units(surrogate.incumbents->mean());
    model["log_expected_improvement"] = log_value;
  } else if (!surrogate.front.empty()) {
    model["log_hypervolume_improvement"] = log_value;
  } else {
    model["mode"] = "feasibility";
    model["log_feasibility"] = log_value;
  }
  for (std::size_t k = 0; k < surrogate.further.size(); ++k) {
    model["outputs"].push_back(output_json(spec, cube.space(), k + 1, surrogate.further[k], x));
  }
  if (dataset.from_others > 0) model["from_others"] = dataset.from_others;
  return model.dump();
}

}  // namespace hpo
