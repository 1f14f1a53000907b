#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bayesopt/sampler.h"
#include "engine/executor.h"
#include "engine/resource_pool.h"
#include "engine/tuning_config.h"
#include "objectives/error.h"
#include "objectives/study.h"
#include "storage/study_store.h"

namespace hpo {

class SchedulerClock;

/// Watches a study from outside (the live view); called on the engine's thread, after the store.
class SchedulerObserver {
 public:
  virtual ~SchedulerObserver() = default;
  virtual void on_started(const Study& study, const Trial& trial) = 0;
  /// A trial of an earlier run goes on under this one; it may also have ended meanwhile.
  virtual void on_adopted(const Study& study, const Trial& trial) { on_started(study, trial); }
  virtual void on_report(const Study& study, const Trial& trial,
                         const Measurement& measurement) = 0;
  /// An attempt ended. trial.state says what came of it: complete, pruned, failed, or waiting (it
  /// will be tried again, or goes on with the next run).
  virtual void on_finished(const Study& study, const Trial& trial) = 0;
  virtual void on_slots(const std::vector<SlotStatus>& slots) = 0;
  /// Something the user should know now: a metric that never appeared, a device set aside.
  virtual void on_notice(const std::string& message) = 0;
};

/// Why a run of a study came back, and how.
struct StudyEnd {
  std::string reason =
      {};                 ///< "20 trials finished", "target 0.95 reached by trial 7", "interrupted"
  bool finished = false;  ///< false: interrupted, `hpo run` goes on from here
};

/// How the user asks a running study to end; each step includes the ones before.
enum class Interrupt { none, drain, stop, kill };

/// Runs one study: suggests, leases, runs, records, until a limit says stop. Single-threaded but
/// for `suggest`, which runs on one worker thread with a snapshot.
class Scheduler {
 public:
  struct Parts {
    Sampler& sampler;
    Executor& executor;
    StudyStore& store;
    ResourcePool& pool;
    SchedulerObserver& observer;
    SchedulerClock* clock = nullptr;  ///< null: the system's
  };

  /// `opened` comes from store.open().
  Scheduler(const TuningConfig& config, OpenedStudy opened, Parts parts);
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  /// Returns only after every trial it started has ended (or was left to be resumed). Errors: what
  /// the store or the sampler reported; every running trial has been ended by then.
  boost::asio::awaitable<Result<StudyEnd>> run();

  /// Raises the interrupt level: drain (no new trials), stop (SIGTERM them), kill. On the engine's
  /// thread.
  void interrupt(Interrupt level);

  [[nodiscard]] const Study& study() const;
  [[nodiscard]] const StudyProgress& progress() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hpo
