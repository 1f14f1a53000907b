#include "bayesopt/trial_points.h"

namespace hpo {

void TrialPoints::update(const Study& study) {
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
  if (point) {
    const auto at = uses_.find(*point);
    if (--at->second == 0) uses_.erase(at);
  }
  point = std::move(x);
  if (point) ++uses_[*point];
}

}  // namespace hpo
