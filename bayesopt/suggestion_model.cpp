#include "bayesopt/suggestion_model.h"

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

}  // namespace

std::string suggestion_model(const Study& study, const UnitCube& cube, const Dataset& dataset,
                             const Surrogate& surrogate, const Point& x, std::string_view search) {
  const Acquisition& acquisition = surrogate.acquisition;
  const GaussianProcess& gp = acquisition.model();
  const OutputTransform& transform = surrogate.transform;
  const Posterior posterior = gp.predict(x.transpose());
  const double mean = posterior.mean.row(0).mean();
  const double incumbent = acquisition.incumbents().mean();
  const auto in_units = [&](double y) { return value_of_target(study.spec, transform.inverse(y)); };
  nlohmann::json model{
      {"mode", mean < incumbent ? "exploit" : "explore"},
      {"search", search},
      {"n", dataset.observed.size()},
      {"failed", dataset.failed.size()},
      {"pending", dataset.pending.size()},
      {"observations", to_string(surrogate.regime.kind)},
      {"fit", to_json(surrogate.fitted, cube.space())},
      {"fit_evaluations", surrogate.fit_evaluations},
      {"widening", surrogate.widening},
      {"transform",
       {{"name", "winsorized_zscore"},
        {"cap", transform.cap},
        {"center", transform.center},
        {"scale", transform.scale}}},
      {"prediction",
       {{"mean", in_units(mean)}, {"stddev", std::sqrt(posterior.variance[0]) * transform.scale}}},
      {"incumbent", in_units(incumbent)},
      {"log_expected_improvement", acquisition.values(x.transpose())[0]},
      {"feasibility", acquisition.feasibility(x)},
      {"jitter", gp.jitter()}};
  if (dataset.from_others > 0) model["from_others"] = dataset.from_others;
  return model.dump();
}

}  // namespace hpo
