#include "objectives/configuration.h"

#include <array>
#include <charconv>

namespace hpo {
namespace {

std::string float_text(double value) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), end};
}

struct ToText {
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const { return float_text(value); }
  std::string operator()(const std::string& value) const { return value; }
};

}  // namespace

std::string to_text(const ParameterValue& value) { return std::visit(ToText{}, value); }

std::string canonical_key(const Configuration& configuration) {
  std::string key;
  for (const auto& [name, value] : configuration) {
    const std::string text = to_text(value);
    // Lengths make the concatenation injective whatever characters names and values hold.
    key += std::to_string(name.size()) + ':' + name + '=' + std::to_string(value.index()) + ',' +
           std::to_string(text.size()) + ':' + text + ';';
  }
  return key;
}

}  // namespace hpo
