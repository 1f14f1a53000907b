#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <functional>

#include "objectives/error.h"

namespace hpo::aws {

/// What is done with each of many things: their index → success.
using EachFn = std::function<boost::asio::awaitable<Result<void>>(std::size_t)>;

/// Does it with 0 … count−1, `at_once` of them at a time, and waits for all that began. After the
/// first error, or where the coroutine is cancelled, no other begins.
boost::asio::awaitable<Result<void>> for_each_together(std::size_t count, int at_once, EachFn each);

}  // namespace hpo::aws
