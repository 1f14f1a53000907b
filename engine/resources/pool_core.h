#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/resource_pool.h"
#include "engine/resources/device_bank.h"
#include "engine/resources/slot_bank.h"

namespace hpo::resources {

/// What the pool divides. GPUs and CPUs are taken together; slots are counted where a trial takes
/// neither.
struct PoolBanks {
  std::optional<DeviceBank> gpus = {};
  std::optional<DeviceBank> cpus = {};
  std::vector<int> cpu_ids = {};  ///< of the CPU bank's devices; empty: trials are not pinned
  SlotBank slots = SlotBank();
};

/// The pool without its waiting line: who has what. Leases keep it alive.
class PoolCore : public std::enable_shared_from_this<PoolCore> {
 public:
  /// `on_give_back` is called after each return of a share.
  PoolCore(PoolBanks banks, std::function<void()> on_give_back)
      : banks_(std::move(banks)), on_give_back_(std::move(on_give_back)) {}

  /// A lease if one is free now. Error: environment (lock files).
  Result<std::optional<Lease>> take(std::int64_t trial);
  Lease adopt(const Trial& trial);
  void set_aside(const Resources& resources, const std::string& reason);

  [[nodiscard]] int capacity() const;
  /// Why no trial can ever start again; nothing while one can.
  [[nodiscard]] std::optional<Error> hopeless() const;
  /// Whether only others (processes, failing locks) stand between the next trial and its share.
  [[nodiscard]] bool is_blocked_by_others() const;
  [[nodiscard]] std::vector<SlotStatus> slots(bool is_wanted) const;

 private:
  /// What a lease gives back.
  struct Held {
    std::int64_t trial = 0;
    std::optional<Share> gpus = {};
    std::optional<Share> cpus = {};
    std::optional<int> slot = {};
    std::string elsewhere = {};  ///< an adopted trial's device that this pool does not have
  };
  Result<bool> take_devices(Held& held);
  Lease lease(Held held);
  [[nodiscard]] Resources describe(const Held& held) const;
  void give_back(const Held& held);
  [[nodiscard]] bool takes_devices() const { return banks_.gpus || banks_.cpus; }

  PoolBanks banks_;
  std::vector<SlotStatus> elsewhere_ = {};
  std::function<void()> on_give_back_;
};

}  // namespace hpo::resources
