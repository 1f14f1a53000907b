// The waiting line before the devices: trials get their shares in the order in which they asked.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <list>
#include <memory>
#include <utility>

#include "engine/resources/machine.h"

namespace hpo::resources {
namespace asio = boost::asio;
namespace {

class Place;

/// The waiting trials, the next one first.
using Line = std::list<Place*>;

void wake_next(const Line& line);

/// A trial's place in the line; leaving it (with a lease, an error, cancelled) wakes the next one.
class Place {
 public:
  Place(std::shared_ptr<Line> line, const asio::any_io_executor& executor)
      : line_(std::move(line)), timer_(executor) {
    line_->push_back(this);
  }
  ~Place() {
    line_->remove(this);
    wake_next(*line_);
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  [[nodiscard]] bool is_next() const { return line_->front() == this; }
  asio::steady_timer& timer() { return timer_; }
  void wake() { timer_.cancel(); }

 private:
  std::shared_ptr<Line> line_;
  asio::steady_timer timer_;
};

void wake_next(const Line& line) {
  if (!line.empty()) line.front()->wake();
}

class LocalPool final : public ResourcePool {
 public:
  LocalPool(PoolBanks banks, Patience patience)
      : patience_(patience),
        core_(std::make_shared<PoolCore>(std::move(banks), [line = line_] { wake_next(*line); })) {}

  asio::awaitable<Result<Lease>> acquire(std::int64_t trial) override;

  std::optional<Lease> try_acquire(std::int64_t trial) override {
    if (!line_->empty()) return std::nullopt;
    auto lease = core_->take(trial);
    if (!lease) return std::nullopt;
    return std::move(*lease);
  }

  Lease adopt(const Trial& trial) override { return core_->adopt(trial); }

  void set_aside(const Resources& resources, const std::string& reason) override {
    core_->set_aside(resources, reason);
    wake_next(*line_);
  }

  [[nodiscard]] int capacity() const override { return core_->capacity(); }

  [[nodiscard]] std::vector<SlotStatus> slots() const override {
    return core_->slots(!line_->empty());
  }

 private:
  Patience patience_;
  // Shared with leases and waiting coroutines, which the io_context may destroy after the pool.
  std::shared_ptr<Line> line_ = std::make_shared<Line>();
  std::shared_ptr<PoolCore> core_;
};

asio::awaitable<Result<Lease>> LocalPool::acquire(std::int64_t trial) {
  const auto executor = co_await asio::this_coro::executor;
  Place place(line_, executor);
  std::chrono::milliseconds wait = {};
  while (true) {
    // Woken early or not at all: each round decides anew from how things stand.
    auto expiry = asio::steady_timer::time_point::max();
    if (place.is_next()) {
      auto lease = core_->take(trial);
      if (!lease) co_return lease.error();
      if (*lease) co_return std::move(**lease);
      if (auto error = core_->hopeless()) co_return std::move(*error);
      if (core_->is_blocked_by_others()) {
        wait = patience_.after(wait);
        expiry = asio::steady_timer::clock_type::now() + wait;
      }
    }
    place.timer().expires_at(expiry);
    boost::system::error_code woken;
    co_await place.timer().async_wait(asio::redirect_error(asio::use_awaitable, woken));
    if (woken) wait = {};  // by a returned share, not by the clock
    const auto cancellation = co_await asio::this_coro::cancellation_state;
    if (cancellation.cancelled() != asio::cancellation_type::none) {
      throw boost::system::system_error(asio::error::operation_aborted);
    }
  }
}

std::unique_ptr<ResourcePool> slot_pool(int slots) {
  PoolBanks banks{.slots = SlotBank(slots)};
  return std::make_unique<LocalPool>(std::move(banks), Patience());
}

}  // namespace

Result<std::unique_ptr<ResourcePool>> make_local_pool(const ResourceSpec& spec,
                                                      const Machine& machine,
                                                      const PoolPatience& patience) {
  auto banks = make_banks(spec, machine, patience);
  if (!banks) return banks.error();
  return std::unique_ptr<ResourcePool>(
      std::make_unique<LocalPool>(std::move(*banks), patience.locks));
}

}  // namespace hpo::resources

namespace hpo {

Result<std::unique_ptr<ResourcePool>> make_local_pool(const ResourceSpec& spec) {
  const auto machine = resources::this_machine();
  if (!machine) return machine.error();
  return resources::make_local_pool(spec, *machine, resources::PoolPatience());
}

std::unique_ptr<ResourcePool> make_slot_pool(int parallel) {
  check(parallel > 0, "a pool has a slot");
  return resources::slot_pool(parallel);
}

}  // namespace hpo
