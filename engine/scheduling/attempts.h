#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/scheduler.h"
#include "engine/scheduling/asha_rule.h"
#include "engine/scheduling/breaker.h"
#include "engine/scheduling/clock.h"
#include "engine/scheduling/keep.h"
#include "engine/scheduling/ledger.h"
#include "engine/scheduling/median_rule.h"
#include "engine/scheduling/reports.h"
#include "engine/scheduling/stopper.h"
#include "engine/scheduling/verdict.h"

namespace hpo {

/// The attempts that run: starts them, records what they report, and settles what came of them.
/// Everything happens on the engine's thread.
class Attempts {
 public:
  /// What it tells the scheduler's loop; called last, when all is recorded.
  struct Callbacks {
    std::function<void()> on_change;      ///< an attempt ended, its share is free again
    std::function<void(Error)> on_fault;  ///< the store failed, or no trial can run
  };

  Attempts(const TuningConfig& config, Ledger& ledger, const Scheduler::Parts& parts,
           SchedulerClock& clock, Callbacks callbacks);

  /// What earlier runs left to remove, and the curves that early stopping compares with.
  Result<void> prepare();

  /// Records a new trial and starts its first attempt on the lease. Errors of this and the next
  /// two: the store's; nothing was started then.
  /// `queued`: the entry of the store's queue that the trial is made of.
  Result<void> start_new(const boost::asio::any_io_executor& executor, Trial trial, Lease lease,
                         std::optional<std::int64_t> queued = {});
  /// Starts the attempt that a recorded trial waits for: a new one if it had one, or the one that
  /// an earlier engine recorded and may not have started.
  Result<void> start(const boost::asio::any_io_executor& executor, std::int64_t number,
                     Lease lease);
  /// Goes on watching the attempt that an earlier engine started.
  Result<void> adopt(const boost::asio::any_io_executor& executor, std::int64_t number,
                     Lease lease);

  /// Ends all that run; gently first, `kill` may follow. What starts later ends at once.
  void cancel(CancelReason reason);

  [[nodiscard]] int running() const { return static_cast<int>(running_.size()); }
  [[nodiscard]] bool runs(std::int64_t number) const { return running_.contains(number); }
  /// How long each has run, in seconds.
  [[nodiscard]] std::vector<double> running_s() const;
  [[nodiscard]] const Standing& standing() const { return standing_; }
  [[nodiscard]] const Breaker& breaker() const { return breaker_; }
  /// Why the executor starts nothing more.
  [[nodiscard]] const std::optional<std::string>& limit() const { return limit_; }

  /// Trials that wait for an attempt in this run, the next one first.
  std::deque<std::int64_t>& queue() { return queue_; }
  [[nodiscard]] const std::deque<std::int64_t>& queue() const { return queue_; }

  /// Tells the observer of the devices if they changed.
  void show_slots();

 private:
  struct Running {
    TrialReports reports;
    Resources resources = {};
    double since_s = 0;
    std::string prune_reason = {};
    bool adopted = false;    // it was begun before this run
    bool inherited = false;  // an earlier engine's attempt: how it ends says nothing of this run
    bool unsaved = false;    // a report could not be stored: the next run reads it again
  };

  Result<void> learn_curves();
  Result<void> learn_rungs();
  Result<TrialReports> reports_of(const Trial& trial);
  Result<void> load_reports(TrialReports& reports, std::int64_t number);
  void take_over(const Trial& trial);
  void spawn(const boost::asio::any_io_executor& executor, Running running, std::int64_t number,
             Lease lease);
  boost::asio::awaitable<void> run(std::int64_t number, Lease lease);
  ReportDecision on_report(std::int64_t number, Measurement report);
  [[nodiscard]] std::string prune_reason(std::int64_t number, const Measurement& report,
                                         const TrialReports& reports);
  void end(std::int64_t number, const TrialOutcome& outcome);
  bool record(Trial trial, const Verdict& verdict, const Running& ended);
  void look_for_faults(const Verdict& verdict, const Trial& trial, const Running& ended);
  void explain_missing_metric(const Trial& trial, const Running& ended, const std::string& reason);
  void remove_surplus(std::int64_t number);

  const TuningConfig& config_;
  Ledger& ledger_;
  Scheduler::Parts parts_;
  SchedulerClock& clock_;
  Callbacks callbacks_;
  ObjectiveSpec objective_;
  std::filesystem::path folder_;
  Standing standing_;
  Breaker breaker_ = {};
  Keeper keeper_;
  std::optional<MedianRule> median_ = {};
  std::optional<AshaRule> asha_ = {};
  std::map<std::int64_t, Running> running_ = {};
  std::deque<std::int64_t> queue_ = {};
  std::vector<SlotStatus> shown_slots_ = {};
  std::optional<CancelReason> cancelled_ = {};
  std::optional<std::string> limit_ = {};
  bool explained_ = false;  // that the metric was missing
};

}  // namespace hpo
