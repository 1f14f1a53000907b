#include "trainers/safetensors.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>

#include "objectives/json.h"
#include "trainers/images/file_bytes.h"

namespace hpo {
namespace {

using nlohmann::json;

constexpr std::size_t kLengthBytes = 8;

struct TypeName {
  TensorType type;
  const char* name;
  std::size_t bytes;
};
constexpr TypeName kTypes[] = {
    {TensorType::f32, "F32", 4}, {TensorType::i64, "I64", 8}, {TensorType::u8, "U8", 1}};

Error damaged(std::string_view name, const std::string& what) {
  return {.code = ErrorCode::corrupt,
          .message = fmt::format("{}: not a whole safetensors file: {}", name, what),
          .hint = "copy or download the file again"};
}

std::uint64_t header_length(std::span<const std::uint8_t> bytes) {
  std::uint64_t length = 0;
  for (std::size_t i = kLengthBytes; i-- > 0;) {
    length = (length << 8U) | bytes[i];
  }
  return length;
}

std::optional<TypeName> type_named(const std::string& name) {
  for (const auto& entry : kTypes) {
    if (name == entry.name) return entry;
  }
  return std::nullopt;
}

/// Bytes of a tensor of that shape; nothing where the product leaves 2^62.
std::optional<std::uint64_t> bytes_needed(const std::vector<std::int64_t>& shape,
                                          std::size_t element) {
  std::uint64_t bytes = element;
  for (const std::int64_t extent : shape) {
    if (extent < 0) return std::nullopt;
    const auto n = static_cast<std::uint64_t>(extent);
    if (n != 0 && bytes > (std::uint64_t{1} << 62U) / n) return std::nullopt;
    bytes *= n;
  }
  return bytes;
}

bool is_unsigned_list(const json& list, std::size_t size) {
  if (!list.is_array() || (size != 0 && list.size() != size)) return false;
  return std::all_of(list.begin(), list.end(),
                     [](const json& item) { return item.is_number_unsigned(); });
}

/// The tensor that `entry` describes within `data`, or why there is none.
std::optional<std::string> read_tensor(const json& entry, std::span<const std::uint8_t> data,
                                       TensorView& out) {
  if (!entry.is_object() || !entry.contains("dtype") || !entry["dtype"].is_string() ||
      !entry.contains("shape") || !is_unsigned_list(entry["shape"], 0) ||
      !entry.contains("data_offsets") || !is_unsigned_list(entry["data_offsets"], 2)) {
    return "its description is incomplete";
  }
  const auto type = type_named(entry["dtype"].get<std::string>());
  if (!type) return fmt::format("type {} is not supported", entry["dtype"].dump());
  const auto begin = entry["data_offsets"][0].get<std::uint64_t>();
  const auto end = entry["data_offsets"][1].get<std::uint64_t>();
  if (begin > end || end > data.size()) {
    return fmt::format("its bytes {} to {} leave the file ({} bytes of data)", begin, end,
                       data.size());
  }
  out.type = type->type;
  out.shape = entry["shape"].get<std::vector<std::int64_t>>();
  if (bytes_needed(out.shape, type->bytes) != end - begin) {
    return fmt::format("shape [{}] does not fit its {} bytes", fmt::join(out.shape, ", "),
                       end - begin);
  }
  out.bytes = data.subspan(begin, end - begin);
  return std::nullopt;
}

/// Tensors must tile the data: an overlap or a gap means that offsets are wrong.
bool tiles(const Safetensors& file, std::span<const std::uint8_t> data) {
  std::vector<std::span<const std::uint8_t>> parts;
  for (const auto& [name, view] : file.tensors) parts.push_back(view.bytes);
  std::sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) {
    return a.data() != b.data() ? a.data() < b.data() : a.size() < b.size();
  });
  const std::uint8_t* at = data.data();
  for (const auto& part : parts) {
    if (part.data() != at) return false;
    at += part.size();
  }
  return at == data.data() + data.size();
}

Result<void> read_header(const json& header, std::span<const std::uint8_t> data,
                         std::string_view name, Safetensors& file) {
  if (!header.is_object()) return damaged(name, "the header is not a JSON object");
  for (const auto& [key, entry] : header.items()) {
    if (key == "__metadata__") {
      if (!entry.is_object()) return damaged(name, "__metadata__ is not an object");
      for (const auto& [k, v] : entry.items()) {
        if (v.is_string()) file.metadata[k] = v.get<std::string>();
      }
      continue;
    }
    TensorView view;
    if (auto wrong = read_tensor(entry, data, view)) return damaged(name, key + ": " + *wrong);
    file.tensors.emplace(key, view);
  }
  if (!tiles(file, data)) return damaged(name, "its tensors overlap, or do not fill it");
  return {};
}

/// A weight of a trained network is far smaller (ImageNet's MobileNetV2: at most 16); a flipped bit
/// of an exponent makes it larger.
constexpr float kLargestWeight = 1e6F;

