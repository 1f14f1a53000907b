#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "objectives/configuration.h"

namespace hpo {

/// UTC, milliseconds: what the database and JSON carry.
using TimePoint = std::chrono::sys_time<std::chrono::milliseconds>;

/// Stored and printed by name (to_string), never by number.
enum class TrialState { waiting, running, paused, complete, pruned, failed };

/// Why a trial failed. Stored and printed by name.
enum class FailureClass {
  exit_code,  ///< ended with a code other than 0
  signal,     ///< ended by a signal that the engine did not send
  oom,        ///< out of memory (host or device)
  timeout,    ///< ran longer than trial.timeout
  nan,        ///< the objective was NaN or infinite
  no_metric,  ///< ended well but never reported the objective metric
  lost,       ///< nothing of it is left: machine restarted, process killed from outside
  start,      ///< could not be started (missing program, no permission, disk full)
  stopped,    ///< ended by the user
};

const char* to_string(TrialState state);
const char* to_string(FailureClass failure);
std::optional<TrialState> trial_state_from(std::string_view name);
std::optional<FailureClass> failure_class_from(std::string_view name);

/// complete, pruned or failed: it never changes again.
constexpr bool is_finished(TrialState state) {
  return state == TrialState::complete || state == TrialState::pruned ||
         state == TrialState::failed;
}

/// It ended with what it was to tell: finished, or paused at its budget until another trial
/// continues it.
constexpr bool has_ended(TrialState state) {
  return is_finished(state) || state == TrialState::paused;
}

/// What a trial reported at one step. Unique by (trial, attempt, metric, step).
struct Measurement {
  std::int64_t step = 0;                  ///< epoch or the program's own count, ≥ 0
  std::map<std::string, double> metrics;  ///< metric name → value; may be NaN or infinite
  double elapsed_s = 0;                   ///< since the attempt started
  int attempt = 1;
  std::int64_t event = 0;  ///< the study's event number of this report
  bool operator==(const Measurement&) const = default;
};

/// One evaluation of a configuration. A value: the scheduler owns the truth and writes it through.
struct Trial {
  std::int64_t number = 0;  ///< 0, 1, 2, ... within the study
  Configuration configuration = {};
  std::uint64_t seed = 0;
  TrialState state = TrialState::waiting;
  std::map<std::string, double> metrics = {};  ///< last value of each
  std::optional<double> value = {};            ///< the objective, in the user's unit and sign
  std::optional<FailureClass> failure = {};
  std::string reason = {};  ///< for people: why it failed or was pruned

  std::string sampler = {};  ///< who suggested it
  std::int64_t seen = 0;     ///< the study's last event when it was suggested
  std::string model = {};    ///< JSON text from the sampler: what replay and explain need
  std::optional<std::int64_t> budget = {};     ///< value of the budget parameter, for hyperband
  std::optional<std::int64_t> continues = {};  ///< the paused trial this one promotes
  std::int64_t created_event = 0;              ///< event number of its creation
  std::int64_t finished_event = 0;             ///< event number of its end; 0 while unfinished

  int attempt = 1;
  int retries = 0;  ///< failed attempts before this one: what trial.retries bounds (a stop is none)
  std::string job = {};       ///< pid of the supervisor, or the SageMaker job's name
  std::string resource = {};  ///< device or slots: "gpu 0", "cpu 1"
  std::string artifact = {};  ///< folder or URI of the model, empty where none is kept
  std::optional<TimePoint> started_at = {};  ///< of the current attempt
  std::optional<TimePoint> finished_at = {};

  bool operator==(const Trial&) const = default;
};

}  // namespace hpo
