#include "engine/execution/local_attempt.h"

#include <algorithm>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <chrono>
#include <utility>

#include "engine/execution/supervisor_process.h"

namespace hpo::execution {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;
using supervision::Stop;

/// Between two looks at a log that grows without pause, so that lines are read by the bundle: a
/// tenth of the time that the trial has run, within these bounds. A hundred reports in 5 s are then
/// some 45 looks, each of which costs about 0.19 ms with what is stored.
constexpr milliseconds kShortestBundle{20};
constexpr milliseconds kLongestBundle{1000};
/// Between two looks at a log that cannot be watched, or not be opened yet.
constexpr milliseconds kPoll{250};
constexpr milliseconds kForEver = std::chrono::hours(24 * 365);

}  // namespace

struct LocalAttempt::Impl : std::enable_shared_from_this<Impl> {
  Impl(const asio::any_io_executor& engine, std::shared_ptr<LogWatch> log_watch,
       AttemptLog attempt_log, ReportFn report_fn)
      : executor(engine),
        watch(std::move(log_watch)),
        log(std::move(attempt_log)),
        report(std::move(report_fn)),
        wake(engine) {}

  void watch_supervisor(Descriptor process) {
    has_ended = false;
    began = Clock::now();
    supervisor.emplace(executor, process.release());
    supervisor->async_wait(asio::posix::stream_descriptor::wait_read,
                           [weak = weak_from_this()](const boost::system::error_code& error) {
                             const auto self = weak.lock();
                             if (!self || error) return;
                             self->has_ended = true;
                             self->wake.cancel();
                           });
  }

  void arm() {
    changed = false;
    if (armed >= 0 || watch == nullptr) return;
    armed = watch->arm(log.file(), [weak = weak_from_this()] {
      const auto self = weak.lock();
      if (!self) return;
      self->armed = -1;
      self->changed = true;
      self->wake.cancel();
    });
  }

  void disarm() {
    if (armed >= 0) watch->disarm(std::exchange(armed, -1));
  }

  void deliver(const Measurement& measurement) {
    if (stop != Stop::none) return;
    if (report(measurement) == ReportDecision::stop) tell(Stop::pruned);
  }

  void tell(Stop reason) {
    stop = reason;
    if (supervisor && !has_ended) tell_to_stop(supervisor->native_handle(), reason);
  }

  [[nodiscard]] milliseconds bundle_time() const {
    const auto age = std::chrono::duration_cast<milliseconds>(Clock::now() - began);
    return std::clamp(age / 10, kShortestBundle, kLongestBundle);
  }

  asio::any_io_executor executor;
  std::shared_ptr<LogWatch> watch;
  AttemptLog log;
  ReportFn report;
  asio::steady_timer wake;  ///< cancelled to wake the coroutine that waits on it
  std::optional<asio::posix::stream_descriptor> supervisor = {};  ///< its pidfd
  Clock::time_point began = {};
  std::optional<int> status = {};
  Stop stop = Stop::none;
  bool has_ended = false;
  bool changed = false;
  int armed = -1;
};

LocalAttempt::LocalAttempt(const asio::any_io_executor& executor, std::shared_ptr<LogWatch> watch,
                           AttemptLog log, ReportFn report)
    : impl_(std::make_shared<Impl>(executor, std::move(watch), std::move(log), std::move(report))) {
}

LocalAttempt::~LocalAttempt() { impl_->disarm(); }

asio::awaitable<void> LocalAttempt::pause(milliseconds time) {
  impl_->wake.expires_after(time);
  boost::system::error_code ignored;  // woken, or the time is over
  co_await impl_->wake.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) {
    throw boost::system::system_error(asio::error::operation_aborted);
  }
}

asio::awaitable<void> LocalAttempt::follow(Descriptor supervisor) {
  impl_->watch_supervisor(std::move(supervisor));
  if (impl_->stop != Stop::none) impl_->tell(impl_->stop);
  while (!impl_->has_ended) {
    impl_->arm();  // before reading: what is written after the last read wakes it
    const bool was_armed = impl_->armed >= 0;
    while (impl_->log.read([this](const Measurement& m) { impl_->deliver(m); })) {
      co_await asio::post(impl_->executor, asio::use_awaitable);  // others have their turn
    }
    const bool is_watched = was_armed && impl_->log.error() == 0;
    if (!impl_->has_ended && !impl_->changed) co_await pause(is_watched ? kForEver : kPoll);
    if (!impl_->has_ended) co_await pause(impl_->bundle_time());
  }
  impl_->disarm();
  impl_->status = take_status(impl_->supervisor->native_handle());
  impl_->supervisor.reset();
}

asio::awaitable<void> LocalAttempt::read_rest() {
  const auto deliver = [this](const Measurement& m) { impl_->deliver(m); };
  while (impl_->log.read(deliver)) {
    co_await asio::post(impl_->executor, asio::use_awaitable);
  }
  impl_->log.finish(deliver);
}

void LocalAttempt::stop(Stop reason) {
  if (impl_->stop == Stop::pruned && reason != Stop::kill) return;
  impl_->tell(reason);
}

Stop LocalAttempt::stop_reason() const { return impl_->stop; }
AttemptLog& LocalAttempt::log() { return impl_->log; }
std::optional<int> LocalAttempt::supervisor_status() const { return impl_->status; }

}  // namespace hpo::execution
