#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "objectives/error.h"

namespace hpo::resources {

struct NvmlFunctions;

/// A session with NVIDIA's management library, opened at run time; it creates no CUDA context.
class Nvml {
 public:
  /// A device of the session: valid as long as the session.
  using Device = void*;

  struct Memory {
    std::int64_t total_mib = 0;
    std::int64_t used_mib = 0;
  };

  /// Null on a machine without the library or without a driver: it has no NVIDIA GPU that could be
  /// used. $HPO_NVML_LIBRARY names another library than libnvidia-ml.so.1 (tests). Error:
  /// environment, if library and driver are there but do not work.
  static Result<std::unique_ptr<Nvml>> open();
  ~Nvml();
  Nvml(const Nvml&) = delete;
  Nvml& operator=(const Nvml&) = delete;

  // Errors below: environment, with the library's own text ("GPU is lost").
  [[nodiscard]] Result<std::string> driver_version() const;
  [[nodiscard]] Result<int> count() const;
  [[nodiscard]] Result<Device> by_index(int index) const;
  [[nodiscard]] Result<Device> by_uuid(const std::string& uuid) const;
  [[nodiscard]] Result<std::string> uuid(Device device) const;
  [[nodiscard]] Result<std::string> name(Device device) const;
  [[nodiscard]] Result<Memory> memory(Device device) const;
  /// Pids of the processes that have a compute context on the device, ascending.
  [[nodiscard]] Result<std::vector<int>> compute_processes(Device device) const;

 private:
  Nvml();
  [[nodiscard]] Error error(const char* what, int code) const;

  void* library_ = nullptr;
  std::unique_ptr<NvmlFunctions> functions_;
};

}  // namespace hpo::resources
