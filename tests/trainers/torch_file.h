#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hpo {

/// The opcodes of data.pkl as Python's torch.save writes them (protocol 2), piece by piece.
class PickleWriter {
 public:
  PickleWriter();
  /// An OrderedDict of float tensors; each in a storage of its own, named 0, 1, ...
  PickleWriter& state_dict(
      const std::vector<std::pair<std::string, std::vector<std::int64_t>>>& tensors);
  PickleWriter& raw(const std::string& opcodes);
  PickleWriter& text(const std::string& value);
  PickleWriter& integer(std::int64_t value);
  /// With the final STOP.
  [[nodiscard]] std::string bytes() const { return out_ + "."; }

 private:
  void tensor(const std::string& storage, const std::vector<std::int64_t>& shape);
  std::string out_;
};

}  // namespace hpo
