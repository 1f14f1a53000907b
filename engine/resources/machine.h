#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "engine/resource_pool.h"
#include "engine/resources/cpus.h"
#include "engine/resources/devices.h"
#include "engine/resources/patience.h"
#include "engine/resources/pool_core.h"

namespace hpo::resources {

/// What a pool is made of.
struct Machine {
  std::vector<int> cpus = {};  ///< ids of the affinity mask
  std::optional<CpuQuota> quota = {};
  std::filesystem::path locks = {};  ///< folder of the lock files
};

/// This process's CPUs and lock folder. Error: environment (lock folder).
Result<Machine> this_machine();

/// The banks for `spec` on that machine and its GPUs (NVML). Errors as make_local_pool.
Result<PoolBanks> make_banks(const ResourceSpec& spec, const Machine& machine,
                             const PoolPatience& patience);

/// As make_local_pool(spec), with the machine and the waits given (tests).
Result<std::unique_ptr<ResourcePool>> make_local_pool(const ResourceSpec& spec,
                                                      const Machine& machine,
                                                      const PoolPatience& patience);

}  // namespace hpo::resources
