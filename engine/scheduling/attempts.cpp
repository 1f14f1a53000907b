#include "engine/scheduling/attempts.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <utility>

namespace hpo {

namespace asio = boost::asio;

Attempts::Attempts(const TuningConfig& config, Ledger& ledger, const Scheduler::Parts& parts,
                   SchedulerClock& clock, Callbacks callbacks)
    : config_(config),
      ledger_(ledger),
      parts_(parts),
      clock_(clock),
      callbacks_(std::move(callbacks)),
      objective_(ledger.study().spec.objectives.at(0)),
      folder_(study_folder(config.storage, ledger.study().spec.name)),
      standing_(ledger.study()),
      keeper_(config.keep, folder_) {
  if (config.strategy.early_stopping == "median") median_.emplace(objective_.goal);
}

Result<void> Attempts::prepare() {
  if (auto swept = keeper_.sweep(ledger_); !swept) return swept;
  for (const auto& problem : keeper_.take_problems()) parts_.observer.on_notice(problem);
  return median_ ? median_->add_complete(ledger_) : Result<void>();
}

Result<void> Attempts::load_reports(TrialReports& reports, std::int64_t number) {
  const auto stored = ledger_.reports(number);
  if (!stored) return stored.error();
  reports.load(*stored);
  return {};
}

Result<void> Attempts::start_new(const asio::any_io_executor& executor, Trial trial, Lease lease) {
  const std::int64_t number = trial.number;
  trial.state = TrialState::running;
  trial.started_at = clock_.now();
  trial.resource = lease.resources().label;
  if (auto saved = ledger_.create(std::move(trial)); !saved) return saved;
  spawn(executor, {.reports = TrialReports(objective_, 1)}, number, std::move(lease));
  return {};
}

Result<void> Attempts::start(const asio::any_io_executor& executor, std::int64_t number,
                             Lease lease) {
  Trial trial = *ledger_.trial(number);
  const bool inherited = trial.state == TrialState::running;
  if (!inherited && trial.started_at) ++trial.attempt;
  trial.state = TrialState::running;
  trial.started_at = clock_.now();
  trial.resource = lease.resources().label;
  trial.job.clear();
  TrialReports reports(objective_, trial.attempt);
  if (auto loaded = load_reports(reports, number); !loaded) return loaded;
  if (auto saved = ledger_.update(std::move(trial)); !saved) return saved;
  spawn(executor, {.reports = std::move(reports), .inherited = inherited}, number,
        std::move(lease));
  return {};
}

Result<void> Attempts::adopt(const asio::any_io_executor& executor, std::int64_t number,
                             Lease lease) {
  TrialReports reports(objective_, ledger_.trial(number)->attempt);
  if (auto loaded = load_reports(reports, number); !loaded) return loaded;
  spawn(executor, {.reports = std::move(reports), .inherited = true}, number, std::move(lease));
  return {};
}

void Attempts::spawn(const asio::any_io_executor& executor, Running running, std::int64_t number,
                     Lease lease) {
  running.resources = lease.resources();
  running.since_s = clock_.monotonic_s();
  running_.emplace(number, std::move(running));
  parts_.observer.on_started(ledger_.study(), *ledger_.trial(number));
  show_slots();
  asio::co_spawn(executor, run(number, std::move(lease)), asio::detached);
}

asio::awaitable<void> Attempts::run(std::int64_t number, Lease lease) {
  Trial trial = *ledger_.trial(number);
  Resources resources = lease.resources();
  ReportFn report = [this, number](const Measurement& measurement) {
    return on_report(number, measurement);
  };
  TrialOutcome outcome;
  outcome.state = TrialState::waiting;
  // The engine began to cancel before the executor knew of this attempt: one that does not run yet
  // need not start, one that does is told as soon as it is watched.
  const bool late = cancelled_.has_value();
  const bool runs_already = late && parts_.executor.can_adopt(trial);
  if (runs_already) {
    asio::post(co_await asio::this_coro::executor,
               [this] { parts_.executor.cancel_all(*cancelled_); });
  }
  try {
    if (!late || runs_already) {
      outcome =
          co_await parts_.executor.run(std::move(trial), std::move(resources), std::move(report));
    }
  } catch (const boost::system::system_error&) {
    outcome.state = TrialState::waiting;  // operation_aborted: the coroutine was cancelled
  }
  end(number, outcome);
  lease.release();
  show_slots();
  callbacks_.on_change();
}

void Attempts::cancel(CancelReason reason) {
  cancelled_ = reason;
  parts_.executor.cancel_all(reason);
}

std::vector<double> Attempts::running_s() const {
  std::vector<double> seconds;
  for (const auto& [number, running] : running_) {
    seconds.push_back(clock_.monotonic_s() - running.since_s);
  }
  return seconds;
}

void Attempts::show_slots() {
  auto slots = parts_.pool.slots();
  if (slots == shown_slots_) return;
  shown_slots_ = std::move(slots);
  parts_.observer.on_slots(shown_slots_);
}

}  // namespace hpo
