#include "bayesopt/fitted_parameters.h"

#include <nlohmann/json.hpp>

#include "objectives/json.h"

namespace hpo {
namespace {

using nlohmann::json;

/// Numbers by parameter's name.
json by_name(const Eigen::VectorXd& values, const SearchSpace& space) {
  auto result = json::object();
  Eigen::Index i = 0;
  for (const auto& parameter : space.parameters) result[parameter.name] = values[i++];
  return result;
}

Eigen::VectorXd from_names(const json& values, const SearchSpace& space) {
  Eigen::VectorXd result(static_cast<Eigen::Index>(space.parameters.size()));
  Eigen::Index i = 0;
  for (const auto& parameter : space.parameters) {
    result[i++] = values.at(parameter.name).get<double>();
  }
  return result;
}

std::optional<FittedParameters> fit_from(const json& model, const SearchSpace& space) {
  const auto at = model.is_object() ? model.find("fit") : model.end();
  if (at == model.end()) return std::nullopt;
  try {
    const auto n = at->at("n").get<std::int64_t>();
    FittedParameters fitted{.n = n};
    fitted.parameters = {.lengthscales = from_names(at->at("lengthscales"), space),
                         .signal_variance = at->at("signal_variance").get<double>(),
                         .noise_variance = at->at("noise_variance").get<double>()};
    if (const auto warp = at->find("warp"); warp != at->end()) {
      fitted.parameters.warp = {.a = from_names(warp->at("a"), space),
                                .b = from_names(warp->at("b"), space)};
    }
    if (const auto transfer = at->find("transfer"); transfer != at->end()) {
      transfer->get_to(fitted.transfer);
    }
    return fitted;
  } catch (const json::exception&) {
    return std::nullopt;  // another version's text: the fit starts from the priors
  }
}

}  // namespace

json to_json(const FittedParameters& fitted, const SearchSpace& space) {
  const GpParameters& parameters = fitted.parameters;
  json text{{"n", fitted.n},
            {"lengthscales", by_name(parameters.lengthscales, space)},
            {"signal_variance", parameters.signal_variance},
            {"noise_variance", parameters.noise_variance}};
  if (!parameters.warp.is_none()) {
    text["warp"] = {{"a", by_name(parameters.warp.a, space)},
                    {"b", by_name(parameters.warp.b, space)}};
  }
  if (!fitted.transfer.empty()) text["transfer"] = fitted.transfer;
  return text;
}

FittedOutputs newest_fit(const Study& study) {
  const std::size_t outputs = study.spec.is_plain() ? 0 : further_metrics(study.spec).size();
  FittedOutputs fits{.further = std::vector<std::optional<FittedParameters>>(outputs)};
  for (auto trial = study.trials.rbegin(); trial != study.trials.rend(); ++trial) {
    if ((*trial)->model.find("\"fit\"") == std::string::npos) continue;
    const auto model = parse_json((*trial)->model);
    if (!model || !model->is_object()) continue;
    fits.first = fit_from(*model, study.spec.space);
    if (!fits.first) continue;
    const auto others = model->find("outputs");
    for (std::size_t k = 0; k < outputs && others != model->end() && k < others->size(); ++k) {
      fits.further[k] = fit_from((*others)[k], study.spec.space);
    }
    break;
  }
  return fits;
}

}  // namespace hpo
