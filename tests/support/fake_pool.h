#pragma once

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/resource_pool.h"

namespace hpo {

/// Devices that hold one trial each.
class FakePool final : public ResourcePool {
 public:
  /// `gpus`: whether leases name a GPU.
  FakePool(std::vector<std::string> devices, bool gpus) : gpus_(gpus) {
    for (auto& device : devices) slots_.push_back({.device = std::move(device)});
  }

  std::vector<std::string> set_aside_devices = {};
  int waits = 0;  ///< how often a trial had to wait

  boost::asio::awaitable<Result<Lease>> acquire(std::int64_t trial) override {
    namespace asio = boost::asio;
    ++waits;
    while (true) {
      if (auto lease = try_acquire(trial)) co_return std::move(*lease);
      if (slots_.empty()) {
        co_return Error{.code = ErrorCode::environment, .message = "no device is left"};
      }
      asio::steady_timer timer(co_await asio::this_coro::executor,
                               asio::steady_timer::time_point::max());
      waiting_ = &timer;
      boost::system::error_code woken;
      co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
      waiting_ = nullptr;
    }
  }

  std::optional<Lease> try_acquire(std::int64_t trial) override {
    for (auto& slot : slots_) {
      if (slot.trials.empty()) return take(slot, trial);
    }
    return std::nullopt;
  }

  Lease adopt(const Trial& trial) override {
    for (auto& slot : slots_) {
      if (slot.device == trial.resource) return take(slot, trial.number);
    }
    return Lease(Resources{.label = trial.resource}, {});
  }

  void set_aside(const Resources& resources, const std::string&) override {
    set_aside_devices.push_back(resources.label);
    std::erase_if(slots_, [&](const auto& slot) { return slot.device == resources.label; });
  }

  [[nodiscard]] int capacity() const override { return static_cast<int>(slots_.size()); }
  [[nodiscard]] std::vector<SlotStatus> slots() const override { return slots_; }

  /// Another process holds the device, or gives it back.
  void hold(const std::string& device) { find(device)->trials.push_back(-1); }
  void free(const std::string& device) { give_back(device, -1); }

 private:
  Lease take(SlotStatus& slot, std::int64_t trial) {
    slot.trials.push_back(trial);
    Resources resources{.label = slot.device};
    if (gpus_) resources.gpus.push_back("uuid of " + slot.device);
    return Lease(std::move(resources),
                 [this, device = slot.device, trial] { give_back(device, trial); });
  }

  void give_back(const std::string& device, std::int64_t trial) {
    if (SlotStatus* slot = find(device)) std::erase(slot->trials, trial);
    if (waiting_) waiting_->cancel();
  }

  SlotStatus* find(const std::string& device) {
    for (auto& slot : slots_) {
      if (slot.device == device) return &slot;
    }
    return nullptr;
  }

  bool gpus_;
  std::vector<SlotStatus> slots_ = {};
  boost::asio::steady_timer* waiting_ = nullptr;
};

}  // namespace hpo
