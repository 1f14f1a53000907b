#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "objectives/error.h"

namespace hpo {

/// Success iff `options` is an object with no other keys than `known`. Error: usage, naming the key
/// and what the sampler knows.
Result<void> check_option_names(std::string_view sampler, const nlohmann::json& options,
                                const std::vector<std::string_view>& known);

/// The whole number under `key`; nothing where it is absent. Error: usage, if it is no whole number
/// or below `least`.
Result<std::optional<std::int64_t>> integer_option(const nlohmann::json& options,
                                                   std::string_view key, std::int64_t least);

}  // namespace hpo
