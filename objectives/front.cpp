#include "objectives/front.h"

#include <algorithm>
#include <cmath>

namespace hpo {
namespace {

/// The trial's values as coordinates to minimise; the same one twice of a single objective.
ParetoPoint point_of(const std::vector<ObjectiveSpec>& objectives,
                     const std::vector<double>& values) {
  ParetoPoint point = {};
  for (std::size_t k = 0; k < point.size(); ++k) {
    const std::size_t at = std::min(k, objectives.size() - 1);
    point[k] = objectives[at].goal == Goal::maximize ? -values[at] : values[at];
  }
  return point;
}

using Trials = std::vector<std::shared_ptr<const Trial>>;

/// Appends trials on the front of the others, then those on the front of the rest, and so on; of
/// one front those nearest to its knee first.
void append_by_fronts(const StudySpec& spec, const Trials& eligible, Trials& out) {
  std::vector<ParetoPoint> points;
  for (const auto& trial : eligible) {
    points.push_back(point_of(spec.objectives, *objective_values(spec, *trial)));
  }
  const auto ranks = nondomination_ranks(points);
  const std::size_t fronts = ranks.empty() ? 0 : *std::max_element(ranks.begin(), ranks.end()) + 1;
  std::vector<std::vector<std::size_t>> members(fronts);
  for (std::size_t i = 0; i < ranks.size(); ++i) members[ranks[i]].push_back(i);
  for (auto& front : members) {
    std::stable_sort(front.begin(), front.end(),
                     [&](std::size_t a, std::size_t b) { return points[a] < points[b]; });
    std::vector<ParetoPoint> sorted;
    for (const auto i : front) sorted.push_back(points[i]);
    const auto distances = distances_to_ideal(sorted);
    std::vector<std::size_t> order(front.size());
    for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      if (distances[a] != distances[b]) return distances[a] < distances[b];
      return eligible[front[a]]->number < eligible[front[b]]->number;
    });
    for (const auto k : order) out.push_back(eligible[front[k]]);
  }
}

}  // namespace

Front::Front(const StudySpec& spec) {
  spec_.objectives = spec.objectives;
  spec_.constraints = spec.constraints;
}

Front::Front(const Study& study) : Front(study.spec) {
  for (const auto& trial : study.trials) add(trial);
}

bool Front::add(std::shared_ptr<const Trial> trial) {
  if (spec_.objectives.empty() || !is_eligible(spec_, *trial)) return false;
  const ParetoPoint point = point_of(spec_.objectives, *objective_values(spec_, *trial));
  // Along the front the first coordinate grows and the second falls.
  const auto at = std::lower_bound(points_.begin(), points_.end(), point);
  if (at != points_.end() && *at == point) return false;
  if (at != points_.begin() && (*std::prev(at))[1] <= point[1]) return false;
  auto end = at;
  while (end != points_.end() && (*end)[1] >= point[1]) ++end;
  const auto first = trials_.begin() + (at - points_.begin());
  const auto place = trials_.erase(first, first + (end - at));
  trials_.insert(place, std::move(trial));
  points_.insert(points_.erase(at, end), point);
  return true;
}

std::shared_ptr<const Trial> Front::knee() const {
  return points_.empty() ? nullptr : trials_[knee_of(points_)];
}

std::optional<Gain> gain_of(const Study& study) {
  if (study.spec.objectives.size() < 2) return std::nullopt;
  const Front front(study);
  if (front.points().empty()) return std::nullopt;
  ParetoPoint worst = front.points().front();
  for (const auto& trial : study.trials) {
    if (!is_eligible(study.spec, *trial)) continue;
    const auto point = point_of(study.spec.objectives, *objective_values(study.spec, *trial));
    for (std::size_t k = 0; k < worst.size(); ++k) worst[k] = std::max(worst[k], point[k]);
  }
  Gain gain{.hypervolume = hypervolume(front.points(), worst)};
  for (std::size_t k = 0; k < worst.size(); ++k) {
    const bool is_negated = study.spec.objectives[k].goal == Goal::maximize;
    gain.reference.push_back(is_negated ? -worst[k] : worst[k]);
  }
  return gain;
}

double violation(const std::vector<ConstraintSpec>& constraints, const Trial& trial,
                 const std::vector<double>& scales) {
  double sum = 0;
  for (std::size_t k = 0; k < constraints.size(); ++k) {
    const auto at = trial.metrics.find(constraints[k].metric);
    // One that was not measured counts as the worst that was.
    sum += at == trial.metrics.end() || std::isnan(at->second)
               ? 1
               : constraints[k].excess(at->second) / scales[k];
  }
  return sum;
}

std::vector<double> violation_scales(const Study& study) {
  std::vector<double> scales;
  for (const auto& constraint : study.spec.constraints) {
    double most = 0;
    for (const auto& trial : study.trials) {
      const auto at = trial->metrics.find(constraint.metric);
      if (trial->state != TrialState::complete || at == trial->metrics.end()) continue;
      const double by = constraint.excess(at->second);
      if (std::isfinite(by)) most = std::max(most, by);
    }
    scales.push_back(most > 0 ? most : 1);
  }
  return scales;
}

std::vector<std::shared_ptr<const Trial>> best_first(const Study& study) {
  Trials eligible;
  std::vector<std::pair<double, std::shared_ptr<const Trial>>> others;
  const auto scales = violation_scales(study);
  for (const auto& trial : study.trials) {
    if (trial->state != TrialState::complete || !trial->value) continue;
    if (is_eligible(study.spec, *trial)) {
      eligible.push_back(trial);
    } else {
      others.emplace_back(violation(study.spec.constraints, *trial, scales), trial);
    }
  }
  Trials out;
  if (!study.spec.objectives.empty()) append_by_fronts(study.spec, eligible, out);
  std::stable_sort(others.begin(), others.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [by, trial] : others) out.push_back(std::move(trial));
  return out;
}

}  // namespace hpo
