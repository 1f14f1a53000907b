#include "engine/cli/model_text.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/cli/text.h"
#include "engine/cli/trial_json.h"

namespace hpo::cli {

std::string percent_text(double share) {
  if (share > 0 && share < 0.01) return "<1 %";
  return fmt::format("{:.0f} %", 100 * share);
}

std::string prediction_text(const Prediction& prediction) {
  return fmt::format("{:.5g} ± {:.2g}", prediction.mean, prediction.stddev);
}

std::string calibration_text(const Calibration& calibration) {
  const std::string within =
      fmt::format("{} of {} left-out results within one deviation (68 % expected)",
                  percent_text(calibration.within_one), calibration.n);
  if (calibration.is_good()) return "calibrated: " + within;
  if (calibration.widening() == 1) return "too few results to tell: " + within;
  return fmt::format("too sure of itself, its deviations are taken {:.2g} times as wide: {}",
                     std::sqrt(calibration.widening()), within);
}

nlohmann::ordered_json calibration_json(const Calibration& calibration) {
  return {{"left_out", calibration.n},
          {"z_variance", number_json(calibration.variance)},
          {"recent_z_variance", number_json(calibration.recent_variance)},
          {"within_one_stddev", number_json(calibration.within_one)},
          {"within_two_stddev", number_json(calibration.within_two)},
          {"explained", number_json(calibration.explained)},
          {"good", calibration.is_good()}};
}

}  // namespace hpo::cli
