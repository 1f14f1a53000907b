#include "engine/scheduler.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <deque>
#include <utility>

#include "engine/scheduling/attempts.h"
#include "engine/scheduling/clock.h"
#include "engine/scheduling/heartbeat.h"
#include "engine/scheduling/ledger.h"
#include "engine/scheduling/proposer.h"
#include "engine/scheduling/stopper.h"
#include "engine/scheduling/user_points.h"

namespace hpo {
namespace {

namespace asio = boost::asio;

// What the loop does next.
struct Step {
  enum class Kind { start, wait, end };
  Kind kind = Kind::wait;
  std::int64_t trial = 0;  // to start; the first number that there is not yet: a new one
  bool operator==(const Step&) const = default;
};

Step start_trial(std::int64_t number) { return {.kind = Step::Kind::start, .trial = number}; }

}  // namespace

// The loop. It alone starts trials; what ends them, or why none should start, is looked at again
// after every change (react), so each decision is a function of the state and no change is missed.
struct Scheduler::Impl {
  Impl(TuningConfig file, OpenedStudy opened, Parts given);

  asio::awaitable<Result<StudyEnd>> run();
  void interrupt(Interrupt asked);

  Result<void> begin();
  Result<void> adopt_or_recover();
  [[nodiscard]] Step next() const;
  [[nodiscard]] bool limit_reached() const;
  [[nodiscard]] std::optional<StopReason> ending() const;
  asio::awaitable<void> start(std::int64_t number);
  asio::awaitable<std::optional<Lease>> acquire(std::int64_t number);
  asio::awaitable<void> start_new(Lease lease);
  asio::awaitable<Result<NextTrial>> choose();
  asio::awaitable<void> ask_model();
  void start_recorded(std::int64_t number, Lease lease);
  [[nodiscard]] Lease on_another_device(const Trial& trial, Lease lease);

  asio::awaitable<void> wait();
  void settle();
  void trial_ended();
  void fail(Error first);
  void react_soon();
  void react();
  void warn_of_failures();

  Result<StudyEnd> end();
  [[nodiscard]] StudyEnd how_it_ended() const;
  void give_up_recovered();

  TuningConfig config;
  Parts parts;
  std::unique_ptr<SchedulerClock> own_clock;
  SchedulerClock& clock;
  Ledger ledger;
  UserPoints points;
  Proposer proposer;
  ModelLimits model_limits;
  Attempts attempts;
  Heartbeat heartbeat;

  std::deque<std::int64_t> recovered = {};  // running in the store, but nothing runs: start them
  Interrupt level = Interrupt::none;
  Interrupt told = Interrupt::none;  // what the executor was told, stop or kill
  std::optional<Error> error = {};
  bool exhausted = false;      // nothing is left to suggest until another trial ends
  std::int64_t continued = 0;  // trials that continue another one
  std::int64_t ends = 0;       // attempts that ended in this run
  bool warned = false;

