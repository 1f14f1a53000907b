#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <string>

#include "trainers/safetensors.h"

namespace hpo {

/// Tensors by their names in torchvision's MobileNetV2.
using TensorMap = std::map<std::string, at::Tensor, std::less<>>;

/// An own copy of a file's tensor, on the CPU.
at::Tensor to_tensor(const TensorView& view);

/// Copies of those tensors of the file that `shapes` names; all are there (check_tensors).
TensorMap to_tensors(const Safetensors& file, const Shapes& shapes);

/// The bytes of a .safetensors file with these tensors (any device, any memory order).
std::vector<std::uint8_t> to_safetensors_bytes(
    const TensorMap& tensors, const std::map<std::string, std::string, std::less<>>& metadata);

/// The text as a one-dimensional tensor of bytes, and back.
at::Tensor bytes_tensor(std::string_view text);
std::string text_of(const at::Tensor& bytes);

}  // namespace hpo
