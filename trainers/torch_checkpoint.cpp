#include "trainers/torch_checkpoint.h"

#include <caffe2/serialize/inline_container.h>
#include <fmt/format.h>

#include <cstring>
#include <map>
#include <stdexcept>
#include <utility>

#include "trainers/torch_pickle.h"

namespace hpo {
namespace {

constexpr std::size_t kLargestPickle = std::size_t{16} << 20U;
constexpr std::size_t kLargestStorage = std::size_t{4} << 30U;

struct Storage {
  at::DataPtr data = {};
  std::size_t bytes = 0;
};

class CheckpointReader {
 public:
  explicit CheckpointReader(const std::string& file) : zip_(file) {}

  Storage record(const std::string& name, std::size_t most) {
    // Asked before it is unpacked: a record may be compressed.
    if (zip_.getRecordSize(name) > most) {
      throw std::runtime_error("its record " + name + " is too large");
    }
    auto [data, bytes] = zip_.getRecord(name);
    return {.data = std::move(data), .bytes = bytes};
  }

  /// The elements of a tensor without gaps, in the order of its shape.
  std::vector<std::uint8_t> elements(const PickledTensor& tensor, const std::string& name) {
    auto found = storages_.find(tensor.storage);
    if (found == storages_.end()) {
      found = storages_.emplace(tensor.storage, record("data/" + tensor.storage, kLargestStorage))
                  .first;
    }
    const auto count = static_cast<std::int64_t>(found->second.bytes / sizeof(float));
    std::int64_t stride = 1;
    for (std::size_t i = tensor.shape.size(); i > 0; --i) {
      const std::int64_t size = tensor.shape[i - 1];
      const bool fits = size >= 0 && (size == 0 || stride <= count / size);
      if (!fits || (size > 1 && tensor.stride[i - 1] != stride)) {
        throw std::runtime_error("its tensor " + name + " does not lie in its storage row by row");
      }
      stride *= size;  // the elements of the dimensions seen so far
    }
    if (tensor.offset < 0 || tensor.offset > count - stride) {
      throw std::runtime_error("its tensor " + name + " reaches beyond its storage");
    }
    const auto* from = static_cast<const std::uint8_t*>(found->second.data.get()) +
                       static_cast<std::size_t>(tensor.offset) * sizeof(float);
    return {from, from + static_cast<std::size_t>(stride) * sizeof(float)};
  }

 private:
  caffe2::serialize::PyTorchStreamReader zip_;
  std::map<std::string, Storage, std::less<>> storages_ = {};
};

Result<Safetensors> read(const std::string& file) {
  CheckpointReader reader(file);
  const Storage pickle = reader.record("data.pkl", kLargestPickle);
  auto tensors =
      read_torch_pickle({static_cast<const std::uint8_t*>(pickle.data.get()), pickle.bytes}, file);
  if (!tensors) return tensors.error();
  std::map<std::string, std::vector<std::uint8_t>> owners;
  std::map<std::string, TensorView, std::less<>> views;
  for (const auto& [name, tensor] : *tensors) {
    if (tensor.type != "FloatStorage") continue;
    const auto& bytes = owners[name] = reader.elements(tensor, name);
    views[name] = {.type = TensorType::f32, .shape = tensor.shape, .bytes = bytes};
  }
  return parse_safetensors(to_safetensors(views, {}), file);
}

}  // namespace

Result<Safetensors> read_torch_checkpoint(const std::filesystem::path& file) {
  if (!std::filesystem::is_regular_file(file)) {
    return Error{.code = ErrorCode::not_found, .message = file.string() + ": no such file"};
  }
  try {
    return read(file.string());
  } catch (const std::exception& e) {
    const std::string what = e.what();  // torch's messages go on with a stack trace
    return Error{.code = ErrorCode::corrupt,
                 .message = fmt::format("{}: {}", file.string(), what.substr(0, what.find('\n'))),
                 .hint =
                     "expected a state_dict in the zip form: "
                     "torch.save(model.state_dict(), FILE) of PyTorch 1.6 or newer"};
  }
}

}  // namespace hpo
