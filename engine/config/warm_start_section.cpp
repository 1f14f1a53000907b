// `strategy.warm_start:` other studies whose results this one knows. Whether they exist is seen
// when they are read.

#include <fmt/format.h>

#include <algorithm>

#include "engine/config/files.h"
#include "engine/config/strategy_parts.h"
#include "engine/config/yaml_scalar.h"

namespace hpo::config {
namespace {

constexpr const char* kForm = "such as [{study: birds}, {study: other, storage: other.db}]";

std::optional<WarmStartSpec> read_entry(Section& strategy, const YamlNode& node,
                                        const std::string& path,
                                        const std::filesystem::path& folder) {
  Section entry(&node, path, "such as {study: birds}", strategy.findings());
  if (!entry.is_valid()) return std::nullopt;
  entry.require("study", "the name of a study, such as birds");
  const auto study = entry.text("study");
  WarmStartSpec spec{.storage = entry.text("storage").value_or(""),
                     .relation = entry.choice("relation", {"identical", "related"}).value_or(""),
                     .place = strategy.findings().at(node.place)};
  entry.finish();
  if (!study) return std::nullopt;
  spec.study = *study;
  if (!spec.storage.empty()) spec.file = resolve(folder, spec.storage);
  spec.place.message = path;
  return spec;
}

/// Two entries by the same name and storage, or this study itself.
void check_entry(Section& root, const YamlNode& node, const WarmStartSpec& spec,
                 const std::vector<WarmStartSpec>& before, Findings& findings) {
  const YamlNode* own = root.find("study");
  if (own != nullptr && own->is_scalar() && own->text == spec.study && spec.storage.empty()) {
    findings.error(node.place,
                   {.message = fmt::format("{}.study: {} is this study itself, which knows its "
                                           "own results",
                                           spec.place.message, spec.study),
                    .hint = "name another study, or give this one a new name"});
  }
  const bool is_twice = std::any_of(before.begin(), before.end(), [&](const auto& other) {
    return other.study == spec.study && other.storage == spec.storage;
  });
  if (!is_twice) return;
  findings.error(node.place, {.message = fmt::format("{}: {} is in the list already",
                                                     spec.place.message, spec.study)});
}

}  // namespace

std::vector<WarmStartSpec> read_warm_start(Section& root, Section& strategy,
                                           const std::filesystem::path& folder) {
  std::vector<WarmStartSpec> list;
  const YamlNode* node = strategy.find("warm_start");
  if (node == nullptr) return list;
  if (!node->is_sequence()) {
    strategy.error("warm_start", {.message = "expected a list of studies, got " + describe(*node),
                                  .expected = kForm});
    return list;
  }
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    const auto path = fmt::format("{}[{}]", strategy.path("warm_start"), i);
    auto spec = read_entry(strategy, node->items[i], path, folder);
    if (!spec) continue;
    check_entry(root, node->items[i], *spec, list, strategy.findings());
    list.push_back(std::move(*spec));
  }
  return list;
}

}  // namespace hpo::config
