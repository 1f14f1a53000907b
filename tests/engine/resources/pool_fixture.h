#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "engine/resources/machine.h"
#include "tests/support/paths.h"
#include "tests/support/temp_folder.h"

namespace hpo::resources {

/// A machine of its own for each test: a lock folder, a fake NVML library, no mask.
class PoolFixture : public testing::Test {
 protected:
  PoolFixture() {
    setenv("HPO_LOCK_DIR", (folder_ / "locks").c_str(), 1);
    setenv("HPO_NVML_LIBRARY", "/nonexistent/libnvidia-ml.so.1", 1);
    setenv("HPO_FAKE_NVML", (folder_ / "nvml").c_str(), 1);
    unsetenv("CUDA_VISIBLE_DEVICES");
  }

  /// The fake library answers from now on as `machine` says (fake_nvml.cpp).
  void set_gpus(const std::string& machine) const {
    setenv("HPO_NVML_LIBRARY", (bin_dir() + "/libhpo_fake_nvml.so").c_str(), 1);
    std::ofstream(folder_ / "nvml") << machine;
  }

  static ResourceSpec spec(std::optional<int> gpus, double gpus_per_trial,
                           double cpus_per_trial = 0) {
    return {.gpus = gpus, .gpus_per_trial = gpus_per_trial, .cpus_per_trial = cpus_per_trial};
  }

  /// A pool on a machine of `cpus` CPUs that looks again every millisecond.
  Result<std::unique_ptr<ResourcePool>> try_pool(const ResourceSpec& wanted, int cpus = 8,
                                                 std::optional<CpuQuota> quota = {}) {
    auto machine = this_machine();
    if (!machine) return machine.error();
    machine->cpus.resize(static_cast<std::size_t>(cpus));
    std::iota(machine->cpus.begin(), machine->cpus.end(), 0);
    machine->quota = std::move(quota);
    const Patience quick{.first = std::chrono::milliseconds(1),
                         .longest = std::chrono::milliseconds(1)};
    return make_local_pool(wanted, *machine, {.locks = quick, .busy_devices = quick});
  }

  std::unique_ptr<ResourcePool> pool(const ResourceSpec& wanted, int cpus = 8,
                                     std::optional<CpuQuota> quota = {}) {
    auto made = try_pool(wanted, cpus, std::move(quota));
    if (!made) ADD_FAILURE() << made.error().message;
    return made ? std::move(*made) : nullptr;
  }

  /// Leases until nothing is free: as trials 0, 1, 2, ...
  static std::vector<Lease> take_all(ResourcePool& from) {
    std::vector<Lease> leases;
    while (auto lease = from.try_acquire(static_cast<std::int64_t>(leases.size()))) {
      leases.push_back(std::move(*lease));
    }
    return leases;
  }

  static std::vector<std::string> labels(const std::vector<Lease>& leases) {
    std::vector<std::string> all;
    for (const auto& lease : leases) all.push_back(lease.resources().label);
    return all;
  }

  static std::string reason(const ResourcePool& of, const std::string& device) {
    for (const auto& row : of.slots()) {
      if (row.device == device) return row.idle_reason;
    }
    return "no such row";
  }

  static std::string uuid(int gpu) {
    const char digit = static_cast<char>('a' + gpu);
    return std::string("GPU-") + std::string(8, digit) + "-0000-4000-8000-" +
           std::string(12, digit);
  }

  static std::size_t open_descriptors() {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry :
         std::filesystem::directory_iterator("/proc/self/fd")) {
      ++count;
    }
    return count;
  }

  TempFolder folder_ = {};
};

}  // namespace hpo::resources
