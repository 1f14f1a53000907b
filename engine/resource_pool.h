#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/executor.h"
#include "engine/tuning_config.h"
#include "objectives/error.h"

namespace hpo {

/// What one device or slot does now: a row of `hpo status`.
struct SlotStatus {
  std::string device = {};
  std::vector<std::int64_t> trials = {};  ///< running there
  std::string idle_reason = {};  ///< why it is idle, or what it waits for; empty while busy
  bool is_blocked = false;       ///< a trial wants it, but others hold it or what it needs besides
  bool operator==(const SlotStatus&) const = default;
};

/// A trial's hold on its share of the pool. Move-only; gives the share back when destroyed.
class Lease {
 public:
  Lease() = default;
  Lease(Resources resources, std::function<void()> give_back)
      : resources_(std::move(resources)), give_back_(std::move(give_back)) {}
  Lease(Lease&& other) noexcept
      : resources_(std::move(other.resources_)),
        give_back_(std::exchange(other.give_back_, nullptr)) {}
  Lease& operator=(Lease&& other) noexcept {
    if (this != &other) {
      release();
      resources_ = std::move(other.resources_);
      give_back_ = std::exchange(other.give_back_, nullptr);
    }
    return *this;
  }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  ~Lease() { release(); }

  [[nodiscard]] const Resources& resources() const { return resources_; }
  void release() {
    if (auto give_back = std::exchange(give_back_, nullptr)) give_back();
  }

 private:
  Resources resources_ = {};
  std::function<void()> give_back_ = {};
};

/// The devices and slots of this machine that trials share. Used on the engine's thread only.
class ResourcePool {
 public:
  virtual ~ResourcePool() = default;

  /// Waits until a trial's share is free and leases it. Error: environment, if none can ever be had
  /// (the last device was set aside). Cancellation throws operation_aborted, as Asio does.
  virtual boost::asio::awaitable<Result<Lease>> acquire(std::int64_t trial) = 0;

  /// A share if one is free now.
  virtual std::optional<Lease> try_acquire(std::int64_t trial) = 0;

  /// The share that a trial of an earlier engine still holds (its supervisor keeps the locks), by
  /// the label recorded in trial.resource. Always succeeds: the trial runs there already.
  virtual Lease adopt(const Trial& trial) = 0;

  /// Takes a device that keeps failing trials out of the pool for the rest of this run.
  virtual void set_aside(const Resources& resources, const std::string& reason) = 0;

  /// How many trials fit at once, at most.
  [[nodiscard]] virtual int capacity() const = 0;

  [[nodiscard]] virtual std::vector<SlotStatus> slots() const = 0;
};

/// The pool of this machine as the file asks for it. Errors: environment, with what was found;
/// usage.
Result<std::unique_ptr<ResourcePool>> make_local_pool(const ResourceSpec& spec);

/// `parallel` ≥ 1 plain slots, for objectives in this process: no devices, no locks, no files.
std::unique_ptr<ResourcePool> make_slot_pool(int parallel);

}  // namespace hpo
