#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/tuning_config.h"
#include "objectives/study.h"

namespace hpo {

/// How a study stands, folded from its ended trials in the order in which they ended: what limits
/// ask for, without walking the study each time.
class Standing {
 public:
  /// Takes the trials that have ended already.
  explicit Standing(const Study& study);

  void add(const Trial& ended);

  [[nodiscard]] std::int64_t finished() const { return finished_; }
  [[nodiscard]] std::optional<double> best() const { return best_; }
  /// The trial with the best value; -1 where none is complete.
  [[nodiscard]] std::int64_t best_trial() const { return best_trial_; }
  /// Trials that ended since the best one did; 0 while none is complete.
  [[nodiscard]] std::int64_t since_best() const { return best_ ? since_best_ : 0; }
  /// Of the last attempts of the ended trials; nothing while none has ended.
  [[nodiscard]] std::optional<double> mean_duration_s() const;

 private:
  Goal goal_;
  std::int64_t finished_ = 0;
  std::optional<double> best_ = {};
  std::int64_t best_trial_ = -1;
  std::int64_t since_best_ = 0;
  double durations_s_ = 0;
  std::int64_t durations_ = 0;
};

/// That a study ends, and why.
struct StopReason {
  std::string text = {};  ///< for people: "20 trials finished"
  /// True: trials that run are stopped gently and wait (they go on if the limit is raised), since
  /// there is no time for them (runtime) or no need (target). False: they may end.
  bool stop_running = false;
  bool finished = true;  ///< false: only this run ends
};

/// Which limit, if any, ends the study now. A function of its arguments only: with a raised limit
/// the study goes on. `active_s` sums the time of all runs.
std::optional<StopReason> reason_to_stop(const Limits& limits, Goal goal, const Standing& standing,
                                         double active_s);

}  // namespace hpo
