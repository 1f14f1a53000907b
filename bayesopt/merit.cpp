#include "bayesopt/merit.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace hpo {
namespace {

using Outputs = std::vector<std::vector<double>>;

/// For each observation the excess over each constraint's bounds, in units of the largest one.
std::vector<double> violations(const StudySpec& spec, std::size_t n, const Outputs& further) {
  std::vector<double> sum(n, 0);
  for (std::size_t c = 0; c < spec.constraints.size(); ++c) {
    const auto& values = further[spec.objectives.size() - 1 + c];
    double most = 0;
    for (const double value : values) most = std::max(most, spec.constraints[c].excess(value));
    if (most == 0) continue;
    for (std::size_t i = 0; i < n; ++i) sum[i] += spec.constraints[c].excess(values[i]) / most;
  }
  return sum;
}

/// The corner that a front's points are measured to: its worst values and a tenth of its extent.
/// With the worst of all observations instead the front's ends, which are worth little, come first.
ParetoPoint beyond(const std::vector<ParetoPoint>& front) {
  const ParetoPoint& left = front.front();
  const ParetoPoint& right = front.back();
  return {right[0] + 0.1 * (right[0] - left[0]), left[1] + 0.1 * (left[1] - right[1])};
}

/// `rows` of two objectives by fronts, of each the one that adds most first. Returns the first
/// front's size.
std::size_t sort_by_fronts(std::vector<std::size_t>& rows, const std::vector<double>& y0,
                           const std::vector<double>& y1) {
  std::vector<ParetoPoint> points;
  for (const auto i : rows) points.push_back({y0[i], y1[i]});
  const auto ranks = nondomination_ranks(points);
  std::vector<double> area(points.size(), 0);
  std::vector<std::vector<std::size_t>> fronts(*std::max_element(ranks.begin(), ranks.end()) + 1);
  for (std::size_t k = 0; k < points.size(); ++k) fronts[ranks[k]].push_back(k);
  for (auto& front : fronts) {
    std::sort(front.begin(), front.end(),
              [&](std::size_t a, std::size_t b) { return points[a] < points[b]; });
    std::vector<ParetoPoint> sorted;
    for (const auto k : front) sorted.push_back(points[k]);
    const auto areas = exclusive_areas(sorted, beyond(sorted));
    for (std::size_t k = 0; k < front.size(); ++k) area[front[k]] = areas[k];
  }
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return ranks[a] != ranks[b] ? ranks[a] < ranks[b] : area[a] > area[b];
  });
  std::vector<std::size_t> sorted;
  for (const auto k : order) sorted.push_back(rows[k]);
  rows = std::move(sorted);
  return fronts.front().size();
}

}  // namespace

Merit merit_of(const StudySpec& spec, const std::vector<double>& y, const Outputs& further) {
  const auto by = violations(spec, y.size(), further);
  std::vector<std::size_t> feasible;
  std::vector<std::size_t> others;
  for (std::size_t i = 0; i < y.size(); ++i) (by[i] == 0 ? feasible : others).push_back(i);
  Merit merit{.place = std::vector<double>(y.size()), .is_feasible = {}};
  for (const double excess : by) merit.is_feasible.push_back(excess == 0);
  if (!feasible.empty() && spec.objectives.size() > 1) {
    merit.on_front = sort_by_fronts(feasible, y, further[0]);
  } else {
    std::stable_sort(feasible.begin(), feasible.end(),
                     [&](std::size_t a, std::size_t b) { return y[a] < y[b]; });
    merit.on_front = feasible.empty() ? 0 : 1;
  }
  std::stable_sort(others.begin(), others.end(),
                   [&](std::size_t a, std::size_t b) { return by[a] < by[b]; });
  feasible.insert(feasible.end(), others.begin(), others.end());
  for (std::size_t k = 0; k < feasible.size(); ++k) {
    merit.place[feasible[k]] = static_cast<double>(k);
  }
  return merit;
}

void rank_targets(const Study& study, std::vector<Target>& targets) {
  if (study.spec.is_plain()) return;
  std::vector<std::size_t> observed;
  std::vector<double> y;
  Outputs further(further_metrics(study.spec).size());
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (targets[i].role != Role::observed) continue;
    observed.push_back(i);
    y.push_back(targets[i].y);
    const auto outputs = *further_outputs(study.spec, *study.trials[i]);
    for (std::size_t k = 0; k < outputs.size(); ++k) further[k].push_back(outputs[k]);
  }
  const auto place = merit_of(study.spec, y, further).place;
  for (std::size_t k = 0; k < observed.size(); ++k) targets[observed[k]].y = place[k];
}

std::vector<double> reached(const StudySpec& spec, const Merit& merit, const std::vector<double>& y,
                            const Outputs& further, const std::array<double, 2>& scale) {
  std::vector<double> values(y.size(), std::numeric_limits<double>::infinity());
  if (spec.objectives.size() < 2) {
    for (std::size_t i = 0; i < y.size(); ++i) {
      if (merit.is_feasible[i]) values[i] = y[i];
    }
    return values;
  }
  ParetoPoint worst = {-std::numeric_limits<double>::infinity(),
                       -std::numeric_limits<double>::infinity()};
  const auto point = [&](std::size_t i) {
    return ParetoPoint{y[i] / scale[0], further[0][i] / scale[1]};
  };
  for (std::size_t i = 0; i < y.size(); ++i) {
    for (std::size_t k = 0; k < 2; ++k) worst[k] = std::max(worst[k], point(i)[k]);
  }
  std::vector<ParetoPoint> front;
  double area = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (merit.is_feasible[i]) {
      front.push_back(point(i));
      std::vector<ParetoPoint> best;
      for (const auto k : nondominated(front)) best.push_back(front[k]);
      front = std::move(best);
      area = hypervolume(front, worst);
    }
    values[i] = -area;
  }
  return values;
}

}  // namespace hpo
