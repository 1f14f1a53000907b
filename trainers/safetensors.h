#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "objectives/error.h"

namespace hpo {

/// The element types that this project writes; others are refused by name.
enum class TensorType { f32, i64, u8 };

std::size_t bytes_of(TensorType type);

/// One tensor of a file: rows last to first contiguous, little-endian.
struct TensorView {
  TensorType type = TensorType::f32;
  std::vector<std::int64_t> shape = {};
  std::span<const std::uint8_t> bytes = {};
};

/// The content of a .safetensors file: an 8-byte length, a JSON header, the tensors' bytes
/// (https://github.com/huggingface/safetensors, format). Views point into `storage`.
struct Safetensors {
  std::vector<std::uint8_t> storage = {};
  std::map<std::string, TensorView, std::less<>> tensors = {};
  std::map<std::string, std::string, std::less<>> metadata = {};

  Safetensors() = default;
  Safetensors(Safetensors&&) = default;
  Safetensors& operator=(Safetensors&&) = default;
  Safetensors(const Safetensors&) = delete;  // the views would still point into the original
  Safetensors& operator=(const Safetensors&) = delete;
};

/// Reads what lies in `bytes`. name: how messages call it.
/// Error: corrupt, for anything that is not one whole file: sizes, offsets and shapes are checked
/// against each other and the end; tensors may not overlap or leave gaps.
Result<Safetensors> parse_safetensors(std::vector<std::uint8_t> bytes, std::string_view name);

/// parse_safetensors of a file. Error: also not_found, environment.
Result<Safetensors> read_safetensors(const std::filesystem::path& file);

/// The bytes of a file with these tensors, the data aligned to 8 bytes.
std::vector<std::uint8_t> to_safetensors(
    const std::map<std::string, TensorView, std::less<>>& tensors,
    const std::map<std::string, std::string, std::less<>>& metadata);

using Shapes = std::map<std::string, std::vector<std::int64_t>, std::less<>>;

/// Success iff the file has exactly the expected float tensors, all values finite.
///
/// ignored: whether a tensor of that name may be there and is not looked at.
/// Error: corrupt, naming up to three tensors that are missing, unexpected, of another shape, or
/// hold NaN or infinity.
Result<void> check_tensors(const Safetensors& file, const Shapes& expected, std::string_view name,
                           bool (*ignored)(std::string_view) = nullptr);

}  // namespace hpo
