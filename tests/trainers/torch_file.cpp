#include "tests/trainers/torch_file.h"

namespace hpo {
namespace {

std::string little_endian(std::uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> static_cast<unsigned>(8 * i));
  return out;
}

}  // namespace

PickleWriter::PickleWriter() : out_("\x80\x02", 2) {}

PickleWriter& PickleWriter::raw(const std::string& opcodes) {
  out_ += opcodes;
  return *this;
}

PickleWriter& PickleWriter::text(const std::string& value) {
  return raw("X" + little_endian(value.size(), 4) + value);
}

PickleWriter& PickleWriter::integer(std::int64_t value) {
  return raw("J" + little_endian(static_cast<std::uint64_t>(value), 4));
}

void PickleWriter::tensor(const std::string& storage, const std::vector<std::int64_t>& shape) {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) count *= size;
  raw("ctorch._utils\n_rebuild_tensor_v2\n((").text("storage").raw("ctorch\nFloatStorage\n");
  text(storage).text("cpu").integer(count).raw("tQ").integer(0).raw("(");
  for (const std::int64_t size : shape) integer(size);
  raw("t(");
  for (const std::int64_t size : shape) {
    count = size == 0 ? 0 : count / size;
    integer(count);
  }
  raw("t\x89").raw("ccollections\nOrderedDict\n)RtR");
}

PickleWriter& PickleWriter::state_dict(
    const std::vector<std::pair<std::string, std::vector<std::int64_t>>>& tensors) {
  raw("ccollections\nOrderedDict\n)R(");
  int number = 0;
  for (const auto& [name, shape] : tensors) {
    text(name);
    tensor(std::to_string(number++), shape);
  }
  return raw("u");
}

}  // namespace hpo
