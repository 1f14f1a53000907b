#include "engine/aws/together.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <exception>
#include <memory>

namespace hpo::aws {
namespace {

namespace asio = boost::asio;

struct Group {
  Group(const asio::any_io_executor& executor, std::size_t total, EachFn fn)
      : changed(executor, asio::steady_timer::time_point::max()),
        count(total),
        each(std::move(fn)) {}
  asio::steady_timer changed;  ///< cancelled when a worker ends
  std::size_t count;
  EachFn each;
  std::size_t next = 0;
  int running = 0;
  bool is_stopped = false;
  Result<void> outcome = {};
  std::exception_ptr thrown = {};
};

asio::awaitable<void> work(std::shared_ptr<Group> group) {
  while (!group->is_stopped && group->next < group->count) {
    const std::size_t index = group->next++;
    auto done = co_await group->each(index);
    if (done) continue;
    group->is_stopped = true;
    if (group->outcome) group->outcome = done.error();
  }
}

}  // namespace

asio::awaitable<Result<void>> for_each_together(std::size_t count, int at_once, EachFn each) {
  const auto executor = co_await asio::this_coro::executor;
  const auto group = std::make_shared<Group>(executor, count, std::move(each));
  const auto workers = std::min<std::size_t>(count, static_cast<std::size_t>(at_once));
  group->running = static_cast<int>(workers);
  for (std::size_t i = 0; i < workers; ++i) {
    asio::co_spawn(executor, work(group), [group](const std::exception_ptr& thrown) {
      if (thrown) group->thrown = thrown;
      if (thrown) group->is_stopped = true;
      --group->running;
      group->changed.cancel();
    });
  }
  bool is_cancelled = false;
  while (group->running > 0) {
    boost::system::error_code ignored;  // one of them ended
    co_await group->changed.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() == asio::cancellation_type::none) continue;
    is_cancelled = true;
    group->is_stopped = true;
    co_await asio::this_coro::reset_cancellation_state();
  }
  if (is_cancelled) throw boost::system::system_error(asio::error::operation_aborted);
  if (group->thrown) std::rethrow_exception(group->thrown);
  co_return group->outcome;
}

}  // namespace hpo::aws
