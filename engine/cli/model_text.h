#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bayesopt/calibration.h"
#include "bayesopt/regret_bound.h"
#include "bayesopt/space_advice.h"
#include "bayesopt/study_model.h"
#include "objectives/study.h"

namespace hpo::cli {

/// `0.67` as `67 %`; `<1 %` for what is not quite nothing.
std::string percent_text(double share);

/// `0.31 ± 0.02`.
std::string prediction_text(const Prediction& prediction);

/// Whether the model's deviations can be trusted: `calibrated: 67 % of 40 left-out results within
/// one deviation (68 % expected)`.
std::string calibration_text(const Calibration& calibration);
nlohmann::ordered_json calibration_json(const Calibration& calibration);

/// `within 0.4 of the optimum with probability 0.9`.
std::string regret_text(const RegretBound& bound);

/// What a model of a study says about its best trial and its space; nothing where there is none.
struct Outlook {
  std::optional<RegretBound> regret = {};
  std::vector<SpaceAdvice> advice = {};
};
Outlook outlook_of(const Study& study);

/// Fields of a table: the regret, and a line for each piece of advice.
std::vector<std::pair<std::string, std::string>> outlook_fields(const Outlook& outlook);
/// {bound, probability}, or null.
nlohmann::ordered_json regret_json(const std::optional<RegretBound>& bound);
/// An array of {parameter, kind, message, hint}.
nlohmann::ordered_json advice_json(const std::vector<SpaceAdvice>& advice);

}  // namespace hpo::cli
