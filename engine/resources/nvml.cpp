// The C interface is declared here from NVIDIA's public API reference (NVML API Reference Guide,
// "Initialization and Cleanup", "Device Queries"), so that no CUDA package is needed to build.

#include "engine/resources/nvml.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace hpo::resources {
namespace {

using Code = int;  // nvmlReturn_t
constexpr Code kSuccess = 0;
constexpr Code kNotFound = 6;
constexpr Code kInsufficientSize = 7;
constexpr Code kDriverNotLoaded = 9;
constexpr Code kLibraryNotFound = 12;

struct NvmlMemory {  // nvmlMemory_t, bytes
  unsigned long long total = 0;
  unsigned long long free = 0;
  unsigned long long used = 0;
};

struct ProcessInfo {  // nvmlProcessInfo_v2_t, which _v3 of the query uses too
  unsigned int pid = 0;
  unsigned long long used_memory = 0;
  unsigned int gpu_instance = 0;
  unsigned int compute_instance = 0;
};

struct ProcessInfoV1 {  // nvmlProcessInfo_v1_t, of drivers before 450
  unsigned int pid = 0;
  unsigned long long used_memory = 0;
};

std::string library_path() {
  const char* chosen = std::getenv("HPO_NVML_LIBRARY");
  return chosen != nullptr && *chosen != '\0' ? chosen : "libnvidia-ml.so.1";
}

template <class Function>
void find(void* library, const char* name, Function*& function) {
  function = reinterpret_cast<Function*>(dlsym(library, name));
}

/// Asks with a growing buffer: processes may start between two calls.
template <class Info>
Code list_processes(Code (*query)(void*, unsigned int*, void*), void* device,
                    std::vector<int>& pids) {
  std::vector<Info> found(32);
  while (true) {
    auto count = static_cast<unsigned int>(found.size());
    const Code code = query(device, &count, found.data());
    if (code == kInsufficientSize && found.size() < 65536) {
      found.resize(std::max<std::size_t>(found.size() * 2, count));
      continue;
    }
    if (code != kSuccess) return code;
    found.resize(std::min<std::size_t>(count, found.size()));
    for (const Info& info : found) pids.push_back(static_cast<int>(info.pid));
    return code;
  }
}

}  // namespace

struct NvmlFunctions {
  Code (*init)() = nullptr;
  Code (*shutdown)() = nullptr;
  const char* (*error_string)(Code) = nullptr;
  Code (*driver_version)(char*, unsigned int) = nullptr;
  Code (*count)(unsigned int*) = nullptr;
  Code (*by_index)(unsigned int, void**) = nullptr;
  Code (*by_uuid)(const char*, void**) = nullptr;
  Code (*uuid)(void*, char*, unsigned int) = nullptr;
  Code (*name)(void*, char*, unsigned int) = nullptr;
  Code (*memory)(void*, NvmlMemory*) = nullptr;
  Code (*processes)(void*, unsigned int*, void*) = nullptr;
  Code (*processes_v1)(void*, unsigned int*, void*) = nullptr;

  void load(void* library) {
    find(library, "nvmlInit_v2", init);
    find(library, "nvmlShutdown", shutdown);
    find(library, "nvmlErrorString", error_string);
    find(library, "nvmlSystemGetDriverVersion", driver_version);
    find(library, "nvmlDeviceGetCount_v2", count);
    find(library, "nvmlDeviceGetHandleByIndex_v2", by_index);
    find(library, "nvmlDeviceGetHandleByUUID", by_uuid);
    find(library, "nvmlDeviceGetUUID", uuid);
    find(library, "nvmlDeviceGetName", name);
    find(library, "nvmlDeviceGetMemoryInfo", memory);
    find(library, "nvmlDeviceGetComputeRunningProcesses_v3", processes);
    if (!processes) find(library, "nvmlDeviceGetComputeRunningProcesses_v2", processes);
    find(library, "nvmlDeviceGetComputeRunningProcesses", processes_v1);
  }

