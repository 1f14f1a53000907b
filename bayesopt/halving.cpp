#include "bayesopt/halving.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace hpo {
namespace {

using Shared = std::shared_ptr<const Trial>;

std::size_t rung_of(const Ladder& ladder, const Trial& trial) {
  return trial.budget ? ladder.rung_of(*trial.budget) : ladder.top();
}

bool has_value(const Trial& trial) {
  const bool ran = trial.state == TrialState::paused || trial.state == TrialState::complete;
  return ran && trial.value && std::isfinite(*trial.value);
}

/// The rung whose values the model learns from.
std::size_t model_rung(const Ladder& ladder, const std::vector<Climb>& climbs, std::size_t enough) {
  std::vector<std::size_t> counts(ladder.top() + 1, 0);  // of configurations that got so high
  for (const auto& climb : climbs) {
    std::size_t reached = 0;
    for (const auto& trial : climb.trials) {
      if (has_value(*trial)) reached = rung_of(ladder, *trial) + 1;
    }
    for (std::size_t rung = 0; rung < reached; ++rung) ++counts[rung];
  }
  std::size_t rung = ladder.top();
  while (rung > 0 && counts[rung] < enough) --rung;
  return rung;
}

/// What a configuration's trials say at a rung, as one trial.
Trial told(const Ladder& ladder, const Climb& climb, std::size_t rung) {
  const Trial& last = *climb.trials.back();
  Trial one = *climb.trials.front();
  one.value.reset();
  one.failure.reset();
  const Trial* below = nullptr;
  for (const auto& trial : climb.trials) {
    if (!has_value(*trial)) continue;
    if (rung_of(ladder, *trial) >= rung) {
      one.state = TrialState::complete;
      one.value = trial->value;
      return one;
    }
    below = trial.get();
  }
  if (!has_ended(last.state)) {
    one.state = TrialState::running;
  } else if (last.state == TrialState::failed) {
    one.state = TrialState::failed;
    one.failure = last.failure;
  } else {
    one.state = TrialState::pruned;
    one.value = below != nullptr ? below->value : last.value;
  }
  return one;
}

}  // namespace

std::vector<Climb> climbs_of(const Ladder& ladder, const Study& study) {
  std::vector<Climb> climbs;
  std::map<std::int64_t, std::size_t> place;  // of each trial's climb
  for (const auto& trial : study.trials) {
    const auto before = trial->continues ? place.find(*trial->continues) : place.end();
    if (before == place.end()) {
      climbs.push_back({.bracket = rung_of(ladder, *trial)});
      place[trial->number] = climbs.size() - 1;
    } else {
      place[trial->number] = before->second;
    }
    climbs[place[trial->number]].trials.push_back(trial);
  }
  return climbs;
}

std::shared_ptr<const Trial> promotable(const Ladder& ladder, Goal goal,
                                        const std::vector<Climb>& climbs) {
  struct Rung {
    std::int64_t ended = 0;
    std::vector<std::pair<Shared, bool>> paused = {};  // and whether it was promoted
  };
  std::map<std::pair<std::size_t, std::size_t>, Rung> rungs;  // by rung and bracket
  for (const auto& climb : climbs) {
    for (const auto& trial : climb.trials) {
      if (!has_ended(trial->state)) continue;
      Rung& rung = rungs[{rung_of(ladder, *trial), climb.bracket}];
      ++rung.ended;
      if (trial->state == TrialState::paused && has_value(*trial)) {
        rung.paused.emplace_back(trial, trial != climb.trials.back());
      }
    }
  }
  for (auto at = rungs.rbegin(); at != rungs.rend(); ++at) {
    auto& paused = at->second.paused;
    std::stable_sort(paused.begin(), paused.end(), [&](const auto& a, const auto& b) {
      return is_better(goal, *a.first->value, *b.first->value);
    });
    const auto quota = static_cast<std::size_t>(at->second.ended / ladder.eta());
    for (std::size_t k = 0; k < std::min(quota, paused.size()); ++k) {
      if (!paused[k].second && at->first.first < ladder.top()) return paused[k].first;
    }
  }
  return nullptr;
}

Study inner_study(const Ladder& ladder, const Study& study, const std::vector<Climb>& climbs,
                  std::size_t enough) {
  Study inner{.spec = study.spec, .trials = {}, .last_event = study.last_event};
  const std::size_t rung = model_rung(ladder, climbs, enough);
  inner.prior = study.prior;
  // What others found with whole trainings are no values of a lower rung.
  for (auto& use : inner.prior) use.is_only_related = use.is_only_related || rung < ladder.top();
  for (const auto& climb : climbs) {
    Trial one = told(ladder, climb, rung);
    one.number = static_cast<std::int64_t>(inner.trials.size());
    one.budget.reset();
    inner.trials.push_back(std::make_shared<const Trial>(std::move(one)));
  }
  return inner;
}

}  // namespace hpo
