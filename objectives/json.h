#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "objectives/error.h"
#include "objectives/study.h"

namespace hpo {

nlohmann::json to_json(const ParameterValue& value);
nlohmann::json to_json(const Configuration& configuration);
nlohmann::json to_json(const SearchSpace& space);
nlohmann::json to_json(const ObjectiveSpec& objective);
nlohmann::json to_json(const ConstraintSpec& constraint);

/// Error: not a scalar (null, array, object).
Result<ParameterValue> parameter_value_from(const nlohmann::json& json);
Result<Configuration> configuration_from(const nlohmann::json& json);
Result<SearchSpace> search_space_from(const nlohmann::json& json);
Result<ObjectiveSpec> objective_spec_from(const nlohmann::json& json);
Result<ConstraintSpec> constraint_spec_from(const nlohmann::json& json);

/// Parses text without exceptions. Error: usage, with the parser's place.
Result<nlohmann::json> parse_json(std::string_view text);

/// As parse_json, and takes the numbers that programs write and JSON lacks, as strings with their
/// names: NaN, Infinity, 1e999 (special_numbers.h).
Result<nlohmann::json> parse_json_line(std::string_view line);

/// `2026-11-24T08:15:30.123Z`.
std::string to_iso8601(TimePoint time);
/// The inverse of to_iso8601; nothing for other text.
std::optional<TimePoint> from_iso8601(std::string_view text);

}  // namespace hpo