  [[nodiscard]] bool are_complete() const {
    return init && shutdown && error_string && driver_version && count && by_index && by_uuid &&
           uuid && name && memory && (processes || processes_v1);
  }
};

Nvml::Nvml() : functions_(std::make_unique<NvmlFunctions>()) {}

Nvml::~Nvml() {
  if (library_ == nullptr) return;
  functions_->shutdown();
  dlclose(library_);
}

Error Nvml::error(const char* what, int code) const {
  return Error{.code = ErrorCode::environment,
               .message = fmt::format("NVML: {}: {}", what, functions_->error_string(code)),
               .hint = "nvidia-smi should list every GPU; `resources: {gpus: 0}` runs on the CPUs"};
}

Result<std::unique_ptr<Nvml>> Nvml::open() {
  const std::string path = library_path();
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return std::unique_ptr<Nvml>();
  std::unique_ptr<Nvml> nvml(new Nvml());  // NOLINT(modernize-make-unique): private constructor
  nvml->functions_->load(library);
  if (!nvml->functions_->are_complete()) {
    dlclose(library);
    return Error{.code = ErrorCode::environment,
                 .message = fmt::format("{} lacks a function that hpo needs", path),
                 .hint = "install a driver of 2019 (418) or later, or set resources.gpus to 0"};
  }
  if (const Code code = nvml->functions_->init(); code != kSuccess) {
    Error failure = nvml->error("cannot start", code);
    dlclose(library);
    const bool no_gpu = code == kDriverNotLoaded || code == kLibraryNotFound || code == kNotFound;
    if (no_gpu) return std::unique_ptr<Nvml>();
    return failure;
  }
  nvml->library_ = library;
  return nvml;
}

Result<std::string> Nvml::driver_version() const {
  std::array<char, 96> text = {};
  const Code code = functions_->driver_version(text.data(), text.size());
  if (code != kSuccess) return error("driver version", code);
  return std::string(text.data());
}

Result<int> Nvml::count() const {
  unsigned int count = 0;
  if (const Code code = functions_->count(&count); code != kSuccess) {
    return error("number of GPUs", code);
  }
  return static_cast<int>(count);
}

Result<Nvml::Device> Nvml::by_index(int index) const {
  Device device = nullptr;
  const Code code = functions_->by_index(static_cast<unsigned int>(index), &device);
  if (code != kSuccess) return error("open", code);
  return device;
}

Result<Nvml::Device> Nvml::by_uuid(const std::string& uuid) const {
  Device device = nullptr;
  if (const Code code = functions_->by_uuid(uuid.c_str(), &device); code != kSuccess) {
    return error("open", code);
  }
  return device;
}

Result<std::string> Nvml::uuid(Device device) const {
  std::array<char, 96> text = {};
  const Code code = functions_->uuid(device, text.data(), text.size());
  if (code != kSuccess) return error("UUID", code);
  return std::string(text.data());
}

Result<std::string> Nvml::name(Device device) const {
  std::array<char, 96> text = {};
  const Code code = functions_->name(device, text.data(), text.size());
  if (code != kSuccess) return error("name", code);
  return std::string(text.data());
}

Result<Nvml::Memory> Nvml::memory(Device device) const {
  NvmlMemory bytes;
  if (const Code code = functions_->memory(device, &bytes); code != kSuccess) {
    return error("memory", code);
  }
  return Memory{.total_mib = static_cast<std::int64_t>(bytes.total >> 20U),
                .used_mib = static_cast<std::int64_t>(bytes.used >> 20U)};
}

Result<std::vector<int>> Nvml::compute_processes(Device device) const {
  std::vector<int> pids;
  const Code code = functions_->processes
                        ? list_processes<ProcessInfo>(functions_->processes, device, pids)
                        : list_processes<ProcessInfoV1>(functions_->processes_v1, device, pids);
  if (code != kSuccess) return error("processes", code);
  std::sort(pids.begin(), pids.end());
  pids.erase(std::unique(pids.begin(), pids.end()), pids.end());
  return pids;
}

}  // namespace hpo::resources
