// What is optimised and what a trial must keep: `objective:` or `objectives:`, and `constraints:`.

#include <fmt/format.h>

#include <algorithm>

#include "engine/config/sections.h"
#include "engine/config/yaml_scalar.h"

namespace hpo::config {
namespace {

constexpr const char* kOneForm = "such as {metric: \"validation:loss\", goal: minimize}";
constexpr const char* kSeveralForm =
    "such as [{metric: accuracy, goal: maximize}, {metric: latency_ms, goal: minimize}]";
constexpr const char* kConstraintForm = "such as [{metric: latency_ms, max: 50}]";

/// The map of one objective.
std::optional<ObjectiveSpec> read_one(Section section) {
  if (!section.is_valid()) return std::nullopt;
  section.require("metric", "the name of the metric that is optimised");
  section.require("goal", "minimize or maximize");
  const auto metric = section.text("metric");
  const auto goal = section.choice("goal", {"minimize", "maximize"});
  const auto value = section.choice("value", {"last", "best"});
  section.finish();
  if (!metric || !goal || (!value && section.find("value") != nullptr)) return std::nullopt;
  return ObjectiveSpec{.metric = *metric,
                       .goal = goal_from(*goal).value_or(Goal::minimize),
                       .value = value_rule_from(value.value_or("last")).value_or(ValueRule::last)};
}

/// Two entries of a list about the same metric.
template <class Demand>
void check_named_once(Section& entry, const std::string& metric, const std::vector<Demand>& before,
                      const char* hint) {
  const bool is_twice = std::any_of(before.begin(), before.end(),
                                    [&](const Demand& other) { return other.metric == metric; });
  if (!is_twice) return;
  entry.error("metric",
              {.message = fmt::format("\"{}\" is in the list already", metric), .hint = hint});
}

/// The maps of a list by their place in it; nothing, reported, where it is none or empty.
const std::vector<YamlNode>* list_of(Section& root, const char* key, const char* form) {
  const YamlNode* node = root.find(key);
  if (node == nullptr) return nullptr;
  if (node->is_sequence() && !node->items.empty()) return &node->items;
  const std::string got = node->is_sequence() ? "an empty one" : describe(*node);
  root.error(key, {.message = "expected a list of maps, got " + got, .expected = form});
  return nullptr;
}

std::vector<ObjectiveSpec> read_several(Section& root, const std::vector<YamlNode>& items) {
  if (items.size() > kMostObjectives) {
    root.error("objectives",
               {.message = fmt::format("there are {}, but at most {} can be optimised together",
                                       items.size(), kMostObjectives),
                .hint = "make the others constraints ([{metric: ..., max: ...}]), or print one "
                        "metric that combines them"});
  }
  std::vector<ObjectiveSpec> objectives;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto path = fmt::format("objectives[{}]", i);
    Section section(&items[i], path, kOneForm, root.findings());
    auto objective = read_one(section);
    if (!objective) continue;
    check_named_once(section, objective->metric, objectives, "name another metric");
    if (objective->value == ValueRule::best && items.size() > 1) {
      section.error("value",
                    {.message = "with two objectives a trial's value is the last one of each: the "
                                "best reports of both need not belong to one model",
                     .hint = "remove value: best"});
    }
    objectives.push_back(std::move(*objective));
  }
  return objectives;
}

std::optional<ConstraintSpec> read_constraint(Section& section) {
  if (!section.is_valid()) return std::nullopt;
  section.require("metric", "the name of a metric that a trial reports");
  const auto metric = section.text("metric");
  const bool has_bound = section.find("min") != nullptr || section.find("max") != nullptr;
  ConstraintSpec constraint{.min = section.number("min"), .max = section.number("max")};
  if (!has_bound) {
    section.findings().error(
        section.node()->place,
        {.message = fmt::format("{}: has no bound",
                                section.path("max").substr(0, section.path("max").rfind('.'))),
         .expected = "max: the most that the metric may be, or min: the least"});
  }
  if (constraint.min && constraint.max && !(*constraint.min < *constraint.max)) {
    section.error("max", {.message = fmt::format("must be > min {}, got {}", *constraint.min,
                                                 *constraint.max)});
  }
  section.finish();
  if (!metric || (!constraint.min && !constraint.max)) return std::nullopt;
  constraint.metric = *metric;
  return constraint;
}

}  // namespace

