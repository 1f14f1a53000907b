#pragma once

#include <vector>

#include "engine/config/findings.h"
#include "engine/config/yaml_tree.h"

namespace hpo::config {

/// Puts the value of every override (`--set a.b=c`, YAML) into the tree, in order; the value `null`
/// removes the key. New keys are made; whether they are known is the readers' business. Reports
/// keys that lead through something else than a map, and values that are not YAML.
void apply_overrides(YamlNode& root, const std::vector<Override>& overrides, Findings& findings);

/// Reports duplicate and non-scalar keys anywhere in the tree, and removes them.
void check_keys(YamlNode& node, const std::string& path, Findings& findings);

}  // namespace hpo::config
