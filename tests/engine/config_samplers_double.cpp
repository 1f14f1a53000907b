// Stands in for the sampler library where it is not built: names, and a sampler that walks each
// float from its lower bound by tenths of the range.

#include <nlohmann/json.hpp>

#include "bayesopt/sampler.h"

namespace hpo {
namespace {

class WalkingSampler final : public Sampler {
 public:
  Result<Suggestion> suggest(const Study& study, std::uint64_t /*seed*/) override {
    Suggestion suggestion;
    for (const auto& parameter : study.spec.space.parameters) {
      if (const auto* d = std::get_if<FloatParameter>(&parameter.domain)) {
        const double tenths = static_cast<double>(study.trials.size()) / 10;
        suggestion.configuration[parameter.name] = d->min + tenths * (d->max - d->min);
      } else {
        suggestion.configuration[parameter.name] = finite_values(parameter.domain).front();
      }
    }
    return suggestion;
  }
};

}  // namespace

std::vector<std::string_view> sampler_names() { return {"random", "sobol", "grid", "bayesian"}; }

Result<std::unique_ptr<Sampler>> make_sampler(std::string_view /*name*/,
                                              const nlohmann::json& options,
                                              const SearchSpace& /*space*/) {
  for (const auto& [key, value] : options.items()) {
    return Error{.message = "unknown option \"" + key + "\"", .hint = "remove it"};
  }
  return std::unique_ptr<Sampler>(std::make_unique<WalkingSampler>());
}

}  // namespace hpo
