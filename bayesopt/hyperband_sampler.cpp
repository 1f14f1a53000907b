// Hyperband, asynchronously: a free worker continues the paused trial that successive halving
// promotes; where there is none it gets a new configuration, from any sampler, on the first rung of
// a bracket drawn at random.

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bayesopt/halving.h"
#include "bayesopt/random_stream.h"
#include "bayesopt/sampler.h"
#include "bayesopt/sampler_options.h"
#include "objectives/json.h"

namespace hpo {
namespace {

class HyperbandSampler final : public Sampler {
 public:
  HyperbandSampler(const SearchSpace& space, Ladder ladder, std::unique_ptr<Sampler> inner)
      : space_(space), ladder_(std::move(ladder)), inner_(std::move(inner)) {}

  Result<Suggestion> suggest(const Study& study, std::uint64_t seed) override {
    check(study.spec.space == space_, "the study has the sampler's space");
    const auto climbs = climbs_of(ladder_, study);
    const Goal goal =
        study.spec.objectives.empty() ? Goal::minimize : study.spec.objectives.front().goal;
    if (const auto paused = promotable(ladder_, goal, climbs)) return promotion(*paused);
    RandomStream random(seed, Purpose::configuration);
    const std::size_t rung = ladder_.bracket(random.uniform());
    // As many as a model needs to tell anything (BOHB: d + 1).
    const std::size_t enough = std::max<std::size_t>(space_.parameters.size() + 1, 6);
    const Study inner = inner_study(ladder_, study, climbs, enough);
    auto suggestion = inner_->suggest(inner, seed);
    if (!suggestion) return suggestion.error();
    suggestion->budget = ladder_.budgets()[rung];
    suggestion->model = with_rung(suggestion->model, rung);
    return suggestion;
  }

 private:
  [[nodiscard]] Suggestion promotion(const Trial& paused) const {
    const std::size_t rung = ladder_.rung_of(paused.budget.value_or(0)) + 1;
    return {.configuration = paused.configuration,
            .budget = ladder_.budgets()[rung],
            .continues_trial = paused.number,
            .model = nlohmann::json{{"mode", "promotion"}, {"rung", rung}}.dump()};
  }

  /// The inner sampler's text, which it may look for again, and the rung.
  static std::string with_rung(const std::string& model, std::size_t rung) {
    auto json = parse_json(model);
    if (!json || !json->is_object()) return model;
    (*json)["rung"] = rung;
    return json->dump();
  }

  SearchSpace space_;
  Ladder ladder_;
  std::unique_ptr<Sampler> inner_;
};

Result<std::int64_t> integer_or(const nlohmann::json& options, std::string_view key,
                                std::int64_t least, std::int64_t otherwise) {
  const auto value = integer_option(options, key, least);
  if (!value) return value.error();
  return value->value_or(otherwise);
}

Result<LadderOptions> ladder_options(const nlohmann::json& options) {
  const auto budget = options.value("budget", nlohmann::json());
  if (!budget.is_object() || !budget.contains("max") || !budget.contains("parameter")) {
    return Error{.message =
                     "hyperband needs a budget: which hyperparameter says how long a trial "
                     "runs, and from where to where",
                 .hint = "such as budget: {parameter: epochs, min: 1, max: 27}"};
  }
  const auto known = check_option_names("budget", budget, {"parameter", "min", "max"});
  if (!known) return known.error();
  LadderOptions ladder;
  if (budget.at("parameter").is_string()) ladder.parameter = budget.at("parameter");
  const auto min = integer_or(budget, "min", 1, 1);
  const auto max = integer_or(budget, "max", 1, 1);
  const auto eta = integer_or(options, "eta", 2, 3);
  const auto brackets = integer_or(options, "brackets", 1, 0);
  for (const auto* value : {&min, &max, &eta, &brackets}) {
    if (!*value) return value->error();
  }
  ladder.min = *min;
  ladder.max = *max;
  ladder.eta = *eta;
  ladder.brackets = *brackets;
  return ladder;
}

/// `sampler: tpe`, or a map with its name and options.
Result<std::unique_ptr<Sampler>> inner_sampler(const nlohmann::json& options,
                                               const SearchSpace& space) {
  nlohmann::json inner = options.value("sampler", nlohmann::json("bayesian"));
  if (inner.is_string()) inner = {{"name", inner}};
  if (!inner.is_object() || !inner.contains("name") || !inner.at("name").is_string()) {
    return Error{.message = "sampler: must be a sampler's name, or a map with its name and options",
                 .hint = fmt::format("one of {}", fmt::join(sampler_names(), ", "))};
  }
  const auto name = inner.at("name").get<std::string>();
  inner.erase("name");
  if (name == "hyperband") return Error{.message = "sampler: hyperband in hyperband"};
  auto made = make_sampler(name, inner, space);
  if (made) return made;
  return Error{.message = "sampler: " + made.error().message, .hint = made.error().hint};
}

}  // namespace

Result<std::unique_ptr<Sampler>> make_hyperband_sampler(const nlohmann::json& options,
                                                        const SearchSpace& space) {
  const auto known =
      check_option_names("hyperband", options, {"budget", "eta", "brackets", "sampler"});
  if (!known) return known.error();
  const auto read = ladder_options(options);
  if (!read) return read.error();
  auto ladder = Ladder::make(*read);
  if (!ladder) return ladder.error();
  auto inner = inner_sampler(options, space);
  if (!inner) return inner.error();
  return std::unique_ptr<Sampler>(
      std::make_unique<HyperbandSampler>(space, *std::move(ladder), *std::move(inner)));
}

}  // namespace hpo
