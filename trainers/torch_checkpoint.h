#pragma once

#include <filesystem>

#include "objectives/error.h"
#include "trainers/safetensors.h"

namespace hpo {

/// The float tensors of a file that PyTorch's torch.save wrote (a state_dict, or a dict that holds
/// one; the zip form, the default since PyTorch 1.6). Its pickle is read as data: see
/// read_torch_pickle. Tensors of other types, such as num_batches_tracked, are left out.
/// Errors: corrupt, not_found, environment.
Result<Safetensors> read_torch_checkpoint(const std::filesystem::path& file);

}  // namespace hpo