std::vector<ObjectiveSpec> read_objectives(Section& root, bool is_required) {
  const bool has_several = root.find("objectives") != nullptr;
  if (has_several && root.find("objective") != nullptr) {
    root.findings().error(
        root.key_place("objectives"),
        {.message = "objectives: there is an \"objective\" too", .hint = "keep one of the two"});
  }
  if (has_several) {
    const auto* items = list_of(root, "objectives", kSeveralForm);
    return items == nullptr ? std::vector<ObjectiveSpec>() : read_several(root, *items);
  }
  const YamlNode* node = is_required ? root.require("objective", kOneForm) : root.find("objective");
  if (node != nullptr && node->is_sequence()) {
    root.error("objective", {.message = "expected one objective, got a list",
                             .expected = kOneForm,
                             .hint = "two objectives go under \"objectives\""});
    return {};
  }
  auto objective = read_one(Section(node, "objective", kOneForm, root.findings()));
  if (!objective) return {};
  return {std::move(*objective)};
}

std::vector<ConstraintSpec> read_constraints(Section& root) {
  std::vector<ConstraintSpec> constraints;
  const auto* items = list_of(root, "constraints", kConstraintForm);
  if (items == nullptr) return constraints;
  for (std::size_t i = 0; i < items->size(); ++i) {
    const auto path = fmt::format("constraints[{}]", i);
    Section section(&(*items)[i], path, "such as {metric: latency_ms, max: 50}", root.findings());
    auto constraint = read_constraint(section);
    if (!constraint) continue;
    check_named_once(section, constraint->metric, constraints, "give one entry min and max");
    constraints.push_back(std::move(*constraint));
  }
  return constraints;
}

void check_demands(const TuningConfig& config, Section& root) {
  const StudySpec& study = config.study;
  if (study.is_plain()) return;
  const bool has_two = study.objectives.size() > 1;
  const std::string what = has_two ? "two objectives" : "constraints";
  Section strategy(root.find("strategy"), "strategy", "", root.findings());
  Section limits(root.find("limits"), "limits", "", root.findings());
  if (config.strategy.name == "hyperband") {
    strategy.error("name", {.message = fmt::format("hyperband promotes trials by one value alone, "
                                                   "so it cannot be used with {}",
                                                   what),
                            .hint = "take bayesian or tpe"});
  }
  if (!config.strategy.warm_start.empty()) {
    strategy.findings().error(
        strategy.key_place("warm_start"),
        {.message = fmt::format("strategy.warm_start: what another study tells is one value of "
                                "each trial, so it cannot be used with {}",
                                what),
         .hint = "remove it, or enqueue its best configurations (strategy.initial)"});
  }
  if (has_two && !config.strategy.early_stopping.empty()) {
    strategy.error("early_stopping",
                   {.message = "compares one value of running trials, which says nothing of a "
                               "trade-off between two objectives",
                    .hint = "remove it"});
  }
  if (has_two && config.limits.target) {
    limits.error("target", {.message = "two objectives have no one value to reach",
                            .hint = "ask for it by constraints: [{metric: ..., min: ...}], or end "
                                    "the study by no_improvement"});
  }
  const char* bounded = "is a bound on the best value of one objective without constraints";
  if (config.limits.regret) limits.error("regret", {.message = bounded, .hint = "remove it"});
  if (config.limits.convergence) {
    limits.error("convergence", {.message = bounded, .hint = "take no_improvement"});
  }
}

}  // namespace hpo::config
