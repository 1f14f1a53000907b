#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/resources/cpus.h"
#include "engine/resources/nvml.h"
#include "objectives/error.h"

namespace hpo::resources {

/// A GPU that this process may use (CUDA_VISIBLE_DEVICES), as it was when it was looked at.
struct GpuDevice {
  int index = -1;  ///< NVML's, as nvidia-smi counts; -1: a MIG instance
  std::string uuid = {};
  std::string name = {};
  std::int64_t memory_total_mib = 0;
  std::int64_t memory_used_mib = 0;
  std::vector<int> busy_pids = {};  ///< processes that compute on it
  std::string failure = {};         ///< why it cannot be used; empty for a healthy one
  bool operator==(const GpuDevice&) const = default;
};

/// The index, or the name of a MIG instance: what stands behind "gpu" in texts.
std::string short_name(const GpuDevice& gpu);

/// The machine's GPUs, through NVML.
class Gpus {
 public:
  /// A machine without a usable driver has none. Error: environment, if there is a driver that does
  /// not work.
  static Result<Gpus> open();

  /// Those of the mask, in its order; a failing one too, with the reason. Error: environment.
  [[nodiscard]] Result<std::vector<GpuDevice>> devices() const;

  /// How many there are regardless of the mask.
  [[nodiscard]] int installed() const;

  /// The driver's version; empty without a driver.
  [[nodiscard]] std::string driver_version() const;

  /// The processes that compute on the device now. Error: environment (the device failed).
  [[nodiscard]] Result<std::vector<int>> compute_processes(const GpuDevice& gpu) const;

 private:
  std::unique_ptr<Nvml> nvml_ = {};
};

}  // namespace hpo::resources
