#pragma once

#include <string>

#include "engine/aws/credentials.h"
#include "objectives/error.h"

namespace hpo::aws {

/// A time as AWS writes it: with or without a fraction, `Z` or an offset.
std::optional<TimePoint> time_from(const std::string& text);

/// Keys as JSON: what credential processes and the metadata services of containers and instances
/// answer. Error: environment; nothing of the text gets into it.
Result<Credentials> credentials_from_json(const std::string& text, const std::string& source);

/// Keys as STS answers them, inside `<operation>Response/<operation>Result/Credentials`.
Result<Credentials> credentials_from_sts(const std::string& text, const std::string& operation,
                                         const std::string& source);

}  // namespace hpo::aws
