#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>

#include "engine/scheduler.h"
#include "engine/scheduling/attempts.h"
#include "engine/scheduling/clock.h"
#include "storage/study_store.h"

namespace hpo {

/// Keeps the study's progress: the time it was active, and once a second the status for readers.
class Heartbeat {
 public:
  /// `on_beat`: called after every beat with what came of storing it.
  Heartbeat(const Limits& limits, const Attempts& attempts, const Scheduler::Parts& parts,
            SchedulerClock& clock, StudyProgress progress,
            std::function<void(const Result<void>&)> on_beat);
  ~Heartbeat();
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;

  /// The study runs from now on; stores that it has not ended. `stop` must follow, also an error.
  Result<void> begin(const boost::asio::any_io_executor& executor);
  /// Nothing more can start for now: stores, the first time, what runs then. Readers would see a
  /// study that idles until the first beat.
  Result<void> settle();
  /// Comes back when the last beat is over.
  boost::asio::awaitable<void> stop();

  /// Over all runs, until now.
  [[nodiscard]] double active_s() const;
  [[nodiscard]] const StudyProgress& progress() const { return progress_; }

  /// Stores the progress as it is now.
  Result<void> save();
  /// Stores why the study ended.
  Result<void> save_end(std::string reason);

 private:
  struct Pulse;
  boost::asio::awaitable<void> beat();

  const Limits& limits_;
  const Attempts& attempts_;
  Scheduler::Parts parts_;
  SchedulerClock& clock_;
  StudyProgress progress_;
  std::function<void(const Result<void>&)> on_beat_;
  std::unique_ptr<Pulse> pulse_;
  bool settled_ = false;
  double earlier_runs_s_;
  double began_s_;
};

}  // namespace hpo
