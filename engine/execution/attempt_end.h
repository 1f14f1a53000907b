#pragma once

#include "engine/executor.h"
#include "engine/supervisor/records.h"
#include "engine/trial_directory.h"
#include "engine/tuning_config.h"

namespace hpo::execution {

/// What is known of an attempt when its end is judged.
struct EndedAttempt {
  const TrialSpec& spec;
  const TrialDirectory& directory;
  int attempt = 1;
};

/// The outcome that a recorded end means.
TrialOutcome outcome_of(const EndedAttempt& ended, const supervision::ExitRecord& record);

/// An attempt that was started and whose end nobody recorded.
TrialOutcome lost_outcome(const std::string& reason);
/// An attempt that could not be started.
TrialOutcome start_failure(const std::string& reason);
/// An attempt that was stopped before it was started.
TrialOutcome stopped_outcome();

}  // namespace hpo::execution
