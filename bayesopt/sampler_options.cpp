#include "bayesopt/sampler_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

namespace hpo {

Result<void> check_option_names(std::string_view sampler, const nlohmann::json& options,
                                const std::vector<std::string_view>& known) {
  if (options.is_null()) return {};
  if (!options.is_object()) {
    return Error{.message =
                     fmt::format("options of {} must be a map, got {}", sampler, options.dump())};
  }
  for (const auto& [key, value] : options.items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const std::string hint = known.empty()
                                 ? fmt::format("{} takes no options", sampler)
                                 : fmt::format("{} takes {}", sampler, fmt::join(known, ", "));
    return Error{.message = fmt::format("unknown option \"{}\"", key), .hint = hint};
  }
  return {};
}

Result<std::optional<std::int64_t>> integer_option(const nlohmann::json& options,
                                                   std::string_view key, std::int64_t least) {
  const auto at = options.find(key);
  if (at == options.end()) return std::optional<std::int64_t>{};
  if (!at->is_number_integer() || at->get<std::int64_t>() < least) {
    return Error{.message = fmt::format("{} must be a whole number of at least {}, got {}", key,
                                        least, at->dump())};
  }
  return std::optional<std::int64_t>{at->get<std::int64_t>()};
}

}  // namespace hpo
