#include "objectives/synthetic.h"

namespace hpo {
namespace {

/// Numbers of any type count: a search may run over an int or ordinal version of the parameter.
std::optional<double> as_number(const ParameterValue& value) {
  if (const auto* x = std::get_if<double>(&value)) return *x;
  if (const auto* i = std::get_if<std::int64_t>(&value)) return static_cast<double>(*i);
  return std::nullopt;
}

}  // namespace

Result<Measurement> SyntheticObjective::evaluate(const Configuration& configuration,
                                                 const ObjectiveContext& /*context*/) {
  std::vector<double> x;
  for (const auto& parameter : space().parameters) {
    const auto at = configuration.find(parameter.name);
    if (at == configuration.end()) {
      return Error{.message = "the objective needs a parameter " + parameter.name};
    }
    const auto number = as_number(at->second);
    if (!number)
      return Error{.message =
                       "parameter " + parameter.name + " must be a number for this objective"};
    x.push_back(*number);
  }
  return Measurement{.step = 0, .metrics = {{"value", value(x)}}};
}

}  // namespace hpo
