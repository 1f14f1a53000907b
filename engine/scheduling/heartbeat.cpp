#include "engine/scheduling/heartbeat.h"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

#include "engine/scheduling/status.h"

namespace hpo {

namespace asio = boost::asio;

namespace {
constexpr double kBeat_s = 1;
}

struct Heartbeat::Pulse {
  asio::cancellation_signal stop = {};
  std::optional<asio::steady_timer> over =
      {};  // never expires; cancelled when the last beat is over
  bool beating = false;
  bool stopping = false;
};

Heartbeat::Heartbeat(const Limits& limits, const Attempts& attempts, const Scheduler::Parts& parts,
                     SchedulerClock& clock, StudyProgress progress,
                     std::function<void(const Result<void>&)> on_beat)
    : limits_(limits),
      attempts_(attempts),
      parts_(parts),
      clock_(clock),
      progress_(std::move(progress)),
      on_beat_(std::move(on_beat)),
      pulse_(std::make_unique<Pulse>()),
      earlier_runs_s_(progress_.active_s),
      began_s_(clock.monotonic_s()) {}

Heartbeat::~Heartbeat() = default;

Result<void> Heartbeat::begin(const asio::any_io_executor& executor) {
  began_s_ = clock_.monotonic_s();
  progress_.stop_reason.clear();
  if (auto saved = save(); !saved) return saved;
  pulse_->over.emplace(executor, asio::steady_timer::time_point::max());
  pulse_->beating = true;
  asio::co_spawn(executor, beat(),
                 asio::bind_cancellation_slot(pulse_->stop.slot(), [this](std::exception_ptr) {
                   pulse_->beating = false;
                   pulse_->over->cancel();
                 }));
  return {};
}

Result<void> Heartbeat::settle() {
  if (std::exchange(settled_, true)) return {};
  return save();
}

asio::awaitable<void> Heartbeat::beat() {
  while (!pulse_->stopping) {
    double pause_s = kBeat_s;
    if (limits_.runtime_s) {
      pause_s = std::clamp(*limits_.runtime_s - active_s(), 0.001, kBeat_s);
    }
    co_await clock_.sleep(pause_s);
    if (pulse_->stopping) co_return;
    on_beat_(save());
  }
}

asio::awaitable<void> Heartbeat::stop() {
  pulse_->stopping = true;
  pulse_->stop.emit(asio::cancellation_type::terminal);
  while (pulse_->beating) {
    boost::system::error_code woken;
    co_await pulse_->over->async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
}

double Heartbeat::active_s() const {
  return earlier_runs_s_ + std::max(0.0, clock_.monotonic_s() - began_s_);
}

Result<void> Heartbeat::save() {
  progress_.active_s = active_s();
  const auto eta = eta_s({.limits = limits_,
                          .standing = attempts_.standing(),
                          .running_s = attempts_.running_s(),
                          .capacity = parts_.pool.capacity(),
                          .active_s = progress_.active_s});
  progress_.status = status_json(parts_.pool.slots(), eta, progress_.active_s, clock_.now());
  return parts_.store.save_progress(progress_);
}

Result<void> Heartbeat::save_end(std::string reason) {
  progress_.stop_reason = std::move(reason);
  return save();
}

}  // namespace hpo
