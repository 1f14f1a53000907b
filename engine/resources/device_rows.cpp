// What a bank says about itself: whether a share is free, and why a device is idle.

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "engine/resources/device_bank.h"
#include "engine/resources/processes.h"

namespace hpo::resources {
namespace {

std::string plural(const std::string& kind, int count) {
  std::string word = kind == "slot" ? kind : kind == "gpu" ? "GPU" : "CPU";
  return count == 1 ? word : word + "s";
}

/// Who holds a part of the device. The process that took the lease may be gone while its trial goes
/// on, or may be this one: another pool, or a supervisor that has not ended yet.
std::string leased_by(const LockFile& file, std::int64_t place) {
  const int pid = file.holder(place).value_or(0);
  if (pid <= 0) return "leased by another hpo process";
  if (pid == getpid()) return "still leased by a trial of this process";
  if (process_name(pid).empty()) {
    return fmt::format("leased by a trial of an earlier hpo process (pid {}, ended)", pid);
  }
  return fmt::format("leased by another hpo process (pid {})", pid);
}

}  // namespace

/// Whether the devices, each with free_units(device), hold one share.
template <class FreeUnits>
bool DeviceBank::would_fit(FreeUnits free_units) const {
  int more_devices = options_.most_devices - devices_in_use();
  int whole = 0;
  int parts = 0;
  for (const auto& device : devices_) {
    const int free = free_units(device);
    const bool in_use = device.leased_units > 0;
    const bool fits_whole = free == kDeviceUnits;
    const bool fits_part = options_.amount.units > 0 && free >= options_.amount.units;
    if (!fits_whole && !fits_part) continue;
    if (!in_use && more_devices-- <= 0) continue;
    fits_whole ? ++whole : ++parts;
  }
  if (whole < options_.amount.whole) return false;
  return options_.amount.units == 0 || parts > 0 || whole > options_.amount.whole;
}

bool DeviceBank::is_free_but_for_others() const {
  return would_fit([this](const PooledDevice& device) { return ledger_free_units(device); });
}

bool DeviceBank::has_free_share() const {
  return would_fit([this](const PooledDevice& device) { return free_units(device); });
}

std::string DeviceBank::idle_reason(const PooledDevice& device, const std::string& waiting) const {
  if (!device.set_aside.empty()) return "set aside: " + device.set_aside;
  if (!device.used_by.empty()) return device.used_by;
  const auto& file = files_[device.file];
  const int part = options_.amount.whole > 0 ? kDeviceUnits : options_.amount.units;
  if (file.free_units(device.place) < part) return leased_by(file, device.place);
  if (devices_in_use() >= options_.most_devices) {
    return fmt::format("not needed: resources.gpus is {}", options_.most_devices);
  }
  if (waiting.empty()) return "no trial wants it";
  if (!has_free_share()) {
    const int devices = options_.amount.devices();
    return fmt::format("waits for others: a trial takes {} {}", devices,
                       plural(options_.kind, devices));
  }
  return waiting;
}

/// No share is free, and it is not this process that keeps the device: its trials end by
/// themselves.
bool DeviceBank::is_blocked(const PooledDevice& device) const {
  if (!device.set_aside.empty() || has_free_share()) return false;
  return files_[device.file].holder(device.place) != getpid();
}

std::vector<SlotStatus> DeviceBank::rows(const std::string& waiting) const {
  std::vector<SlotStatus> rows;
  for (const auto& device : devices_) {
    SlotStatus row{.device = options_.kind + " " + device.name, .trials = device.trials};
    if (row.trials.empty()) {
      row.idle_reason = idle_reason(device, waiting);
      row.is_blocked = !waiting.empty() && is_blocked(device);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string DeviceBank::reasons() const {
  std::string text;
  for (const auto& device : devices_) {
    if (device.set_aside.empty()) continue;
    text += fmt::format("{}{} {}: {}", text.empty() ? "" : "; ", options_.kind, device.name,
                        device.set_aside);
  }
  return text;
}

}  // namespace hpo::resources
