#include "engine/cli/ticker.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace hpo::cli {

struct Ticker::Impl {
  void wait() {
    timer.expires_after(interval);
    timer.async_wait([this](const boost::system::error_code& error) {
      if (error || is_cancelled) return;
      tick();
      wait();
    });
  }

  boost::asio::steady_timer timer;
  std::chrono::milliseconds interval;
  std::function<void()> tick;
  bool is_cancelled = false;
};

Ticker::Ticker(boost::asio::io_context& io, std::chrono::milliseconds interval,
               std::function<void()> tick)
    : impl_(std::make_unique<Impl>(Impl{
          .timer = boost::asio::steady_timer(io), .interval = interval, .tick = std::move(tick)})) {
  impl_->wait();
}

Ticker::~Ticker() = default;

void Ticker::cancel() {
  impl_->is_cancelled = true;
  impl_->timer.cancel();
}

Error internal_error(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    return {.code = ErrorCode::environment,
            .message = std::string("the engine failed: ") + error.what(),
            .hint = "the same command goes on"};
  }
}

}  // namespace hpo::cli
