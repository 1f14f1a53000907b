#include "engine/scheduling/clock.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace hpo {
namespace {

namespace asio = boost::asio;

class SystemClock final : public SchedulerClock {
 public:
  [[nodiscard]] TimePoint now() const override {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }

  [[nodiscard]] double monotonic_s() const override {
    const auto since_epoch = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration<double>(since_epoch).count();
  }

  asio::awaitable<void> sleep(double seconds) override {
    const auto duration = std::chrono::duration_cast<asio::steady_timer::duration>(
        std::chrono::duration<double>(seconds));
    asio::steady_timer timer(co_await asio::this_coro::executor, duration);
    boost::system::error_code ended_early;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ended_early));
  }
};

}  // namespace

std::unique_ptr<SchedulerClock> make_system_clock() { return std::make_unique<SystemClock>(); }

}  // namespace hpo
