#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/tuning_config.h"
#include "objectives/front.h"
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
  /// Of one objective, among trials that keep the constraints.
  [[nodiscard]] std::optional<double> best() const;
  /// The trial with the best value; -1 where none is complete.
  [[nodiscard]] std::int64_t best_trial() const;
  /// Trials that ended since the best one did, of two objectives since one came to the front; 0
  /// while there is none.
  [[nodiscard]] std::int64_t since_best() const { return has_best() ? since_best_ : 0; }
  [[nodiscard]] bool has_best() const { return !front_.trials().empty(); }
  [[nodiscard]] bool has_front() const { return has_front_; }  ///< two objectives
  /// Of the last attempts of the ended trials; nothing while none has ended.
  [[nodiscard]] std::optional<double> mean_duration_s() const;

 private:
  bool has_front_;
  Front front_;
  std::int64_t finished_ = 0;
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
