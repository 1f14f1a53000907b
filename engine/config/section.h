#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/config/findings.h"
#include "engine/config/yaml_tree.h"

namespace hpo::config {

struct IntegerRange {
  std::int64_t min = std::numeric_limits<std::int64_t>::min();
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
};

/// Typed access to one map of the file. Every key that is asked for is a known one; `finish`
/// reports the others. A getter answers nothing both for an absent key and for a bad value, which
/// it has reported then.
class Section {
 public:
  /// `node` may be null: an absent section, whose keys are all absent. `path` is its dotted key,
  /// empty for the root; `example` shows its form to who wrote something else than a map.
  Section(const YamlNode* node, std::string path, const char* example, Findings& findings);

  /// Whether it is there and a map.
  [[nodiscard]] bool is_valid() const { return node_ != nullptr; }
  [[nodiscard]] const YamlNode* node() const { return node_; }

  /// The value of a key; null where it is absent. A key without a value is an error.
  const YamlNode* find(std::string_view key);
  /// Reports the key as missing where it is.
  const YamlNode* require(std::string_view key, const std::string& expected);

  std::optional<std::int64_t> integer(std::string_view key, IntegerRange range = {});
  /// Finite; integers count.
  std::optional<double> number(std::string_view key);
  /// Seconds, > 0.
  std::optional<double> duration_s(std::string_view key);
  std::optional<bool> boolean(std::string_view key);
  /// Not empty.
  std::optional<std::string> text(std::string_view key);
  /// One of a few words.
  std::optional<std::string> choice(std::string_view key, const std::vector<std::string>& words);

  /// Reports something about a key: its path is put before the message.
  void error(std::string_view key, Finding finding);
  void advise(std::string_view key, Finding finding);

  /// Where the key's value stands; where it is absent the section's own place.
  [[nodiscard]] Place place(std::string_view key) const;
  /// Where the key itself stands; where it is absent the section's own place.
  [[nodiscard]] Place key_place(std::string_view key) const;
  [[nodiscard]] std::string path(std::string_view key) const;
  [[nodiscard]] Findings& findings() const { return *findings_; }

  /// Reports every key that nobody asked for.
  void finish();

 private:
  void wrong_type(std::string_view key, const YamlNode& got, const std::string& expected,
                  std::string hint = {});
  void unknown_key(const YamlNode& key);

  const YamlNode* node_;
  std::string path_;
  Findings* findings_;
  Place place_ = {};
  std::vector<std::string> known_ = {};
};

}  // namespace hpo::config
