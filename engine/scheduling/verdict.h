#pragma once

#include "engine/executor.h"
#include "engine/scheduling/reports.h"
#include "engine/tuning_config.h"
#include "objectives/trial.h"

namespace hpo {

/// What an attempt's end means for its trial.
struct Verdict {
  TrialState state = TrialState::failed;     ///< complete, pruned, failed, paused, or waiting
  std::optional<FailureClass> failure = {};  ///< also of an attempt that will be tried again
  std::string reason = {};
  std::optional<double> value = {};
  bool again = false;  ///< waiting because the failure is retried; otherwise because it was stopped
};

/// What an attempt is judged by.
struct AttemptFacts {
  const TrialOutcome& outcome;
  const TrialReports& reports;
  int retries = 0;         ///< of the trial so far
  bool cancelled = false;  ///< the engine asked it to end
  bool pauses = false;     ///< it has a budget that is not the largest: well done is not all
};

/// Judges an attempt. One that completes a budget below the largest pauses its trial. An attempt
/// that completes without an objective or the metric of a constraint fails (no_metric), as does one
/// where such a metric is not finite (nan). A pruned trial keeps the value it had reached. An
/// attempt that the engine stopped or killed waits: it goes on with the next run. A failure of a
/// class in retry_on waits for another attempt while there are retries left.
Verdict judge(const AttemptFacts& facts, const StudySpec& study, const TrialSpec& spec);

/// The trial after an attempt that was so judged; its end's event is not set, and its time only
/// where the executor knows it.
Trial settled(Trial trial, const Verdict& verdict, const AttemptFacts& facts);

}  // namespace hpo
