#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "objectives/error.h"

namespace hpo {

/// A tensor of a PyTorch file: where its elements lie in one of the file's storages.
struct PickledTensor {
  std::string storage = {};  ///< the record `data/<storage>`
  std::string type = {};     ///< of the storage: `FloatStorage`
  std::int64_t offset = 0;   ///< in elements
  std::vector<std::int64_t> shape = {};
  std::vector<std::int64_t> stride = {};  ///< in elements, as many as shape
};

/// The tensors by name that the data.pkl of a torch.save holds: a state_dict, or a dict with one
/// (the one with the most tensors).
///
/// Reads the pickle as data: it may name OrderedDict, the storages and the two functions that
/// rebuild tensors, and nothing it names is ever called.
/// Error: corrupt, for anything else (with the name) and for damaged bytes.
Result<std::map<std::string, PickledTensor, std::less<>>> read_torch_pickle(
    std::span<const std::uint8_t> bytes, std::string_view name);

}  // namespace hpo
