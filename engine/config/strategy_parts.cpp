#include "engine/config/strategy_parts.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "bayesopt/ladder.h"
#include "engine/config/yaml_scalar.h"

namespace hpo::config {
namespace {

constexpr const char* kBudgetForm = "such as {parameter: epochs, min: 1, max: 27}";

/// From what SageMaker infers the largest resource of a tuning job.
constexpr std::array kNames = {"epochs", "num_epochs", "numepochs", "n_epochs", "n-epochs"};

/// The whole number that trial.hyperparameters fixes for a name.
std::optional<std::int64_t> fixed_value(Section& root, const std::string& name) {
  const YamlNode* trial = root.find("trial");
  const auto at = trial == nullptr ? std::nullopt : trial->index_of("hyperparameters");
  if (!at) return std::nullopt;
  const YamlNode& fixed = trial->items[*at];
  const auto value = fixed.index_of(name);
  const auto typed = value ? typed_scalar(fixed.items[*value]) : std::nullopt;
  if (!typed || !std::holds_alternative<std::int64_t>(*typed)) return std::nullopt;
  return std::get<std::int64_t>(*typed);
}

bool is_searched(Section& root, const std::string& name) {
  const YamlNode* parameters = root.find("parameters");
  return parameters != nullptr && parameters->index_of(name).has_value();
}

/// The fixed number of epochs, where `budget` is absent.
std::optional<BudgetSpec> inferred(Section& root) {
  for (const char* name : kNames) {
    if (const auto max = fixed_value(root, name)) return BudgetSpec{.parameter = name, .max = *max};
  }
  return std::nullopt;
}

std::optional<std::int64_t> read_max(Section& root, Section& budget, const std::string& parameter) {
  const auto fixed = fixed_value(root, parameter);
  if (!fixed) {
    budget.require("max", "the budget of a whole training, such as max: 27");
    return budget.integer("max", {.min = 2, .max = kLargestBudget});
  }
  if (budget.find("max") == nullptr) return fixed;
  budget.error("max", {.message = fmt::format("{} is fixed under trial.hyperparameters as well, "
                                              "which says the same",
                                              parameter),
                       .hint = "remove one of the two"});
  return std::nullopt;
}

}  // namespace

void read_budget(Section& root, Section& strategy, StrategySpec& spec, nlohmann::json& options) {
  std::int64_t min = 1;
  if (strategy.find("budget") == nullptr) {
    spec.budget = inferred(root);
    if (!spec.budget) {
      strategy.error("budget", {.message = "is missing: which hyperparameter says how long a "
                                           "trial runs, and from where to where",
                                .expected = kBudgetForm});
      return;
    }
  } else {
    Section budget(strategy.find("budget"), "strategy.budget", kBudgetForm, root.findings());
    if (!budget.is_valid()) return;
    budget.require("parameter", "the name of a hyperparameter, such as epochs");
    const auto parameter = budget.text("parameter");
    min = budget.integer("min", {.min = 1, .max = kLargestBudget}).value_or(1);
    const auto max = read_max(root, budget, parameter.value_or(""));
    budget.finish();
    if (!parameter || !max) return;
    if (is_searched(root, *parameter)) {
      budget.error("parameter",
                   {.message = fmt::format("{} is searched under parameters, but hyperband sets it",
                                           *parameter),
                    .hint = "remove it there"});
    }
    spec.budget = {.parameter = *parameter, .max = *max};
  }
  options["budget"] = {
      {"parameter", spec.budget->parameter}, {"min", min}, {"max", spec.budget->max}};
}

void read_early_stopping(Section& strategy, StrategySpec& spec) {
  const YamlNode* node = strategy.find("early_stopping");
  if (node == nullptr) return;
  std::optional<std::string> name;
  if (node->is_map()) {
    Section section(node, "strategy.early_stopping", "such as {name: asha, min: 1, eta: 3}",
                    strategy.findings());
    section.require("name", "asha or median");
    name = section.choice("name", {"median", "asha", "none"});
    if (name == "asha") {
      spec.asha.min = section.integer("min", {.min = 1}).value_or(spec.asha.min);
      spec.asha.eta = section.integer("eta", {.min = 2, .max = 1000}).value_or(spec.asha.eta);
    }
    section.finish();
  } else {
    name = strategy.choice("early_stopping", {"median", "asha", "none", "off"});
  }
  if (name == "median" || name == "asha") spec.early_stopping = *name;
}

}  // namespace hpo::config
