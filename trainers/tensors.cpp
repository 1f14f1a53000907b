#include "trainers/tensors.h"

#include <ATen/ATen.h>

#include <cstring>

namespace hpo {
namespace {

at::ScalarType scalar_type(TensorType type) {
  switch (type) {
    case TensorType::f32:
      return at::kFloat;
    case TensorType::i64:
      return at::kLong;
    case TensorType::u8:
      return at::kByte;
  }
  check(false, "every TensorType has a torch type");
  return at::kFloat;
}

TensorType tensor_type(at::ScalarType type) {
  if (type == at::kLong) return TensorType::i64;
  if (type == at::kByte) return TensorType::u8;
  check(type == at::kFloat, "only float, int64 and byte tensors are kept in files");
  return TensorType::f32;
}

}  // namespace

at::Tensor to_tensor(const TensorView& view) {
  at::Tensor tensor = at::empty(view.shape, scalar_type(view.type));
  if (!view.bytes.empty()) std::memcpy(tensor.data_ptr(), view.bytes.data(), view.bytes.size());
  return tensor;
}

TensorMap to_tensors(const Safetensors& file, const Shapes& shapes) {
  TensorMap tensors;
  for (const auto& [name, shape] : shapes) tensors[name] = to_tensor(file.tensors.at(name));
  return tensors;
}

std::vector<std::uint8_t> to_safetensors_bytes(
    const TensorMap& tensors, const std::map<std::string, std::string, std::less<>>& metadata) {
  std::map<std::string, TensorView, std::less<>> views;
  std::vector<at::Tensor> owners;  // what the views point into
  for (const auto& [name, tensor] : tensors) {
    const at::Tensor& dense = owners.emplace_back(tensor.detach().to(at::kCPU).contiguous());
    views[name] = {
        .type = tensor_type(dense.scalar_type()),
        .shape = dense.sizes().vec(),
        .bytes = {static_cast<const std::uint8_t*>(dense.const_data_ptr()), dense.nbytes()}};
  }
  return to_safetensors(views, metadata);
}

at::Tensor bytes_tensor(std::string_view text) {
  at::Tensor tensor = at::empty({static_cast<std::int64_t>(text.size())}, at::kByte);
  if (!text.empty()) std::memcpy(tensor.data_ptr(), text.data(), text.size());
  return tensor;
}

std::string text_of(const at::Tensor& bytes) {
  return {static_cast<const char*>(bytes.const_data_ptr()),
          static_cast<std::size_t>(bytes.numel())};
}

}  // namespace hpo
