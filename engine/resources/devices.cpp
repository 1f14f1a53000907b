#include "engine/resources/devices.h"

#include <fmt/format.h>

#include <cstdlib>
#include <optional>
#include <utility>

#include "engine/resources/visible_devices.h"

namespace hpo::resources {
namespace {

std::optional<std::string> mask_of_this_process() {
  const char* mask = std::getenv("CUDA_VISIBLE_DEVICES");
  if (mask == nullptr) return std::nullopt;
  return std::string(mask);
}

/// Fills in what the library tells. The first error is the device's failure.
void describe(const Nvml& nvml, Nvml::Device handle, GpuDevice& gpu) {
  const auto take = [&gpu](auto result, auto& field) {
    if (result) {
      field = std::move(*result);
    } else if (gpu.failure.empty()) {
      gpu.failure = result.error().message;
    }
  };
  if (gpu.uuid.empty()) take(nvml.uuid(handle), gpu.uuid);
  take(nvml.name(handle), gpu.name);
  Nvml::Memory memory;
  take(nvml.memory(handle), memory);
  gpu.memory_total_mib = memory.total_mib;
  gpu.memory_used_mib = memory.used_mib;
  take(nvml.compute_processes(handle), gpu.busy_pids);
}

GpuDevice describe(const Nvml& nvml, const Result<Nvml::Device>& handle, GpuDevice gpu) {
  if (handle) {
    describe(nvml, *handle, gpu);
  } else {
    gpu.failure = handle.error().message;
  }
  return gpu;
}

}  // namespace

std::string short_name(const GpuDevice& gpu) {
  return gpu.index >= 0 ? std::to_string(gpu.index) : gpu.uuid;
}

Result<Gpus> Gpus::open() {
  auto nvml = Nvml::open();
  if (!nvml) return nvml.error();
  Gpus gpus;
  gpus.nvml_ = std::move(*nvml);
  return gpus;
}

Result<std::vector<GpuDevice>> Gpus::devices() const {
  if (!nvml_) return std::vector<GpuDevice>();
  const auto count = nvml_->count();
  if (!count) return count.error();
  std::vector<GpuDevice> all;
  std::vector<GpuName> names;
  for (int index = 0; index < *count; ++index) {
    all.push_back(describe(*nvml_, nvml_->by_index(index), GpuDevice{.index = index}));
    names.push_back({.index = index, .uuid = all.back().uuid});
  }
  std::vector<GpuDevice> visible;
  for (const auto& seen : visible_gpus(mask_of_this_process(), names)) {
    if (seen.mig.empty()) {
      visible.push_back(all[seen.device]);
    } else {
      visible.push_back(
          describe(*nvml_, nvml_->by_uuid(seen.mig), GpuDevice{.index = -1, .uuid = seen.mig}));
    }
  }
  return visible;
}

int Gpus::installed() const { return nvml_ ? nvml_->count().value_or(0) : 0; }

std::string Gpus::driver_version() const {
  return nvml_ ? nvml_->driver_version().value_or("") : std::string();
}

Result<std::vector<int>> Gpus::compute_processes(const GpuDevice& gpu) const {
  check(nvml_ != nullptr, "a GPU needs a driver");
  const auto handle = nvml_->by_uuid(gpu.uuid);
  if (!handle) return handle.error();
  return nvml_->compute_processes(*handle);
}

}  // namespace hpo::resources
