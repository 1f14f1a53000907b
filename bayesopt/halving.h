#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "bayesopt/ladder.h"
#include "objectives/study.h"

namespace hpo {

/// A configuration and its trials, each of which goes on where the one before it paused.
struct Climb {
  std::vector<std::shared_ptr<const Trial>> trials = {};  ///< the first one first
  std::size_t bracket = 0;                                ///< the rung of the first one
};

/// The study's configurations in the order of their first trials. A trial without a budget (of an
/// earlier strategy) ran to the top.
std::vector<Climb> climbs_of(const Ladder& ladder, const Study& study);

/// The paused trial that goes on next by asynchronous successive halving: among the best 1/eta of
/// what ended on its rung of its bracket, not promoted yet; from the highest rung, the best first.
/// Nothing where none is. Li et al. (2020), "A system for massively parallel hyperparameter
/// tuning", algorithm 2.
std::shared_ptr<const Trial> promotable(const Ladder& ladder, Goal goal,
                                        const std::vector<Climb>& climbs);

/// The study as a sampler within hyperband sees it: one trial for each configuration, valued at one
/// rung, the highest that `enough` configurations got to (after Falkner et al. (2018), "BOHB"),
/// else the lowest. A configuration that skipped that rung has the value of its first rung above;
/// one that did not get there is pruned with its last value; one that runs for its first time is
/// running.
Study inner_study(const Ladder& ladder, const Study& study, const std::vector<Climb>& climbs,
                  std::size_t enough);

}  // namespace hpo