  asio::any_io_executor engine = {};
  std::optional<asio::steady_timer> changed = {};  // never expires; cancelled: something changed
  bool reaction_due = false;
  std::optional<std::int64_t> acquiring = {};
  asio::cancellation_signal stop_acquiring = {};
};

Scheduler::Impl::Impl(TuningConfig file, OpenedStudy opened, Parts given)
    : config(std::move(file)),
      parts(given),
      own_clock(given.clock != nullptr ? nullptr : make_system_clock()),
      clock(given.clock != nullptr ? *given.clock : *own_clock),
      ledger(std::move(opened.study), given.store),
      points(config.strategy.initial),
      proposer(parts.sampler, config.strategy.name),
      model_limits(config.limits),
      attempts(config, ledger, parts, clock,
               {.on_change = [this] { trial_ended(); },
                .on_fault = [this](Error fault) { fail(std::move(fault)); }}),
      heartbeat(config.limits, attempts, parts, clock, std::move(opened.progress),
                [this](const Result<void>& saved) {
                  if (!saved) fail(saved.error());
                  attempts.show_slots();
                  react_soon();
                }) {
  const auto& trials = ledger.study().trials;
  continued = std::count_if(trials.begin(), trials.end(),
                            [](const auto& trial) { return trial->continues.has_value(); });
}

asio::awaitable<Result<StudyEnd>> Scheduler::Impl::run() {
  engine = co_await asio::this_coro::executor;
  changed.emplace(engine, asio::steady_timer::time_point::max());
  if (auto begun = begin(); !begun) fail(begun.error());
  react_soon();
  for (Step step = next(); step.kind != Step::Kind::end; step = next()) {
    if (step.kind == Step::Kind::start) {
      co_await start(step.trial);
    } else {
      settle();
      co_await wait();
    }
  }
  co_await heartbeat.stop();
  while (reaction_due) co_await wait();  // it is on its way and needs this object
  changed.reset();                       // there will be no other
  co_return end();
}

Result<void> Scheduler::Impl::begin() {
  if (auto begun = heartbeat.begin(engine); !begun) return begun;
  if (auto prepared = attempts.prepare(); !prepared) return prepared;
  return adopt_or_recover();
}

// Trials that ran when the last engine ended: those that still run, or have left how they ended,
// are watched at once. The others are started, under the same attempt if that never began.
Result<void> Scheduler::Impl::adopt_or_recover() {
  for (const auto& trial : ledger.study().trials) {
    if (trial->state == TrialState::waiting) attempts.queue().push_back(trial->number);
    if (trial->state != TrialState::running) continue;
    if (!parts.executor.can_adopt(*trial)) {
      recovered.push_back(trial->number);
      continue;
    }
    auto adopted = attempts.adopt(engine, trial->number, parts.pool.adopt(*trial));
    if (!adopted) return adopted;
  }
  return {};
}

std::optional<StopReason> Scheduler::Impl::ending() const {
  if (error) return StopReason{.text = error->message, .stop_running = true};
  const Goal goal = ledger.study().spec.objectives.front().goal;
  if (auto limit = reason_to_stop(config.limits, goal, attempts.standing(), heartbeat.active_s())) {
    return limit;
  }
  if (model_limits.reason()) return StopReason{.text = *model_limits.reason()};
  if (attempts.limit()) return StopReason{.text = *attempts.limit()};
  if (level != Interrupt::none) {
    return StopReason{
        .text = "interrupted", .stop_running = level != Interrupt::drain, .finished = false};
  }
  // Trials that run may end: one that succeeds shows that not all fail.
  if (auto failures = attempts.breaker().tripped()) return StopReason{.text = *failures};
  return std::nullopt;
}

Step Scheduler::Impl::next() const {
  const Step idle{.kind = attempts.running() == 0 ? Step::Kind::end : Step::Kind::wait};
  if (ending()) return idle;
  if (attempts.running() >= config.limits.parallel) return {.kind = Step::Kind::wait};
  const auto& limit = config.limits.trials;
  if (limit && attempts.standing().finished() + attempts.running() >= *limit) return idle;
  if (!recovered.empty()) return start_trial(recovered.front());
  if (!attempts.queue().empty()) return start_trial(attempts.queue().front());
  const auto size = static_cast<std::int64_t>(ledger.study().trials.size());
  // Promotions of hyperband go on when the limit lets no new configuration start.
  if (exhausted || (limit_reached() && !config.strategy.budget)) return idle;
  return start_trial(size);
}

// limits.trials counts configurations: a trial that continues another one adds none.
bool Scheduler::Impl::limit_reached() const {
  const auto size = static_cast<std::int64_t>(ledger.study().trials.size());
  return config.limits.trials && size - continued >= *config.limits.trials;
}

asio::awaitable<void> Scheduler::Impl::start(std::int64_t number) {
  std::optional<Lease> lease = co_await acquire(number);
  // What there is to do may have changed meanwhile; the lease is given back then.
  if (!lease || next() != start_trial(number)) co_return;
  if (number == static_cast<std::int64_t>(ledger.study().trials.size())) {
    co_await start_new(std::move(*lease));
  } else {
    start_recorded(number, std::move(*lease));
  }
}

asio::awaitable<std::optional<Lease>> Scheduler::Impl::acquire(std::int64_t number) {
  if (auto free = parts.pool.try_acquire(number)) co_return std::move(free);
  settle();
  acquiring = number;
  std::optional<Lease> lease;
  try {
    auto share = parts.pool.acquire(number);
    auto token = asio::bind_cancellation_slot(stop_acquiring.slot(), asio::use_awaitable);
    auto operation = asio::co_spawn(engine, std::move(share), token);
    Result<Lease> acquired = co_await std::move(operation);
    if (acquired) {
      lease = std::move(*acquired);
    } else {
      fail(acquired.error());
    }
  } catch (const boost::system::system_error&) {
    lease.reset();  // react() cancelled it: there is something else to do
  }
  acquiring.reset();
  co_return std::move(lease);
}

// What a model says of the study is asked where it matters: before a new trial is chosen.
asio::awaitable<void> Scheduler::Impl::ask_model() {
  if (!model_limits.is_due(attempts.standing().finished())) co_return;
  ModelLimits looked = co_await proposer.look_at(ledger, model_limits);
  model_limits = std::move(looked);
}

asio::awaitable<void> Scheduler::Impl::start_new(Lease lease) {
  co_await ask_model();
  if (ending()) co_return;
  const std::int64_t asked = ends;
  Result<NextTrial> next = co_await choose();
  // An answer about a study in which a trial has ended meanwhile is out of date.
  const bool is_of_now = !config.strategy.budget || ends == asked;
  if (!next) {
    const bool none_left = next.error().code == ErrorCode::exhausted;
    if (!none_left) fail(next.error());
    exhausted = none_left && is_of_now;
    co_return;
  }
  if (ending()) co_return;
  if (!next->trial.continues && limit_reached()) {
    exhausted = is_of_now;
    co_return;
  }
  continued += next->trial.continues ? 1 : 0;
  auto begun = attempts.start_new(engine, std::move(next->trial), std::move(lease), next->queued);
  if (!begun) fail(begun.error());
}

// The user's configurations come before the sampler's.
asio::awaitable<Result<NextTrial>> Scheduler::Impl::choose() {
  auto given = points.next(ledger);
  if (!given) co_return given.error();
  if (*given) co_return std::move(**given);
  Result<Trial> trial = co_await proposer.propose(ledger);
  if (!trial) co_return trial.error();
  NextTrial chosen;
  chosen.trial = std::move(*trial);
  co_return chosen;
}

void Scheduler::Impl::start_recorded(std::int64_t number, Lease lease) {
  auto& from = recovered.empty() ? attempts.queue() : recovered;
  from.pop_front();
  const auto trial = ledger.trial(number);
  Lease chosen = on_another_device(*trial, std::move(lease));
  if (auto begun = attempts.start(engine, number, std::move(chosen)); !begun) fail(begun.error());
}

// A trial that failed is tried again elsewhere, if there is an elsewhere now.
Lease Scheduler::Impl::on_another_device(const Trial& trial, Lease lease) {
  if (trial.retries == 0 || lease.resources().label != trial.resource) return lease;
  auto other = parts.pool.try_acquire(trial.number);
  if (other && other->resources().label != trial.resource) return std::move(*other);
  return lease;
}

asio::awaitable<void> Scheduler::Impl::wait() {
  boost::system::error_code woken;
  co_await changed->async_wait(asio::redirect_error(asio::use_awaitable, woken));
}

void Scheduler::Impl::settle() {
  if (auto stored = heartbeat.settle(); !stored) fail(stored.error());
}

// A trial that paused may be one to promote, or make another one so.
void Scheduler::Impl::trial_ended() {
  ++ends;
  if (config.strategy.budget) exhausted = false;
  react_soon();
}

void Scheduler::Impl::fail(Error first) {
  if (!error) error = std::move(first);
  react_soon();
}

void Scheduler::Impl::interrupt(Interrupt asked) {
  level = std::max(level, asked);
  react_soon();
}

// Not at once: the caller may be inside the executor (a report) or the observer.
void Scheduler::Impl::react_soon() {
  if (!changed || std::exchange(reaction_due, true)) return;
  asio::post(engine, [this] {
    reaction_due = false;
    react();
  });
}

void Scheduler::Impl::react() {
  const auto why = ending();
  if (why && why->stop_running && told == Interrupt::none) {
    told = Interrupt::stop;
    attempts.cancel(CancelReason::stop_and_resume_later);
  }
  if (level == Interrupt::kill && told != Interrupt::kill) {
    told = Interrupt::kill;
    attempts.cancel(CancelReason::kill);
  }
  warn_of_failures();
  if (acquiring && next() != start_trial(*acquiring)) {
    stop_acquiring.emit(asio::cancellation_type::terminal);
  }
  changed->cancel();
}

void Scheduler::Impl::warn_of_failures() {
  const auto failures = attempts.breaker().tripped();
  if (!failures || attempts.running() == 0 || std::exchange(warned, true)) return;
  parts.observer.on_notice(*failures + "; no new trial starts unless one that runs succeeds");
}

Result<StudyEnd> Scheduler::Impl::end() {
  give_up_recovered();
  StudyEnd result = how_it_ended();
  const bool over = result.finished && !error;
  auto saved = over ? heartbeat.save_end(result.reason) : heartbeat.save();
  if (!saved && !error) error = saved.error();
  if (error) return *error;
  return result;
}

StudyEnd Scheduler::Impl::how_it_ended() const {
  if (const auto why = ending()) return {.reason = why->text, .finished = why->finished};
  if (!exhausted) return {.reason = "no trial is left to run", .finished = false};
  if (limit_reached()) {
    return {.reason = fmt::format("{} configurations tried, none is left to promote",
                                  *config.limits.trials),
            .finished = true};
  }
  return {.reason = fmt::format("search space exhausted: all {} configurations were tried",
                                ledger.study().trials.size()),
          .finished = true};
}

// Recorded as running, but this run ends before it was their turn.
void Scheduler::Impl::give_up_recovered() {
  for (const auto number : recovered) {
    if (error) return;
    Trial trial = *ledger.trial(number);
    trial.state = TrialState::waiting;
    trial.reason = "its engine ended, goes on with the next run";
    if (auto saved = ledger.requeue(std::move(trial)); !saved) error = saved.error();
  }
}

Scheduler::Scheduler(const TuningConfig& config, OpenedStudy opened, Parts parts)
    : impl_(std::make_unique<Impl>(config, std::move(opened), parts)) {}

Scheduler::~Scheduler() = default;

boost::asio::awaitable<Result<StudyEnd>> Scheduler::run() { return impl_->run(); }

void Scheduler::interrupt(Interrupt level) { impl_->interrupt(level); }

const Study& Scheduler::study() const { return impl_->ledger.study(); }

const StudyProgress& Scheduler::progress() const { return impl_->heartbeat.progress(); }

}  // namespace hpo
