#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>

namespace hpo {

/// A parameter's value, typed as the user's file types it.
using ParameterValue = std::variant<bool, std::int64_t, double, std::string>;

/// Name → value of the active parameters. Ordered by name, so equal configurations print alike.
using Configuration = std::map<std::string, ParameterValue, std::less<>>;

/// The value as a trial's command line and hyperparameters.json carry it: `true`, `3`, `0.001`,
/// `adam`. Floats are the shortest text that reads back to the same double.
std::string to_text(const ParameterValue& value);

/// Injective one-line text of a configuration, for de-duplication: equal iff the values are equal.
std::string canonical_key(const Configuration& configuration);

}  // namespace hpo
