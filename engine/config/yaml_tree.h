#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hpo::config {

/// Where something stands: a line and byte column of the file, both from 1, or one of the
/// overrides (`--set`), whose index is then not negative.
struct Place {
  int line = 0;
  int column = 0;
  int override_index = -1;
  bool operator==(const Place&) const = default;
};

/// A parsed YAML value with its places. Aliases and merge keys are resolved; a map's keys[i]
/// belongs to items[i].
struct YamlNode {
  enum class Kind { null, scalar, sequence, map };
  Kind kind = Kind::null;
  Place place = {};
  std::string text = {};  ///< of a scalar
  bool quoted = false;    ///< a scalar in quotes, of a block, or tagged !!str: always a string
  std::vector<YamlNode> keys = {};
  std::vector<YamlNode> items = {};

  [[nodiscard]] bool is_map() const { return kind == Kind::map; }
  [[nodiscard]] bool is_scalar() const { return kind == Kind::scalar; }
  [[nodiscard]] bool is_null() const { return kind == Kind::null; }
  [[nodiscard]] bool is_sequence() const { return kind == Kind::sequence; }
  /// Position of the first entry with that key.
  [[nodiscard]] std::optional<std::size_t> index_of(std::string_view key) const;
};

/// Removes the i-th entry of a map.
void remove_entry(YamlNode& map, std::size_t i);

/// Why a text is not YAML, and where.
struct YamlProblem {
  std::string message = {};
  std::string hint = {};
  Place place = {};
};

/// One document; root is a null node for an empty text.
struct ParsedYaml {
  YamlNode root = {};
  std::optional<YamlProblem> problem = {};
};

/// Parses the one YAML document of `text` (UTF-8), up to the first problem.
ParsedYaml parse_yaml(const std::string& text);

/// What kind of thing a node is, for messages: `a list`, `a map`, `nothing`, or the scalar's text.
std::string describe(const YamlNode& node);

}  // namespace hpo::config
