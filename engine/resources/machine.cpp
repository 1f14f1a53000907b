// From the file's `resources` and the machine to the banks of devices that the pool divides.

#include "engine/resources/machine.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/resources/gpu_watch.h"
#include "engine/resources/lock_folder.h"

namespace hpo::resources {
namespace {

Error cannot_have(std::string message, std::string hint) {
  return {.code = ErrorCode::environment, .message = std::move(message), .hint = std::move(hint)};
}

Result<void> check_spec(const ResourceSpec& spec) {
  const double gpus = spec.gpus_per_trial;
  if (!(gpus >= 0) || (gpus > 1 && gpus != std::floor(gpus))) {
    return Error{.message = fmt::format("resources.gpus_per_trial: must be a fraction of one GPU "
                                        "or a whole number of them, got {}",
                                        gpus)};
  }
  if (!(spec.cpus_per_trial >= 0)) {
    return Error{.message = fmt::format("resources.cpus_per_trial: must be 0 or more, got {}",
                                        spec.cpus_per_trial)};
  }
  return {};
}

/// "2 GPUs: gpu 0 (NVIDIA H100), gpu 1 (failed: ...)", and what the mask hides.
std::string what_was_found(const Gpus& gpus, const std::vector<GpuDevice>& devices) {
  std::string found = devices.empty() ? "none" : "";
  for (const auto& gpu : devices) {
    found += fmt::format("{}gpu {} ({})", found.empty() ? "" : ", ", short_name(gpu),
                         gpu.failure.empty() ? gpu.name : "failed: " + gpu.failure);
  }
  const char* mask = std::getenv("CUDA_VISIBLE_DEVICES");
  if (mask == nullptr) return "found " + found;
  return fmt::format("found {} of {} installed, by CUDA_VISIBLE_DEVICES=\"{}\"", found,
                     gpus.installed(), mask);
}

Result<DeviceBank> gpu_bank(const ResourceSpec& spec, const Machine& machine, Gpus gpus,
                            const std::vector<GpuDevice>& found, const PoolPatience& patience) {
  DeviceBank::Options options{
      .kind = "gpu", .amount = amount_of(spec.gpus_per_trial), .patience = patience.busy_devices};
  if (spec.gpus) options.most_devices = *spec.gpus;
  std::vector<LockFile> files;
  for (const auto& gpu : found) {
    PooledDevice device{.name = short_name(gpu), .uuid = gpu.uuid, .set_aside = gpu.failure};
    if (gpu.failure.empty()) {
      std::string name = gpu.uuid;  // an old MIG name has slashes
      std::replace(name.begin(), name.end(), '/', '_');
      auto file = LockFile::open(machine.locks / (name + ".lock"));
      if (!file) return file.error();
      device.file = files.size();
      files.push_back(std::move(*file));
    }
    options.devices.push_back(std::move(device));
  }
  options.look = watch_gpus(std::move(gpus));
  return DeviceBank(std::move(options), std::move(files));
}

/// Null: trials run on the CPUs.
Result<std::optional<DeviceBank>> find_gpus(const ResourceSpec& spec, const Machine& machine,
                                            const PoolPatience& patience) {
  if (spec.gpus == 0 || spec.gpus_per_trial == 0) return std::optional<DeviceBank>();
  auto gpus = Gpus::open();
  if (!gpus) return gpus.error();
  const auto found = gpus->devices();
  if (!found) return found.error();
  if (found->empty() && !spec.gpus) return std::optional<DeviceBank>();
  const auto healthy = std::count_if(found->begin(), found->end(),
                                     [](const GpuDevice& gpu) { return gpu.failure.empty(); });
  if (healthy < spec.gpus.value_or(1)) {
    return cannot_have(
        spec.gpus
            ? fmt::format("resources.gpus is {}, but this process can use {} GPU{}: {}", *spec.gpus,
                          healthy, healthy == 1 ? "" : "s", what_was_found(*gpus, *found))
            : fmt::format("no GPU of this machine works: {}", what_was_found(*gpus, *found)),
        "`hpo doctor` shows the GPUs; `gpus: 0` runs the trials on the CPUs");
  }
  const int most = std::min(static_cast<int>(healthy), spec.gpus.value_or(4096));
  if (spec.gpus_per_trial > most) {
    return cannot_have(fmt::format("resources.gpus_per_trial is {}, but there are {} to use: {}",
                                   spec.gpus_per_trial, most, what_was_found(*gpus, *found)),
                       "lower gpus_per_trial");
  }
  auto bank = gpu_bank(spec, machine, std::move(*gpus), *found, patience);
  if (!bank) return bank.error();
  return std::optional<DeviceBank>(std::move(*bank));
}

/// The cgroup's own file, so that processes under one quota share it and others do not.
std::string quota_file(const CpuQuota& quota) {
  struct stat folder = {};
  if (stat(quota.folder.c_str(), &folder) != 0) return "quota.lock";
  return fmt::format("quota-{}-{}.lock", folder.st_dev, folder.st_ino);
}

/// The CPUs of the mask. Under a quota below it, as many unpinned slots: the quota bounds time, not
/// CPUs, and containers that all pinned their trials to the first CPUs would crowd there.
Result<void> add_cpus(const ResourceSpec& spec, const Machine& machine, PoolBanks& banks) {
  const int usable = usable_cpus(machine.cpus.size(), machine.quota);
  const bool is_pinned = static_cast<std::size_t>(usable) >= machine.cpus.size();
  DeviceBank::Options options{.kind = is_pinned ? "cpu" : "slot",
                              .amount = amount_of(spec.cpus_per_trial)};
  if (fitting(options.amount, usable) == 0) {
    return cannot_have(
        fmt::format(
            "resources.cpus_per_trial is {}, but this process may use {} CPU{}{}",
            spec.cpus_per_trial, usable, usable == 1 ? "" : "s",
            is_pinned ? " (affinity mask)" : " (quota of " + machine.quota->folder.string() + ")"),
        "lower cpus_per_trial, or widen the mask or quota that hpo is started with");
  }
  auto file =
      LockFile::open(machine.locks / (is_pinned ? "cpus.lock" : quota_file(*machine.quota)));
  if (!file) return file.error();
  for (int i = 0; i < usable; ++i) {
    const int id = is_pinned ? machine.cpus[static_cast<std::size_t>(i)] : i;
    options.devices.push_back({.name = std::to_string(id), .place = id});
    if (is_pinned) banks.cpu_ids.push_back(id);
  }
  std::vector<LockFile> files;
  files.push_back(std::move(*file));
  banks.cpus.emplace(std::move(options), std::move(files));
  return {};
}

}  // namespace

Result<Machine> this_machine() {
  auto locks = lock_folder();
  if (!locks) return locks.error();
  return Machine{.cpus = affinity_cpus(), .quota = cpu_quota(), .locks = *locks};
}

Result<PoolBanks> make_banks(const ResourceSpec& spec, const Machine& machine,
                             const PoolPatience& patience) {
  if (const auto checked = check_spec(spec); !checked) return checked.error();
  PoolBanks banks;
  auto gpus = find_gpus(spec, machine, patience);
  if (!gpus) return gpus.error();
  if (*gpus) banks.gpus.emplace(std::move(**gpus));
  if (spec.cpus_per_trial > 0) {
    if (const auto added = add_cpus(spec, machine, banks); !added) return added.error();
  }
  return banks;
}

}  // namespace hpo::resources
