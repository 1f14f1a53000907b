#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "engine/resource_pool.h"
#include "engine/resources/patience.h"
#include "engine/resources/share.h"
#include "engine/resources/unit_locks.h"
#include "objectives/descriptor.h"

namespace hpo::resources {

/// A device that trials share.
struct PooledDevice {
  std::string name = {};       ///< "0": behind the kind in labels and rows
  std::string uuid = {};       ///< of a GPU
  std::size_t file = 0;        ///< its lock file in the bank
  std::int64_t place = 0;      ///< its number in that file
  std::string set_aside = {};  ///< why it is out for the rest of the run; empty while it is not

  int leased_units = 0;                   ///< by this pool, adopted ones included
  std::vector<std::int64_t> trials = {};  ///< of this pool
  std::string used_by = {};               ///< the foreign process seen at the last look
  std::chrono::milliseconds wait = {};    ///< before the next look
  std::chrono::steady_clock::time_point next_look = {};
};

/// What a look at a device showed; both are empty for a free and healthy one.
struct DeviceLook {
  std::string used_by = {};  ///< "used by process 4711 (python3)"
  std::string failure = {};
};

/// A trial's part of a bank.
struct Share {
  std::int64_t trial = 0;
  struct Part {
    std::size_t device = 0;
    int units = 0;
  };
  std::vector<Part> parts = {};
  std::vector<Descriptor> locks = {};  ///< empty for an adopted share: its supervisor has them
};

/// The devices of one kind, leased in equal shares: within this process by a ledger, across
/// processes by lock files.
class DeviceBank {
 public:
  using LookFn = std::function<DeviceLook(const PooledDevice&, const LockFile&)>;

  struct Options {
    std::string kind = {};                               ///< "gpu", "cpu", "slot"
    Amount amount = {};                                  ///< what a trial takes
    int most_devices = std::numeric_limits<int>::max();  ///< in use at once
    std::vector<PooledDevice> devices = {};
    LookFn look = {};  ///< finds foreign users; none: there is nothing to look for
    Patience patience = {};
  };

  DeviceBank(Options options, std::vector<LockFile> files);

  /// A share, of the devices that are free and healthy now; the emptiest first. Nothing if there is
  /// none. Error: environment (lock files).
  Result<std::optional<Share>> take(std::int64_t trial);
  void give_back(const Share& share);

  /// The ledger's entry for a share that a living trial holds on the named devices; those that are
  /// not in the bank are left out.
  Share adopt(std::int64_t trial, const std::vector<std::string>& names);

  void set_aside(const std::vector<std::string>& names, const std::string& reason);

  /// How many trials fit on the devices that are not set aside.
  [[nodiscard]] int capacity() const;

  /// Whether a share would be free if nobody else used the devices.
  [[nodiscard]] bool is_free_but_for_others() const;

  /// Whether a share seemed free at the last looks.
  [[nodiscard]] bool has_free_share() const;

  /// A row for each device. `waiting`: what the next trial waits for elsewhere; empty if no trial
  /// waits.
  [[nodiscard]] std::vector<SlotStatus> rows(const std::string& waiting) const;

  /// "gpu 0: set aside: ..." of every device that is.
  [[nodiscard]] std::string reasons() const;

  [[nodiscard]] std::string label(const Share& share) const;
  [[nodiscard]] const PooledDevice& device(std::size_t index) const { return devices_[index]; }
  [[nodiscard]] const Options& options() const { return options_; }

 private:
  [[nodiscard]] int free_units(const PooledDevice& device) const;
  [[nodiscard]] int ledger_free_units(const PooledDevice& device) const;
  template <class FreeUnits>
  [[nodiscard]] bool would_fit(FreeUnits free_units) const;
  [[nodiscard]] int devices_in_use() const;
  [[nodiscard]] std::string idle_reason(const PooledDevice& device,
                                        const std::string& waiting) const;
  [[nodiscard]] bool is_blocked(const PooledDevice& device) const;
  bool is_usable(PooledDevice& device);
  std::optional<Share> choose(std::int64_t trial);
  Result<bool> lock(Share& share);
  void enter(const Share& share);

  Options options_;
  std::vector<PooledDevice> devices_;
  std::vector<LockFile> files_;
};

}  // namespace hpo::resources
