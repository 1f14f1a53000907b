#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/resource_pool.h"
#include "engine/scheduler.h"
#include "engine/tuning_config.h"
#include "objectives/front.h"
#include "objectives/study.h"

namespace hpo::cli {

using SteadyTime = std::chrono::steady_clock::time_point;

/// What a view of a running study needs, folded from the scheduler's events: constant work for
/// each, whatever the number of trials.
struct RunFacts {
  struct Running {
    Trial trial = {};
    SteadyTime since = {};
    std::optional<std::int64_t> step = {};
    std::optional<double> value = {};  ///< last report of the objective
    std::vector<double> curve = {};    ///< its reports, thinned where they are many
  };

  /// `opened` is the study as the store gave it.
  RunFacts(const TuningConfig& config, const Study& opened, std::filesystem::path study_folder);

  void started(const Trial& trial, SteadyTime now);
  void reported(const Trial& trial, const Measurement& measurement);
  /// Whether the trial is the best so far, of two objectives whether it is on the front.
  bool finished(const Trial& trial);

  /// Ended trials.
  [[nodiscard]] std::int64_t ended() const { return complete + pruned + failed; }

  std::string study = {};
  std::vector<ObjectiveSpec> objectives = {};
  std::string metric = {};  ///< the first objective's
  Limits limits = {};
  bool is_in_process = false;
  std::filesystem::path folder = {};  ///< of the study

  std::int64_t complete = 0;
  std::int64_t pruned = 0;
  std::int64_t failed = 0;
  Front front;
  /// The best trial; of two objectives the knee of their front; null where none is complete.
  std::shared_ptr<const Trial> best = {};
  std::map<std::int64_t, Running> running = {};
  std::vector<SlotStatus> slots = {};

  double earlier_s = 0;  ///< active time of earlier runs
  SteadyTime begin = {};
  std::optional<double> eta_s = {};
  Interrupt interrupt = Interrupt::none;
};

/// `3 complete, 1 failed`.
std::string ended_text(const RunFacts& facts);

/// What a trial's start and end look like as one line; `is_best` adds the mark.
std::string start_line(const Trial& trial);
std::string end_line(const RunFacts& facts, const Trial& trial, bool is_best);

/// `waiting: cpu 0, cpu 1 leased by another hpo process (pid 7)`; empty unless nothing runs and no
/// device is free for the trial that is to start.
std::string waiting_line(const std::vector<SlotStatus>& slots);

/// The last lines of a failed trial's log, indented; empty where there are none.
std::string log_excerpt(const RunFacts& facts, const Trial& trial);

}  // namespace hpo::cli
