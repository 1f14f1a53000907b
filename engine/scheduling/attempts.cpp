#include "engine/scheduling/attempts.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <utility>

#include "engine/scheduling/handover.h"
#include "engine/trial_arguments.h"

namespace hpo {

namespace asio = boost::asio;

namespace {

// More than a trial has: keeps the attempts of the trials that it continues apart.
constexpr int kMostAttempts = 1'000'000;

}  // namespace

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
  parts_.executor.tell([this](const std::string& notice) { parts_.observer.on_notice(notice); });
  const StrategySpec& strategy = config.strategy;
  if (strategy.early_stopping == "median") median_.emplace(objective_.goal);
  if (strategy.early_stopping == "asha") {
    asha_.emplace(objective_.goal, strategy.asha.min, strategy.asha.eta);
  }
}

Result<void> Attempts::prepare() {
  if (auto swept = keeper_.sweep(ledger_); !swept) return swept;
  for (const auto& problem : keeper_.take_problems()) parts_.observer.on_notice(problem);
  if (asha_) return learn_rungs();
  return median_ ? median_->add_complete(ledger_) : Result<void>();
}

// The rungs that trials of earlier runs reached; how that was judged is over.
Result<void> Attempts::learn_rungs() {
  const auto& trials = ledger_.study().trials;
  const std::size_t known = std::min(trials.size(), AshaRule::kRemembered);
  for (auto at = trials.end() - static_cast<std::ptrdiff_t>(known); at != trials.end(); ++at) {
    const auto stored = ledger_.reports((*at)->number);
    if (!stored) return stored.error();
    TrialReports reports(objective_, (*at)->attempt);
    for (const auto& row : *stored) {
      reports.load({&row, 1});
      const auto value = reports.value();
      if (value && row.metrics.contains(objective_.metric)) {
        asha_->judge((*at)->number, row.step, *value);
      }
    }
  }
  return {};
}

// Also what the trials reported that it goes on from, as attempts before its first.
Result<TrialReports> Attempts::reports_of(const Trial& trial) {
  std::vector<std::int64_t> before;
  for (auto at = trial.continues; at; at = ledger_.trial(*at)->continues) before.push_back(*at);
  TrialReports reports(objective_, trial.attempt);
  int attempt = -static_cast<int>(before.size()) * kMostAttempts;
  for (auto number = before.rbegin(); number != before.rend(); ++number) {
    auto stored = ledger_.reports(*number);
    if (!stored) return stored.error();
    for (auto& row : *stored) row.attempt += attempt;
    reports.load(*stored);
    attempt += kMostAttempts;
  }
  if (auto loaded = load_reports(reports, trial.number); !loaded) return loaded.error();
  return reports;
}

Result<void> Attempts::load_reports(TrialReports& reports, std::int64_t number) {
  const auto stored = ledger_.reports(number);
  if (!stored) return stored.error();
  reports.load(*stored);
  return {};
}

Result<void> Attempts::start_new(const asio::any_io_executor& executor, Trial trial, Lease lease,
                                 std::optional<std::int64_t> queued) {
  const std::int64_t number = trial.number;
  trial.state = TrialState::running;
  trial.started_at = clock_.now();
  trial.resource = lease.resources().label;
  if (auto saved = ledger_.create(std::move(trial), queued); !saved) return saved;
  const auto created = ledger_.trial(number);
  if (!created->continues) {  // nothing was ever reported of it
    spawn(executor, {.reports = TrialReports(objective_, 1)}, number, std::move(lease));
    return {};
  }
  take_over(*created);
  auto reports = reports_of(*created);
  if (!reports) return reports.error();
  spawn(executor, {.reports = *std::move(reports)}, number, std::move(lease));
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
  // Why it was stopped is over; why an attempt failed stays worth knowing.
  if (trial.retries == 0) trial.reason.clear();
  auto reports = reports_of(trial);
  if (!reports) return reports.error();
  if (auto saved = ledger_.update(std::move(trial)); !saved) return saved;
  take_over(*ledger_.trial(number));
  spawn(executor, {.reports = *std::move(reports), .inherited = inherited}, number,
        std::move(lease));
  return {};
}

Result<void> Attempts::adopt(const asio::any_io_executor& executor, std::int64_t number,
                             Lease lease) {
  auto reports = reports_of(*ledger_.trial(number));
  if (!reports) return reports.error();
  spawn(executor, {.reports = *std::move(reports), .adopted = true, .inherited = true}, number,
        std::move(lease));
  return {};
}

void Attempts::spawn(const asio::any_io_executor& executor, Running running, std::int64_t number,
                     Lease lease) {
  running.resources = lease.resources();
  running.since_s = clock_.monotonic_s();
  const bool is_adopted = running.adopted;
  running_.emplace(number, std::move(running));
  const auto trial = ledger_.trial(number);
  if (is_adopted) {
    parts_.observer.on_adopted(ledger_.study(), *trial);
  } else {
    parts_.observer.on_started(ledger_.study(), *trial);
  }
  show_slots();
  asio::co_spawn(executor, run(number, std::move(lease)), asio::detached);
}

asio::awaitable<void> Attempts::run(std::int64_t number, Lease lease) {
  Trial trial = *ledger_.trial(number);
  trial.configuration = with_budget(config_.strategy, trial.configuration, trial.budget);
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

// A promoted trial goes on from the checkpoints of the paused one.
void Attempts::take_over(const Trial& trial) {
  if (!config_.trial.objective.empty()) return;  // such trials have no folder
  if (const auto taken = hand_over_checkpoints(folder_, trial); !taken) {
    parts_.observer.on_notice(taken.error().message);
  }
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
