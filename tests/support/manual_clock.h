#pragma once

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <list>

#include "engine/scheduling/clock.h"

namespace hpo {

/// A clock that stands still until the test moves it.
class ManualClock final : public SchedulerClock {
 public:
  [[nodiscard]] TimePoint now() const override {
    return TimePoint(std::chrono::hours(24 * 365 * 50)) +
           std::chrono::milliseconds(static_cast<std::int64_t>(now_s_ * 1000));
  }
  [[nodiscard]] double monotonic_s() const override { return now_s_; }

  boost::asio::awaitable<void> sleep(double seconds) override {
    namespace asio = boost::asio;
    const auto executor = co_await asio::this_coro::executor;
    auto sleeper = sleepers_.emplace(sleepers_.end(), now_s_ + seconds, executor);
    sleeper->timer.expires_at(asio::steady_timer::time_point::max());
    boost::system::error_code woken;
    co_await sleeper->timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    sleepers_.erase(sleeper);
  }

  /// Wakes whoever sleeps no longer than that.
  void advance(double seconds) {
    now_s_ += seconds;
    for (auto& sleeper : sleepers_) {
      if (sleeper.until_s <= now_s_) sleeper.timer.cancel();
    }
  }

 private:
  struct Sleeper {
    Sleeper(double until, const boost::asio::any_io_executor& executor)
        : until_s(until), timer(executor) {}
    double until_s;
    boost::asio::steady_timer timer;
  };
  double now_s_ = 1000;
  std::list<Sleeper> sleepers_ = {};
};

}  // namespace hpo
