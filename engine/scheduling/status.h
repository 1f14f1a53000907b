#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/resource_pool.h"
#include "engine/scheduling/stopper.h"

namespace hpo {

/// What the time to go is computed from.
struct EtaFacts {
  const Limits& limits;
  const Standing& standing;
  std::vector<double> running_s = {};  ///< how long each running trial has run
  int capacity = 1;                    ///< of the pool
  double active_s = 0;
};

/// Seconds until the study ends: the trials to go times the mean duration of those that ended, less
/// what the running ones have done, over as many as run at once; never more than what is left of
/// limits.runtime. Nothing where no limit or no ended trial tells.
std::optional<double> eta_s(const EtaFacts& facts);

/// StudyProgress.status: the JSON text that `hpo status` reads.
std::string status_json(const std::vector<SlotStatus>& slots, std::optional<double> eta,
                        double elapsed_s, TimePoint now);

}  // namespace hpo
