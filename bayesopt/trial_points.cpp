#include "bayesopt/trial_points.h"

namespace hpo {

void TrialPoints::update(const Study& study) {
  update_prior(study);
  for (std::size_t i = study.trials.size(); i < points_.size(); ++i) set(i, std::nullopt);
  trials_.resize(study.trials.size());
  points_.resize(study.trials.size());
  for (std::size_t i = 0; i < trials_.size(); ++i) {
    const auto& trial = study.trials[i];
    if (trials_[i] == trial) continue;
    // A snapshot copies the trials that have not ended: another object, the same configuration.
    const bool is_known = trials_[i] && trials_[i]->configuration == trial->configuration;
    if (!is_known) set(i, cube_.encode(trial->configuration));
    trials_[i] = trial;
  }
}

void TrialPoints::set(std::size_t number, std::optional<Point> x) {
  auto& point = points_[number];
  if (point) use(*point, -1);
  point = std::move(x);
  if (point) use(*point, 1);
}

void TrialPoints::use(const Point& x, int times) {
  const auto at = uses_.emplace(x, 0).first;
  at->second += times;
  if (at->second == 0) uses_.erase(at);
}

void TrialPoints::update_prior(const Study& study) {
  std::vector<std::shared_ptr<const PriorStudy>> sources;
  for (const auto& use : study.sources()) {
    if (use.relation() == Relation::identical) sources.push_back(use.source);
  }
  if (sources == sources_) return;
  for (const auto& point : prior_) use(point.x, -1);
  prior_.clear();
  for (const auto& source : sources) {
    for (const auto& result : source->results) {
      auto x = cube_.encode(result.configuration);
      if (!x) continue;
      use(*x, 1);
      prior_.push_back({.x = std::move(*x), .value = result.value});
    }
  }
  sources_ = std::move(sources);
}

}  // namespace hpo
