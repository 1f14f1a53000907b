#include "bayesopt/fitted_parameters.h"

#include <nlohmann/json.hpp>

#include "objectives/json.h"

namespace hpo {
namespace {

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
