#include "engine/report/curves.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/report/binary.h"

namespace hpo::report {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kBest = 100;
constexpr std::size_t kOthers = 100;
constexpr std::size_t kMostPoints = 200;

/// Numbers of the trials whose curves are shown, ascending.
std::vector<std::int64_t> chosen(const Study& study) {
  std::vector<const Trial*> complete;
  std::vector<const Trial*> others;
  for (const auto& trial : study.trials) {
    if (!trial->started_at) continue;
    const bool is_ranked = trial->state == TrialState::complete && trial->value;
    (is_ranked ? complete : others).push_back(trial.get());
  }
  const Goal goal = study.spec.objectives.front().goal;
  std::stable_sort(complete.begin(), complete.end(), [&](const Trial* a, const Trial* b) {
    return is_better(goal, *a->value, *b->value);
  });
  const auto best = std::min(kBest, complete.size());
  others.insert(others.end(), complete.begin() + static_cast<std::ptrdiff_t>(best), complete.end());
  complete.resize(best);
  std::sort(others.begin(), others.end(), [](auto* a, auto* b) { return a->number < b->number; });
  const std::size_t every = std::max<std::size_t>(1, (others.size() + kOthers - 1) / kOthers);
  for (std::size_t i = 0; i < others.size(); i += every) complete.push_back(others[i]);
  std::vector<std::int64_t> numbers;
  for (const auto* trial : complete) numbers.push_back(trial->number);
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

struct Curve {
  std::vector<float> steps = {};
  std::vector<double> values = {};
};

/// The reports of one metric in the trial's last attempt, thinned evenly; the last one stays.
Curve curve_of(const std::vector<Measurement>& reports, const std::string& metric, int attempt) {
  std::vector<std::pair<float, double>> points;
  for (const auto& report : reports) {
    const auto at = report.metrics.find(metric);
    if (report.attempt != attempt || at == report.metrics.end()) continue;
    points.emplace_back(static_cast<float>(report.step), at->second);
  }
  const std::size_t every = (points.size() + kMostPoints - 1) / kMostPoints;
  Curve curve;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::size_t from_end = points.size() - 1 - i;
    if (every > 1 && from_end % every != 0) continue;
    curve.steps.push_back(points[i].first);
    curve.values.push_back(points[i].second);
  }
  return curve;
}

}  // namespace

Result<ordered_json> curves_json(const StudySource& source) {
  const Study& study = source.study();
  if (study.spec.objectives.empty()) return ordered_json();
  const std::string& metric = study.spec.objectives.front().metric;
  ordered_json trials = ordered_json::array();
  ordered_json lengths = ordered_json::array();
  std::vector<float> steps;
  std::vector<double> values;
  for (const auto number : chosen(study)) {
    const auto reports = source.reader.measurements(study.spec.name, number);
    if (!reports) return reports.error();
    const int attempt = study.trials[static_cast<std::size_t>(number)]->attempt;
    const Curve curve = curve_of(*reports, metric, attempt);
    if (curve.steps.size() < 2) continue;
    trials.push_back(number);
    lengths.push_back(curve.steps.size());
    steps.insert(steps.end(), curve.steps.begin(), curve.steps.end());
    values.insert(values.end(), curve.values.begin(), curve.values.end());
  }
  if (trials.empty()) return ordered_json();
  return ordered_json{{"metric", metric},
                      {"trials", std::move(trials)},
                      {"lengths", std::move(lengths)},
                      {"steps", packed<float>(steps)},
                      {"values", packed_values(values)}};
}

}  // namespace hpo::report
