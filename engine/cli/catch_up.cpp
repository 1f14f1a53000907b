#include "engine/cli/catch_up.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "engine/cli/text.h"
#include "engine/cli/trial_selection.h"
#include "engine/duration_text.h"

namespace hpo::cli {
namespace {

/// Ended trials as they ended.
Trials ended_in_order(const Study& study) {
  Trials trials;
  for (const auto& trial : study.trials) {
    if (is_finished(trial->state)) trials.push_back(trial);
  }
  std::stable_sort(trials.begin(), trials.end(), [](const auto& a, const auto& b) {
    return a->finished_event < b->finished_event;
  });
  return trials;
}

std::optional<TimePoint> first_start(const Study& study) {
  std::optional<TimePoint> first;
  for (const auto& trial : study.trials) {
    if (trial->started_at && (!first || *trial->started_at < *first)) first = trial->started_at;
  }
  return first;
}

}  // namespace

std::optional<CatchUp> catch_up(const Study& study, const Study& goal_of) {
  const auto& objectives = study.spec.objectives;
  const auto best = goal_of.best_trial();
  if (objectives.size() != 1 || objectives != goal_of.spec.objectives || !best) return std::nullopt;
  CatchUp reached{.of = goal_of.finished()};
  std::int64_t count = 0;
  for (const auto& trial : ended_in_order(study)) {
    ++count;
    if (!is_eligible(study.spec, *trial)) continue;
    if (is_better(objectives.front().goal, *best->value, *trial->value)) continue;
    reached.trials = count;
    const auto begin = first_start(study);
    if (begin && trial->finished_at) {
      reached.seconds = std::chrono::duration<double>(*trial->finished_at - *begin).count();
    }
    return reached;
  }
  return reached;
}

std::string catch_up_text(const CatchUp& reached) {
  if (!reached.trials) return "not reached";
  const double share = static_cast<double>(*reached.trials) / static_cast<double>(reached.of);
  std::string text = fmt::format("after {} ({:.0f} % of its {})", counted(*reached.trials, "trial"),
                                 100 * share, reached.of);
  return reached.seconds ? text + ", " + duration_text(*reached.seconds) : text;
}

}  // namespace hpo::cli
