#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "objectives/error.h"
#include "objectives/study.h"
#include "storage/study_store.h"

namespace hpo {

/// What came of asking again for one trial.
enum class Replayed {
  same,       ///< the sampler says the same, bit for bit
  given,      ///< no sampler chose it: the user gave it, and it lies in the space
  different,  ///< the sampler says something else
  unknown,    ///< it cannot be asked again
};

const char* to_string(Replayed outcome);

/// A trial and what came of it.
struct ReplayedTrial {
  std::int64_t number = 0;
  Replayed outcome = Replayed::same;
  std::string why = {};  ///< of different and unknown: what differs, or what is missing
};

/// A whole study, asked again.
struct ReplayReport {
  std::vector<ReplayedTrial> trials = {};

  [[nodiscard]] std::int64_t count(Replayed outcome) const;
  /// Every trial is the same, or was given.
  [[nodiscard]] bool is_verified() const;
};

/// Asks for every trial of a stored study again: its run's strategy, with its seed, on the study as
/// it stood at the trial's `seen` event, must give its configuration and model.
///
/// `runs`: of the study, in their order. `on_trial` is told of each; false ends the replay there.
ReplayReport replay(const Study& study, const std::vector<StoredRun>& runs,
                    const std::function<bool(const ReplayedTrial&)>& on_trial = {});

}  // namespace hpo
