// Stands in for the sampler library where it is not built: names, and one option per name.

#include <nlohmann/json.hpp>

#include "bayesopt/sampler.h"

namespace hpo {

std::vector<std::string_view> sampler_names() { return {"random", "sobol", "grid", "bayesian"}; }

Result<std::unique_ptr<Sampler>> make_sampler(std::string_view /*name*/,
                                              const nlohmann::json& options,
                                              const SearchSpace& /*space*/) {
  for (const auto& [key, value] : options.items()) {
    return Error{.message = "unknown option \"" + key + "\"", .hint = "remove it"};
  }
  return std::unique_ptr<Sampler>{};
}

}  // namespace hpo
