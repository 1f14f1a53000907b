#pragma once

#include <string_view>

namespace hpo::config {

/// The JSON Schema (draft 2020-12) of a tuning file: engine/config/tuning.schema.json, compiled in.
/// It holds what a file says by itself; what only the machine and the other sections show (folders
/// that exist, metrics that are reported, min < max) it accepts.
std::string_view tuning_schema();

}  // namespace hpo::config
