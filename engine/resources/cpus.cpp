#include "engine/resources/cpus.h"

#include <sched.h>

#include <algorithm>
#include <fstream>
#include <string>

namespace hpo::resources {
namespace fs = std::filesystem;
namespace {

/// v2: "max 100000" or "150000 100000", in µs.
std::optional<double> quota_v2(const fs::path& folder) {
  std::ifstream in(folder / "cpu.max");
  std::string quota;
  double period = 0;
  if (!(in >> quota >> period) || quota == "max" || period <= 0) return std::nullopt;
  return std::strtod(quota.c_str(), nullptr) / period;
}

/// v1: two files in µs; a quota of -1 is none.
std::optional<double> quota_v1(const fs::path& folder) {
  double quota = 0;
  double period = 0;
  std::ifstream(folder / "cpu.cfs_quota_us") >> quota;
  std::ifstream(folder / "cpu.cfs_period_us") >> period;
  if (quota <= 0 || period <= 0) return std::nullopt;
  return quota / period;
}

using QuotaOf = std::optional<double> (*)(const fs::path&);

/// Lowers `least` to the quotas from the cgroup `path` up to the hierarchy's root. Inside a
/// container the path may be the host's, of which the mount shows only the last folder, as its root
/// (cgroup v1 without a namespace): folders that are not there set nothing.
void walk_up(const fs::path& mount, const fs::path& path, QuotaOf quota_of,
             std::optional<CpuQuota>& least) {
  fs::path below = path.relative_path();
  while (true) {
    const fs::path folder = below.empty() ? mount : mount / below;
    const auto quota = quota_of(folder);
    if (quota && (!least || *quota < least->cpus)) least = {.cpus = *quota, .folder = folder};
    if (below.empty()) return;
    below = below.parent_path();
  }
}

bool lists_cpu(const std::string& controllers) {
  return ("," + controllers + ",").find(",cpu,") != std::string::npos;
}

}  // namespace

std::vector<int> affinity_cpus() {
  // The kernel refuses a mask that is smaller than its own: the size doubles until it fits.
  for (std::size_t cpus = CPU_SETSIZE; cpus <= (1U << 20U); cpus *= 2) {
    std::vector<cpu_set_t> mask(cpus / CPU_SETSIZE);
    const std::size_t bytes = mask.size() * sizeof(cpu_set_t);
    if (sched_getaffinity(0, bytes, mask.data()) != 0) continue;
    std::vector<int> ids;
    for (std::size_t cpu = 0; cpu < cpus; ++cpu) {
      if (CPU_ISSET_S(cpu, bytes, mask.data())) ids.push_back(static_cast<int>(cpu));
    }
    return ids;
  }
  return {0};
}

std::optional<CpuQuota> cpu_quota(const fs::path& root) {
  std::optional<CpuQuota> least;
  const fs::path mount = root / "sys/fs/cgroup";
  std::ifstream in(root / "proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {  // hierarchy:controllers:path
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const fs::path path = line.substr(second + 1);
    if (controllers.empty()) {
      const fs::path hybrid = mount / "unified";
      walk_up(fs::is_directory(hybrid) ? hybrid : mount, path, quota_v2, least);
    } else if (lists_cpu(controllers)) {
      const fs::path joint = mount / controllers;
      walk_up(fs::is_directory(joint) ? joint : mount / "cpu", path, quota_v1, least);
    }
  }
  return least;
}

int usable_cpus(std::size_t affinity, const std::optional<CpuQuota>& quota) {
  double cpus = static_cast<double>(affinity);
  if (quota) cpus = std::min(cpus, quota->cpus);
  return std::max(1, static_cast<int>(cpus + 1e-9));
}

int usable_cpus() { return usable_cpus(affinity_cpus().size(), cpu_quota()); }

}  // namespace hpo::resources
