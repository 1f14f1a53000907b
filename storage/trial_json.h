#pragma once

#include <map>
#include <string>
#include <string_view>

#include "objectives/configuration.h"
#include "objectives/error.h"

namespace hpo {

/// Name → number, as trials and measurements have them.
using Metrics = std::map<std::string, double>;

/// JSON of a configuration; values keep their type (1.0 is not 1). Error: usage, for a number that
/// is not finite or text that is not UTF-8.
Result<std::string> configuration_text(const Configuration& configuration);
/// Error: corrupt.
Result<Configuration> configuration_from_text(std::string_view text);

/// JSON of metrics; numbers that are not finite are "nan", "inf" or "-inf". Error: usage, for a
/// name that is not UTF-8.
Result<std::string> metrics_text(const Metrics& metrics);
/// Error: corrupt.
Result<Metrics> metrics_from_text(std::string_view text);

}  // namespace hpo
