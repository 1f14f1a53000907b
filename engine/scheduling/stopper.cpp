#include "engine/scheduling/stopper.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "engine/duration_text.h"

namespace hpo {

Standing::Standing(const Study& study)
    : has_front_(study.spec.objectives.size() > 1), front_(study.spec) {
  std::vector<const Trial*> ended;
  for (const auto& trial : study.trials) {
    if (is_finished(trial->state)) ended.push_back(trial.get());
  }
  std::stable_sort(ended.begin(), ended.end(), [](const Trial* a, const Trial* b) {
    return a->finished_event < b->finished_event;
  });
  for (const Trial* trial : ended) add(*trial);
}

void Standing::add(const Trial& ended) {
  ++finished_;
  ++since_best_;
  if (ended.state == TrialState::complete && front_.add(std::make_shared<const Trial>(ended))) {
    since_best_ = 0;
  }
  if (!ended.started_at || !ended.finished_at) return;
  const std::chrono::duration<double> duration = *ended.finished_at - *ended.started_at;
  durations_s_ += std::max(0.0, duration.count());
  ++durations_;
}

std::optional<double> Standing::best() const {
  return has_best() && !has_front_ ? front_.trials().front()->value : std::nullopt;
}

std::int64_t Standing::best_trial() const {
  return has_best() && !has_front_ ? front_.trials().front()->number : -1;
}

std::optional<double> Standing::mean_duration_s() const {
  if (durations_ == 0) return std::nullopt;
  return durations_s_ / static_cast<double>(durations_);
}

std::optional<StopReason> reason_to_stop(const Limits& limits, Goal goal, const Standing& standing,
                                         double active_s) {
  const auto finished = standing.finished();
  if (limits.target && standing.best() && !is_better(goal, *limits.target, *standing.best())) {
    return StopReason{
        .text = fmt::format("target {} reached by trial {}", *limits.target, standing.best_trial()),
        .stop_running = true};
  }
  if (limits.trials && finished >= *limits.trials) {
    return StopReason{.text =
                          fmt::format("{} trial{} finished", finished, finished == 1 ? "" : "s")};
  }
  if (limits.no_improvement && standing.since_best() >= *limits.no_improvement) {
    if (standing.has_front()) {
      return StopReason{
          .text = fmt::format("{} trials without a new one on the front", standing.since_best())};
    }
    return StopReason{
        .text = fmt::format("{} trials without a better value than {:.6g} of trial {}",
                            standing.since_best(), *standing.best(), standing.best_trial())};
  }
  if (limits.runtime_s && active_s >= *limits.runtime_s) {
    return StopReason{
        .text = fmt::format("runtime of {} used up", duration_text(*limits.runtime_s)),
        .stop_running = true};
  }
  return std::nullopt;
}

}  // namespace hpo
