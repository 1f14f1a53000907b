#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "objectives/error.h"
#include "objectives/study.h"

namespace hpo {

/// What a lease gives a trial. Empty vectors: nothing of that kind (an unpinned CPU share, no GPU).
struct Resources {
  std::vector<std::string> gpus = {};  ///< GPU UUIDs for CUDA_VISIBLE_DEVICES
  std::vector<int> cpus = {};          ///< CPU ids for the affinity mask
  int threads = 1;                     ///< OMP_NUM_THREADS, MKL_NUM_THREADS
  std::string label = {};              ///< for people: "gpu 0", "cpu 1"
  std::vector<int> locks =
      {};  ///< descriptors that hold the devices' locks; the trial's supervisor inherits them
  bool operator==(const Resources&) const = default;
};

/// How a trial's attempt ended.
struct TrialOutcome {
  /// complete, pruned or failed; waiting: stopped, resume later; running: it goes on without this
  /// engine, and the next one adopts it
  TrialState state = TrialState::complete;
  std::optional<FailureClass> failure = {};
  std::string reason = {};
  std::string artifact = {};  ///< folder of the model, if there is one
  std::string job = {};       ///< what ran it, as Trial::job; empty where nothing was started
  std::string resource = {};  ///< on what it ran, where the lease does not say it
  std::optional<TimePoint> ended_at = {};  ///< where it was recorded, maybe long ago
  /// Metrics that were printed but never as a number, with what stood there last.
  std::map<std::string, std::string> unreadable = {};
  bool again = false;  ///< of waiting: at once, and no fault of the trial's
  /// Of waiting or running: no trial can run, and the study stops with this.
  std::optional<Error> fault = {};
  /// Of waiting: nothing more may be started, and the study ends with this reason.
  std::optional<std::string> limit = {};
};

enum class ReportDecision { go_on, stop };

/// Called on the engine's thread with every report, in order; `stop` ends the trial early (pruned).
using ReportFn = std::function<ReportDecision(const Measurement&)>;

/// Why the engine cancels an attempt: it ends as the matching outcome, after SIGTERM and a grace
/// period.
enum class CancelReason { stop_and_resume_later, kill };

/// Where a trial runs.
class Executor {
 public:
  virtual ~Executor() = default;

  /// Starts *or adopts* the attempt trial.attempt of trial.number: idempotent for (study, number,
  /// attempt). Answers failed/lost if it was started once and nothing of it is left. Finishes when
  /// the attempt has ended and all its processes are gone. Never throws but operation_aborted (the
  /// coroutine's cancellation).
  virtual boost::asio::awaitable<TrialOutcome> run(Trial trial, Resources resources,
                                                   ReportFn report) = 0;

  /// Whether an attempt of that trial was started by an earlier process (so `run` would adopt it).
  [[nodiscard]] virtual bool can_adopt(const Trial& trial) = 0;

  /// Ends every running attempt: gently (SIGTERM, they may checkpoint and are resumed later) or at
  /// once.
  virtual void cancel_all(CancelReason reason) = 0;

  /// Whom to tell what the user should know while trials run: that a service is away, that a
  /// machine is waited for.
  virtual void tell(std::function<void(const std::string&)> /*notice*/) {}
};

}  // namespace hpo
