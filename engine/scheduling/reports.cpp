#include "engine/scheduling/reports.h"

#include <algorithm>
#include <cmath>

namespace hpo {

void Curve::add(std::int64_t step, double value) {
  last_step_ = step;
  if (std::isfinite(value)) {
    sum_ += value;
    ++count_;
  }
  if (count_ == 0) return;
  if (newest_is_extra_) points_.pop_back();
  if (points_.size() == kPoints) {
    for (std::size_t i = 1; 2 * i < kPoints; ++i) points_[i] = points_[2 * i];
    points_.resize(kPoints / 2);
    spacing_ *= 2;
  }
  points_.push_back({.step = step, .average = sum_ / static_cast<double>(count_)});
  newest_is_extra_ = added_ % spacing_ != 0;
  ++added_;
}

std::optional<double> Curve::average_at(std::int64_t step) const {
  if (points_.empty() || last_step_ < step) return std::nullopt;
  const auto after =
      std::upper_bound(points_.begin(), points_.end(), step,
                       [](std::int64_t wanted, const Point& point) { return wanted < point.step; });
  if (after == points_.begin()) return std::nullopt;
  return std::prev(after)->average;
}

std::optional<std::int64_t> Curve::last_step() const {
  if (points_.empty()) return std::nullopt;
  return last_step_;
}

void TrialReports::Summary::add(Goal goal, std::int64_t step, double value) {
  last = value;
  if (std::isfinite(value) && (!best || is_better(goal, value, *best))) best = value;
  curve.add(step, value);
}

TrialReports::TrialReports(ObjectiveSpec objective, int attempt)
    : objective_(std::move(objective)), attempt_(attempt) {}

void TrialReports::load(std::span<const Measurement> stored) {
  for (const auto& row : stored) {
    if (row.attempt > attempt_) continue;
    for (const auto& [metric, value] : row.metrics) take(row.attempt, row.step, metric, value);
  }
}

bool TrialReports::add(Measurement& report) {
  for (auto at = report.metrics.begin(); at != report.metrics.end();) {
    const auto newest = newest_step_.find(at->first);
    if (newest != newest_step_.end() && report.step <= newest->second) {
      at = report.metrics.erase(at);
    } else {
      take(attempt_, report.step, at->first, at->second);
      ++at;
    }
  }
  return !report.metrics.empty();
}

void TrialReports::take(int attempt, std::int64_t step, const std::string& metric, double value) {
  metrics_[metric] = value;
  if (attempt == attempt_) newest_step_[metric] = step;
  if (metric != objective_.metric) return;
  if (attempt != earlier_attempt_ && !earlier_.empty()) {
    std::erase_if(earlier_, [&](const auto& report) { return report.first >= step; });
  }
  if (attempt < attempt_) {
    earlier_attempt_ = attempt;
    earlier_.emplace_back(step, value);
    return;
  }
  for (const auto& [past, held] : earlier_) summary_.add(objective_.goal, past, held);
  earlier_.clear();
  earlier_.shrink_to_fit();
  summary_.add(objective_.goal, step, value);
}

TrialReports::Summary TrialReports::summary() const {
  Summary all = summary_;
  for (const auto& [step, value] : earlier_) all.add(objective_.goal, step, value);
  return all;
}

std::optional<double> TrialReports::value() const {
  const Summary all =
      earlier_.empty() ? Summary{.last = summary_.last, .best = summary_.best} : summary();
  if (objective_.value == ValueRule::best && all.best) return all.best;
  return all.last;
}

Curve TrialReports::curve() const { return summary().curve; }

}  // namespace hpo
