// Takes the sampler that suits the space and the number of trials, and says which and why.

#include "bayesopt/auto_sampler.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bayesopt/sampler.h"
#include "bayesopt/sampler_options.h"
#include "objectives/json.h"

namespace hpo {
namespace {

/// So few that every study tries them all: no order of them needs a model.
constexpr std::uint64_t kFewConfigurations = 16;
/// Beyond so many trials tpe's densities are fine enough, and a suggestion takes milliseconds.
constexpr std::size_t kManyTrials = 5000;
/// Lengthscales of so many parameters cannot be told from the trials of a study.
constexpr std::size_t kManyParameters = 50;
/// A Gaussian process sees values without an order as equally far from each other: with so many it
/// learns of each only from its own trials, and slower than counts do.
constexpr std::size_t kManyValues = 40;

/// The parameter with the most values without an order.
const Parameter* most_unordered(const SearchSpace& space) {
  const Parameter* most = nullptr;
  std::size_t count = 0;
  for (const auto& parameter : space.parameters) {
    const auto* domain = std::get_if<CategoricalParameter>(&parameter.domain);
    if (domain == nullptr || domain->values.size() <= count) continue;
    most = &parameter;
    count = domain->values.size();
  }
  return most;
}

class AutoSampler final : public Sampler {
 public:
  explicit AutoSampler(const SearchSpace& space) : space_(space) {}

  Result<Suggestion> suggest(const Study& study, std::uint64_t seed) override {
    const SamplerChoice choice =
        choose_sampler(space_, study.trials.size(), !study.sources().empty());
    if (!chosen_ || name_ != choice.name) {
      auto made = make_sampler(choice.name, nlohmann::json::object(), space_);
      if (!made) return made.error();
      chosen_ = *std::move(made);
      name_ = choice.name;
    }
    auto suggestion = chosen_->suggest(study, seed);
    if (!suggestion) return suggestion.error();
    if (auto model = parse_json(suggestion->model); model && model->is_object()) {
      (*model)["chosen"] = {{"sampler", choice.name}, {"because", choice.why}};
      suggestion->model = model->dump();
    }
    return suggestion;
  }

 private:
  SearchSpace space_;
  std::unique_ptr<Sampler> chosen_ = {};
  std::string name_ = {};
};

}  // namespace

SamplerChoice choose_sampler(const SearchSpace& space, std::size_t trials, bool has_sources) {
  const auto size = space.cardinality();
  // grid learns nothing from other studies.
  if (size && *size <= kFewConfigurations && !has_sources) {
    return {.name = "grid", .why = fmt::format("the space has only {} configurations", *size)};
  }
  if (trials >= kManyTrials) {
    return {.name = "tpe", .why = fmt::format("the study has {} trials or more", kManyTrials)};
  }
  if (space.parameters.size() >= kManyParameters) {
    return {.name = "tpe",
            .why = fmt::format("the space has {} parameters", space.parameters.size())};
  }
  const Parameter* unordered = most_unordered(space);
  const std::size_t values =
      unordered == nullptr ? 0 : std::get<CategoricalParameter>(unordered->domain).values.size();
  if (values >= kManyValues) {
    return {.name = "tpe",
            .why = fmt::format("{} has {} values without an order", unordered->name, values)};
  }
  return {.name = "bayesian",
          .why = fmt::format("a model pays with {} parameter{} and fewer than {} trials",
                             space.parameters.size(), space.parameters.size() == 1 ? "" : "s",
                             kManyTrials)};
}

Result<std::unique_ptr<Sampler>> make_auto_sampler(const nlohmann::json& options,
                                                   const SearchSpace& space) {
  if (const auto known = check_option_names("auto", options, {}); !known) return known.error();
  return std::unique_ptr<Sampler>(std::make_unique<AutoSampler>(space));
}

}  // namespace hpo
