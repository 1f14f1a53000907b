#pragma once

#include <boost/asio/awaitable.hpp>

namespace hpo::aws {

/// Waits. Throws operation_aborted where the coroutine is cancelled.
boost::asio::awaitable<void> pause(double seconds);

/// Seconds of the steady clock.
double steady_s();

}  // namespace hpo::aws