std::size_t implausible(const TensorView& view) {
  std::size_t count = 0;
  for (std::size_t i = 0; i + sizeof(float) <= view.bytes.size(); i += sizeof(float)) {
    float value = 0;
    std::memcpy(&value, view.bytes.data() + i, sizeof(float));
    if (!(std::abs(value) <= kLargestWeight)) ++count;
  }
  return count;
}

}  // namespace

std::size_t bytes_of(TensorType type) {
  for (const auto& entry : kTypes) {
    if (entry.type == type) return entry.bytes;
  }
  check(false, "every TensorType is in the table");
  return 0;
}

Result<Safetensors> parse_safetensors(std::vector<std::uint8_t> bytes, std::string_view name) {
  if (bytes.size() < kLengthBytes) {
    return damaged(name, fmt::format("it has {} bytes", bytes.size()));
  }
  const std::uint64_t length = header_length(bytes);
  if (length > bytes.size() - kLengthBytes) {
    return damaged(name, fmt::format("its header of {} bytes leaves the file ({} bytes)", length,
                                     bytes.size()));
  }
  Safetensors file;
  file.storage = std::move(bytes);
  const std::span<const std::uint8_t> all = file.storage;
  const std::string text(reinterpret_cast<const char*>(all.data()) + kLengthBytes, length);
  const json header = json::parse(text, nullptr, false);
  if (header.is_discarded()) return damaged(name, "the header is not JSON");
  auto read = read_header(header, all.subspan(kLengthBytes + length), name, file);
  if (!read) return read.error();
  return file;
}

Result<Safetensors> read_safetensors(const std::filesystem::path& file) {
  auto bytes = read_file_bytes(file);
  if (!bytes) return bytes.error();
  return parse_safetensors(std::move(*bytes), file.string());
}

std::vector<std::uint8_t> to_safetensors(
    const std::map<std::string, TensorView, std::less<>>& tensors,
    const std::map<std::string, std::string, std::less<>>& metadata) {
  json header = json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::size_t offset = 0;
  for (const auto& [name, view] : tensors) {
    const char* type = "F32";
    for (const auto& entry : kTypes) {
      if (entry.type == view.type) type = entry.name;
    }
    header[name] = {{"dtype", type},
                    {"shape", view.shape},
                    {"data_offsets", {offset, offset + view.bytes.size()}}};
    offset += view.bytes.size();
  }
  std::string text = header.dump();
  text.resize((text.size() + kLengthBytes - 1) / kLengthBytes * kLengthBytes, ' ');
  std::vector<std::uint8_t> bytes(kLengthBytes + text.size() + offset);
  for (std::size_t i = 0; i < kLengthBytes; ++i) {
    bytes[i] = static_cast<std::uint8_t>((text.size() >> (8 * i)) & 0xFFU);
  }
  std::uint8_t* at = bytes.data() + kLengthBytes;
  std::memcpy(at, text.data(), text.size());
  at += text.size();
  for (const auto& [name, view] : tensors) {
    if (!view.bytes.empty()) std::memcpy(at, view.bytes.data(), view.bytes.size());
    at += view.bytes.size();
  }
  return bytes;
}

Result<void> check_tensors(const Safetensors& file, const Shapes& expected, std::string_view name,
                           bool (*ignored)(std::string_view)) {
  std::vector<std::string> wrong;
  for (const auto& [tensor, shape] : expected) {
    const auto found = file.tensors.find(tensor);
    if (found == file.tensors.end()) {
      wrong.push_back(tensor + " is missing");
    } else if (found->second.type != TensorType::f32) {
      wrong.push_back(tensor + " is not of type F32");
    } else if (found->second.shape != shape) {
      wrong.push_back(fmt::format("{} has shape [{}], expected [{}]", tensor,
                                  fmt::join(found->second.shape, ", "), fmt::join(shape, ", ")));
    } else if (const auto bad = implausible(found->second); bad > 0) {
      wrong.push_back(fmt::format("{} holds {} values that are NaN, infinite or beyond {:g}",
                                  tensor, bad, kLargestWeight));
    }
  }
  for (const auto& [tensor, view] : file.tensors) {
    const bool known = expected.contains(tensor) || (ignored != nullptr && ignored(tensor));
    if (!known) wrong.push_back(tensor + " is unexpected");
  }
  if (wrong.empty()) return {};
  constexpr std::size_t kShown = 3;
  const std::size_t shown = std::min(kShown, wrong.size());
  std::string list = fmt::format(
      "{}", fmt::join(wrong.begin(), wrong.begin() + static_cast<std::ptrdiff_t>(shown), "; "));
  if (wrong.size() > shown) list += fmt::format("; and {} more", wrong.size() - shown);
  return Error{.code = ErrorCode::corrupt,
               .message = fmt::format("{}: the tensors do not fit the network: {}", name, list)};
}

}  // namespace hpo
