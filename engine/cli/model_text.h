#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "bayesopt/calibration.h"
#include "bayesopt/study_model.h"

namespace hpo::cli {

/// `0.67` as `67 %`; `<1 %` for what is not quite nothing.
std::string percent_text(double share);

/// `0.31 ± 0.02`.
std::string prediction_text(const Prediction& prediction);

/// Whether the model's deviations can be trusted: `calibrated: 67 % of 40 left-out results within
/// one deviation (68 % expected)`.
std::string calibration_text(const Calibration& calibration);
nlohmann::ordered_json calibration_json(const Calibration& calibration);

}  // namespace hpo::cli
