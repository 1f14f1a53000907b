#include "trainers/device.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <fmt/format.h>
#include <malloc.h>
#include <torch/version.h>

#include <cstdlib>

namespace hpo {
namespace {

Error unusable(const std::string& why) {
  return {.code = ErrorCode::environment,
          .message = "a GPU is leased (CUDA_VISIBLE_DEVICES) but cannot be used: " + why,
          .hint = "`hpo doctor` shows what is missing; `resources: {gpus: 0}` trains on the CPU"};
}

Result<c10::Device> open_gpu() {
  // cuBLAS is deterministic only with this workspace; it reads it when it starts.
  ::setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 0);
  if (::dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL) == nullptr) {
    const char* reason = ::dlerror();
    return unusable(reason != nullptr ? reason : "libtorch_cuda.so does not load");
  }
  try {
    at::globalContext().lazyInitDevice(at::kCUDA);
    if (!at::globalContext().hasCUDA()) return unusable("libtorch finds no CUDA device");
  } catch (const std::exception& e) {
    return unusable(std::string(e.what()).substr(0, std::string(e.what()).find('\n')));
  }
  at::globalContext().setDeterministicAlgorithms(true, false);
  at::globalContext().setDeterministicCuDNN(true);
  return c10::Device(c10::kCUDA, 0);
}

/// glibc gives tensors beyond 32 MiB back to the system at once, and the next layer's pages have to
/// be faulted in again: half of the CPU time of a forward pass. Kept, they are reused.
void keep_freed_memory() {
  constexpr int kLargestTensor = 1 << 30;
  ::mallopt(M_MMAP_THRESHOLD, kLargestTensor);
  ::mallopt(M_TRIM_THRESHOLD, kLargestTensor);
}

}  // namespace

Result<c10::Device> prepare_device(bool gpu, int threads) {
  Result<c10::Device> device = c10::Device(c10::kCPU);
  keep_freed_memory();
  if (gpu) device = open_gpu();
  if (device) at::set_num_threads(threads);
  return device;
}

std::string device_signature(const c10::Device& device) {
  if (device.is_cuda()) return fmt::format("torch {} cuda", TORCH_VERSION);
  return fmt::format("torch {} cpu {}", TORCH_VERSION, at::get_num_threads());
}

}  // namespace hpo
