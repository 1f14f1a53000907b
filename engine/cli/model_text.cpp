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

std::string regret_text(const RegretBound& bound) {
  return fmt::format("within {:.2g} of the optimum with probability {}", bound.bound,
                     bound.probability);
}

Outlook outlook_of(const Study& study) {
  // A model of fewer results says neither, and costs more than looking at them.
  constexpr std::int64_t kFewest = 10;
  if (study.count(TrialState::complete) < kFewest || !study.spec.is_plain()) return {};
  const auto model = StudyModel::of(study);
  if (!model) return {};
  Outlook outlook{.advice = space_advice(*model, importance_of(*model))};
  if (const auto bound = regret_bound(*model)) outlook.regret = *bound;
  return outlook;
}

std::vector<std::pair<std::string, std::string>> outlook_fields(const Outlook& outlook) {
  std::vector<std::pair<std::string, std::string>> fields;
  if (outlook.regret) fields.emplace_back("regret", regret_text(*outlook.regret));
  for (const auto& piece : outlook.advice) {
    fields.emplace_back("advice", printable(fmt::format("{}: {}", piece.message, piece.hint)));
  }
  return fields;
}

nlohmann::ordered_json regret_json(const std::optional<RegretBound>& bound) {
  if (!bound) return {};
  return {{"bound", number_json(bound->bound)}, {"probability", bound->probability}};
}

nlohmann::ordered_json advice_json(const std::vector<SpaceAdvice>& advice) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const auto& piece : advice) {
    list.push_back({{"parameter", piece.parameter},
                    {"kind", to_string(piece.kind)},
                    {"message", piece.message},
                    {"hint", piece.hint}});
  }
  return list;
}

}  // namespace hpo::cli
