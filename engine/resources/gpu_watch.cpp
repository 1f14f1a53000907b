#include "engine/resources/gpu_watch.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "engine/resources/processes.h"

namespace hpo::resources {
namespace {

DeviceLook look_at(const Gpus& gpus, const PooledDevice& device, const LockFile& file) {
  const auto pids = gpus.compute_processes({.uuid = device.uuid});
  if (!pids) return {.failure = pids.error().message};
  const bool is_leased = file.free_units(device.place) < kDeviceUnits;
  for (const int pid : *pids) {
    if (is_leased && descent_from_holder(pid, file.path()) != Descent::other) continue;
    const std::string name = process_name(pid);
    return {.used_by = name.empty() ? fmt::format("used by process {}", pid)
                                    : fmt::format("used by process {} ({})", pid, name)};
  }
  return {};
}

}  // namespace

DeviceBank::LookFn watch_gpus(Gpus gpus) {
  // A std::function is copyable, the session is not: hence shared.
  auto session = std::make_shared<Gpus>(std::move(gpus));
  return [session](const PooledDevice& device, const LockFile& file) {
    return look_at(*session, device, file);
  };
}

}  // namespace hpo::resources
