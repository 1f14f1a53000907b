#pragma once

#include <c10/core/Device.h>

#include "objectives/error.h"

namespace hpo {

/// Prepares torch in this process: the number of threads, and, where a GPU is leased, the CUDA
/// half of libtorch. To be called before anything else of torch, which would find no CUDA for good.
///
/// Error: environment, if the leased GPU cannot be used; never a silent run on the CPU.
Result<c10::Device> prepare_device(bool gpu, int threads);

/// What computed something: results of another one differ in their last bits.
std::string device_signature(const c10::Device& device);

}  // namespace hpo
