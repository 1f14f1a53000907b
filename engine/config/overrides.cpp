#include "engine/config/overrides.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/config/suggestions.h"

namespace hpo::config {
namespace {

/// Maps whose keys are the user's own names, which may hold dots.
constexpr std::array<std::string_view, 4> kFreeMaps = {"trial.hyperparameters", "trial.channels",
                                                       "trial.metrics", "trial.environment"};

void set_place(YamlNode& node, const Place& place) {
  node.place = place;
  for (auto& key : node.keys) set_place(key, place);
  for (auto& item : node.items) set_place(item, place);
}

/// One override on its way down the tree.
class Application {
 public:
  Application(const Override& set, int index, Findings& findings)
      : set_(set), place_{.override_index = index}, findings_(findings) {}

  void apply(YamlNode& root) {
    auto parsed = parse_yaml(set_.value);
    if (parsed.problem) return fail(parsed.problem->message, parsed.problem->hint);
    value_ = std::move(parsed.root);
    set_place(value_, place_);
    if (set_.value.find_first_not_of(" \t") == std::string::npos) {
      return fail("has no value", "give one, or null to remove the key");
    }
    if (set_.key.empty()) return fail("expected KEY=VALUE, with a dotted key of the file");
    descend(root, "", set_.key);
  }

 private:
  void fail(const std::string& message, const std::string& hint = {}) {
    findings_.error(place_, {.message = set_.key + ": " + message, .hint = hint});
  }

  /// `path` is where `map` stands, `rest` what of the key is left.
  void descend(YamlNode& map, const std::string& path, std::string_view rest) {
    if (map.is_null()) map = {.kind = YamlNode::Kind::map, .place = place_};
    if (!map.is_map()) {
      return fail(
          fmt::format("{} is {}, it has no keys", path.empty() ? "the file" : path, describe(map)));
    }
    const bool is_free = std::find(kFreeMaps.begin(), kFreeMaps.end(), path) != kFreeMaps.end();
    if (is_free || map.index_of(rest)) return assign(map, rest);
    if (path == "parameters") return descend_parameter(map, rest);
    const auto dot = rest.find('.');
    if (dot == std::string_view::npos) return assign(map, rest);
    step_into(map, path, rest.substr(0, dot), rest.substr(dot + 1));
  }

  /// A parameter's name may hold dots, so the names that are there decide where it ends.
  void descend_parameter(YamlNode& parameters, std::string_view rest) {
    std::vector<std::string> names;
    std::vector<std::string> fitting;
    for (const auto& key : parameters.keys) {
      names.push_back(key.text);
      if (rest.starts_with(key.text + ".")) fitting.push_back(key.text);
    }
    if (fitting.size() > 1) return fail("may mean any of the parameters " + join(fitting));
    if (fitting.size() == 1) {
      return step_into(parameters, "parameters", fitting[0], rest.substr(fitting[0].size() + 1));
    }
    if (value_.is_map() || value_.is_null()) return assign(parameters, rest);
    const std::string name(rest.substr(0, rest.rfind('.')));
    fail(fmt::format("there is no parameter \"{}\"", name), did_you_mean(name, names));
  }

  void step_into(YamlNode& map, const std::string& path, std::string_view key,
                 std::string_view rest) {
    auto at = map.index_of(key);
    if (!at) {
      if (value_.is_null()) return;  // nothing to remove
      map.keys.push_back(
          {.kind = YamlNode::Kind::scalar, .place = place_, .text = std::string(key)});
      map.items.push_back({.kind = YamlNode::Kind::map, .place = place_});
      at = map.items.size() - 1;
    }
    descend(map.items[*at], path.empty() ? std::string(key) : path + "." + std::string(key), rest);
  }

  void assign(YamlNode& map, std::string_view key) {
    const auto at = map.index_of(key);
    if (value_.is_null()) {
      if (!at) return;
      return remove_entry(map, *at);
    }
    if (at) {
      map.keys[*at].place = place_;
      map.items[*at] = value_;
      return;
    }
    map.keys.push_back({.kind = YamlNode::Kind::scalar, .place = place_, .text = std::string(key)});
    map.items.push_back(value_);
  }

  const Override& set_;
  Place place_;
  Findings& findings_;
  YamlNode value_ = {};
};

}  // namespace

void apply_overrides(YamlNode& root, const std::vector<Override>& overrides, Findings& findings) {
  for (std::size_t i = 0; i < overrides.size(); ++i) {
    Application(overrides[i], static_cast<int>(i), findings).apply(root);
  }
}

void check_keys(YamlNode& node, const std::string& path, Findings& findings) {
  for (std::size_t i = 0; node.is_map() && i < node.keys.size();) {
    const YamlNode& key = node.keys[i];
    const std::string below = path.empty() ? key.text : path + "." + key.text;
    if (!key.is_scalar()) {
      findings.error(key.place, {.message = fmt::format("{}{}a key must be a word, got {}", path,
                                                        path.empty() ? "" : ": ", describe(key))});
      remove_entry(node, i);
      continue;
    }
    const std::size_t first = node.index_of(key.text).value_or(i);
    if (first != i) {
      findings.error(key.place, {.message = below + ": duplicate key",
                                 .hint = fmt::format("it stands in line {} already",
                                                     node.keys[first].place.line)});
      remove_entry(node, i);
      continue;
    }
    check_keys(node.items[i], below, findings);
    ++i;
  }
  for (auto& item : node.items) {
    if (node.is_sequence()) check_keys(item, path, findings);
  }
}

}  // namespace hpo::config
