#include "engine/report/model_json.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "bayesopt/landscape.h"
#include "engine/report/binary.h"
#include "objectives/json.h"

namespace hpo::report {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kSlicePoints = 61;
constexpr std::size_t kContourPoints = 25;
/// 45 pairs: more take seconds, and nobody looks at them.
constexpr std::size_t kMostInContours = 10;

ordered_json share_json(const VarianceShare& share) {
  return ordered_json::array({share.value, share.low, share.high});
}

/// Numbers packed, other values as they are.
ordered_json values_json(const std::vector<ParameterValue>& values) {
  std::vector<double> numbers;
  ordered_json list = ordered_json::array();
  for (const auto& value : values) {
    if (const auto* d = std::get_if<double>(&value)) numbers.push_back(*d);
    if (const auto* i = std::get_if<std::int64_t>(&value)) {
      numbers.push_back(static_cast<double>(*i));
    }
    list.emplace_back(to_json(value));
  }
  return numbers.size() == values.size() ? ordered_json(packed<double>(numbers)) : list;
}

/// Equal but for what a logarithm and back does to a number.
bool is_same(const ParameterValue& a, const ParameterValue& b) {
  const auto* x = std::get_if<double>(&a);
  const auto* y = std::get_if<double>(&b);
  if (x == nullptr || y == nullptr) return a == b;
  return std::abs(*x - *y) <= 1e-9 * std::max(std::abs(*x), std::abs(*y));
}

/// The earliest trial with a value and this configuration, or null.
ordered_json trial_with(const Study& study, const Configuration& configuration) {
  const auto& trials = study.trials;
  const auto found = std::find_if(trials.begin(), trials.end(), [&](const auto& trial) {
    return trial->value &&
           std::equal(trial->configuration.begin(), trial->configuration.end(),
                      configuration.begin(), configuration.end(), [](const auto& a, const auto& b) {
                        return a.first == b.first && is_same(a.second, b.second);
                      });
  });
  return found == trials.end() ? ordered_json() : ordered_json((*found)->number);
}

ordered_json slices_json(const Study& study, const StudyModel& model) {
  ordered_json slices = ordered_json::array();
  for (std::size_t i = 0; i < study.spec.space.parameters.size(); ++i) {
    const auto along = slice(model, i, kSlicePoints);
    if (!along) continue;
    std::vector<double> mean;
    std::vector<double> stddev;
    for (const auto& prediction : along->predictions) {
      mean.push_back(prediction.mean);
      stddev.push_back(prediction.stddev);
    }
    slices.push_back({{"parameter", i},
                      {"trial", trial_with(study, along->through)},
                      {"values", values_json(along->values)},
                      {"mean", packed_values(mean)},
                      {"stddev", packed_values(stddev)}});
  }
  return slices;
}

/// Indices of the most important parameters, in the space's order.
std::vector<std::size_t> in_contours(const SearchSpace& space, const Importance& importance) {
  std::vector<std::size_t> chosen;
  for (const auto& parameter : importance.parameters) {
    if (chosen.size() == kMostInContours) break;
    chosen.push_back(
        static_cast<std::size_t>(space.find(parameter.name) - space.parameters.data()));
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

ordered_json contours_json(const Study& study, const Knowledge& known) {
  ordered_json contours = ordered_json::array();
  const auto chosen = in_contours(study.spec.space, known.importance);
  for (const auto i : chosen) {
    for (const auto j : chosen) {
      if (j <= i) continue;
      const auto grid = contour(*known.model, i, j, kContourPoints);
      if (!grid) continue;
      contours.push_back({{"first", i},
                          {"second", j},
                          {"trial", trial_with(study, grid->through)},
                          {"a", values_json(grid->first)},
                          {"b", values_json(grid->second)},
                          {"mean", packed_values(grid->means)}});
    }
  }
  return contours;
}

ordered_json importance_json(const Importance& importance) {
  ordered_json list = ordered_json::array();
  for (const auto& parameter : importance.parameters) {
    list.push_back(
        {{"name", parameter.name},
         {"total", share_json(parameter.total)},
         {"alone", share_json(parameter.alone)},
         {"in_best", parameter.among_best ? ordered_json(*parameter.among_best) : ordered_json()}});
  }
  return list;
}

}  // namespace

ordered_json model_json(const Study& study, const Knowledge& known) {
  if (!known.model) return {{"why_not", known.why_not}};
  const auto& calibration = known.model->calibration();
  return {{"results", known.model->observations()},
          {"noise_stddev", known.model->noise_stddev()},
          {"calibration",
           {{"explained", calibration.explained},
            {"within_one", calibration.within_one},
            {"good", calibration.is_good()}}},
          {"importance", importance_json(known.importance)},
          {"slices", slices_json(study, *known.model)},
          {"contours", contours_json(study, known)}};
}

}  // namespace hpo::report
