#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace hpo::resources {

/// The tightest CPU quota of the process's cgroups.
struct CpuQuota {
  double cpus = 0;                    ///< CPU seconds per second
  std::filesystem::path folder = {};  ///< the cgroup that sets it
  bool operator==(const CpuQuota&) const = default;
};

/// Ids of the CPUs in this process's affinity mask, ascending.
std::vector<int> affinity_cpus();

/// The least quota of the process's own cgroup and its parents (v2 cpu.max, v1 cpu.cfs_quota_us);
/// nothing where none is set. `root` stands for / (tests).
std::optional<CpuQuota> cpu_quota(const std::filesystem::path& root = "/");

/// How many CPUs this process may use: the affinity mask, bounded by the quota rounded down; at
/// least 1.
int usable_cpus();
int usable_cpus(std::size_t affinity, const std::optional<CpuQuota>& quota);

}  // namespace hpo::resources
