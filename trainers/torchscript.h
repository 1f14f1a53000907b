#pragma once

#include <cstdint>
#include <filesystem>

#include "objectives/error.h"

namespace hpo {

/// Derives TorchScript from a model's folder: RGB in [0, 1], N × 3 × H × W → probabilities,
/// N × classes; normalisation and softmax are inside, BatchNorm is folded into the convolutions.
/// For PyTorch's own containers; the truth stays weights.safetensors (TorchScript is deprecated).
///
/// The file appears under its name only after it was loaded back and agreed with the model.
/// Errors: as load_classifier; environment.
Result<void> write_torchscript(const std::filesystem::path& model_folder,
                               const std::filesystem::path& out);

/// Success iff the file gives the model's probabilities, to 1e-4, on a random input.
/// Errors: corrupt (no TorchScript, other answers).
Result<void> check_torchscript(const std::filesystem::path& file,
                               const std::filesystem::path& model_folder);

}  // namespace hpo
