#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>

#include "objectives/trial.h"

namespace hpo {

/// The scheduler's time, so that tests can hold it.
class SchedulerClock {
 public:
  virtual ~SchedulerClock() = default;
  /// UTC: what rows carry. May step when the machine's clock is set.
  [[nodiscard]] virtual TimePoint now() const = 0;
  /// Seconds since some fixed moment; never steps back: what durations and limits.runtime use.
  [[nodiscard]] virtual double monotonic_s() const = 0;
  /// Comes back after `seconds`, or when it is cancelled.
  virtual boost::asio::awaitable<void> sleep(double seconds) = 0;
};

std::unique_ptr<SchedulerClock> make_system_clock();

}  // namespace hpo
