#pragma once

#include <optional>
#include <string_view>

#include "engine/config/yaml_tree.h"
#include "objectives/configuration.h"

namespace hpo::config {

/// A scalar as YAML's core schema types it (YAML 1.2.2, section 10.3.2): `12` int, `1e-5` float,
/// `true` bool, anything quoted a string. Integers that do not fit into 64 bits become floats.
/// Nothing for null, lists and maps.
std::optional<ParameterValue> typed_scalar(const YamlNode& node);

/// Seconds of `2h`, `30m`, `90s`, `1h30m`, `1.5h`, `500ms`, `2d`, or of a plain number.
std::optional<double> parse_duration_s(std::string_view text);

}  // namespace hpo::config
