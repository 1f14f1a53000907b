#include "engine/resources/device_bank.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace hpo::resources {

using std::chrono::steady_clock;

DeviceBank::DeviceBank(Options options, std::vector<LockFile> files)
    : options_(std::move(options)),
      devices_(std::move(options_.devices)),
      files_(std::move(files)) {
  check(!options_.amount.is_nothing(), "a trial takes something of a bank");
  for (auto& device : devices_) {
    if (device.set_aside.empty()) is_usable(device);
  }
}

int DeviceBank::ledger_free_units(const PooledDevice& device) const {
  // An adopted share may be larger than today's amount, so the ledger may exceed the device.
  return device.set_aside.empty() ? std::max(0, kDeviceUnits - device.leased_units) : 0;
}

int DeviceBank::free_units(const PooledDevice& device) const {
  const int by_ledger = ledger_free_units(device);
  if (by_ledger == 0 || !device.used_by.empty()) return 0;
  return std::min(by_ledger, files_[device.file].free_units(device.place));
}

int DeviceBank::devices_in_use() const {
  const auto used = [](const PooledDevice& device) { return device.leased_units > 0; };
  return static_cast<int>(std::count_if(devices_.begin(), devices_.end(), used));
}

bool DeviceBank::is_usable(PooledDevice& device) {
  if (!options_.look) return true;
  const auto now = steady_clock::now();
  if (!device.used_by.empty() && now < device.next_look) return false;
  DeviceLook look = options_.look(device, files_[device.file]);
  device.used_by = look.used_by;
  if (!look.failure.empty()) device.set_aside = look.failure;
  if (device.used_by.empty()) {
    device.wait = {};
    return look.failure.empty();
  }
  device.wait = options_.patience.after(device.wait);
  device.next_look = now + device.wait;
  return false;
}

std::optional<Share> DeviceBank::choose(std::int64_t trial) {
  struct Candidate {
    std::size_t device = 0;
    int free = 0;
  };
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    const auto& device = devices_[i];
    const int by_ledger = ledger_free_units(device);
    if (by_ledger == 0) continue;
    const int free = std::min(by_ledger, files_[device.file].free_units(device.place));
    if (free > 0) candidates.push_back({.device = i, .free = free});
  }
  const auto emptier = [](const Candidate& a, const Candidate& b) { return a.free > b.free; };
  std::stable_sort(candidates.begin(), candidates.end(), emptier);
  int more_devices = options_.most_devices - devices_in_use();
  Share share{.trial = trial};
  int whole = options_.amount.whole;
  int units = options_.amount.units;
  for (const auto& [index, free] : candidates) {
    const int part = whole > 0 ? kDeviceUnits : units;
    if (part == 0 || free < part) break;  // the emptiest is too full
    const bool in_use = devices_[index].leased_units > 0;
    if (!in_use && more_devices == 0) continue;
    if (!is_usable(devices_[index])) continue;
    if (!in_use) --more_devices;
    share.parts.push_back({.device = index, .units = part});
    whole > 0 ? --whole : units = 0;
  }
  if (whole > 0 || units > 0) return std::nullopt;
  return share;
}

Result<bool> DeviceBank::lock(Share& share) {
  std::map<std::size_t, std::size_t> lock_of_file;
  for (const auto& part : share.parts) {
    const auto& device = devices_[part.device];
    const auto& file = files_[device.file];
    const auto [entry, is_new] = lock_of_file.emplace(device.file, share.locks.size());
    if (is_new) {
      auto description = file.open_for_lease();
      if (!description) return description.error();
      share.locks.push_back(std::move(*description));
    }
    if (!file.lock(share.locks[entry->second], device.place, part.units)) return false;
  }
  return true;
}

Result<std::optional<Share>> DeviceBank::take(std::int64_t trial) {
  auto share = choose(trial);
  if (!share) return std::optional<Share>();
  const auto locked = lock(*share);
  if (!locked) return locked.error();
  if (!*locked) return std::optional<Share>();
  enter(*share);
  return share;
}

void DeviceBank::enter(const Share& share) {
  for (const auto& part : share.parts) {
    devices_[part.device].leased_units += part.units;
    devices_[part.device].trials.push_back(share.trial);
  }
}

void DeviceBank::give_back(const Share& share) {
  for (const auto& part : share.parts) {
    auto& device = devices_[part.device];
    device.leased_units -= part.units;
    const auto trial = std::find(device.trials.begin(), device.trials.end(), share.trial);
    check(trial != device.trials.end(), "a share is given back once");
    device.trials.erase(trial);
    device.wait = {};  // what its processes leave behind goes soon
    device.next_look = {};
  }
}

Share DeviceBank::adopt(std::int64_t trial, const std::vector<std::string>& names) {
  Share share{.trial = trial};
  const auto& [whole, units] = options_.amount;
  // Today's amount may not be the one it was leased with: several devices are whole ones.
  const bool all_whole = units == 0 || (whole == 0 && names.size() > 1);
  for (std::size_t k = 0; k < names.size(); ++k) {
    const int part = all_whole || static_cast<int>(k) < whole ? kDeviceUnits : units;
    for (std::size_t i = 0; i < devices_.size(); ++i) {
      if (devices_[i].name == names[k]) share.parts.push_back({.device = i, .units = part});
    }
  }
  enter(share);
  return share;
}

void DeviceBank::set_aside(const std::vector<std::string>& names, const std::string& reason) {
  for (auto& device : devices_) {
    const bool named = std::find(names.begin(), names.end(), device.name) != names.end();
    if (named && device.set_aside.empty()) device.set_aside = reason;
  }
}

int DeviceBank::capacity() const {
  const auto healthy = [](const PooledDevice& device) { return device.set_aside.empty(); };
  const auto count = std::count_if(devices_.begin(), devices_.end(), healthy);
  return fitting(options_.amount, std::min(static_cast<int>(count), options_.most_devices));
}

std::string DeviceBank::label(const Share& share) const {
  std::vector<std::string> names;
  for (const auto& part : share.parts) names.push_back(devices_[part.device].name);
  return share_label(options_.kind, names);
}

}  // namespace hpo::resources
