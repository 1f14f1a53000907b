// `strategy:` name, seed and early stopping; every other key is an option of the named sampler.

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "bayesopt/sampler.h"
#include "engine/config/given_configuration.h"
#include "engine/config/sections.h"
#include "engine/config/strategy_parts.h"
#include "engine/config/suggestions.h"
#include "engine/config/yaml_scalar.h"
#include "objectives/json.h"

namespace hpo::config {
namespace {

constexpr const char* kInitialForm = "such as [{lr: 0.01, layers: 2}, {lr: 0.1, layers: 3}]";

nlohmann::json json_of(const YamlNode& node) {
  if (node.is_sequence()) {
    auto list = nlohmann::json::array();
    for (const auto& item : node.items) list.push_back(json_of(item));
    return list;
  }
  if (node.is_map()) {
    auto object = nlohmann::json::object();
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      object[node.keys[i].text] = json_of(node.items[i]);
    }
    return object;
  }
  const auto value = typed_scalar(node);
  return value ? to_json(*value) : nlohmann::json();
}

bool is_own_key(const std::string& key) {
  return key == "name" || key == "seed" || key == "early_stopping" || key == "initial" ||
         key == "warm_start";
}

/// One configuration of `initial`; nothing where it is none, which is reported then.
std::optional<Configuration> read_point(const YamlNode& node, const std::string& path,
                                        const SearchSpace& space, Findings& findings) {
  if (!node.is_map()) {
    findings.error(node.place,
                   {.message = fmt::format("{}: expected a map, got {}", path, describe(node)),
                    .expected = kInitialForm});
    return std::nullopt;
  }
  Configuration given;
  bool is_good = true;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const std::string& name = node.keys[i].text;
    if (auto value = typed_scalar(node.items[i])) {
      given.emplace(name, std::move(*value));
      continue;
    }
    is_good = false;
    findings.error(node.items[i].place,
                   {.message = fmt::format("{}.{}: expected a word, number or boolean, got {}",
                                           path, name, describe(node.items[i]))});
  }
  if (!is_good) return std::nullopt;
  auto found = given_configuration(space, given);
  for (const auto& problem : found.problems) {
    const auto at = problem.is_missing ? std::nullopt : node.index_of(problem.parameter);
    findings.error(at ? node.items[*at].place : node.place,
                   {.message = fmt::format("{}.{}: {}", path, problem.parameter, problem.message),
                    .hint = problem.hint});
  }
  return found.problems.empty() ? std::optional(std::move(found.configuration)) : std::nullopt;
}

/// `initial:`, a list of configurations.
std::vector<Configuration> read_initial(Section& section, const SearchSpace* space) {
  std::vector<Configuration> points;
  const YamlNode* node = section.find("initial");
  if (node == nullptr) return points;
  if (!node->is_sequence()) {
    section.error("initial",
                  {.message = "expected a list of configurations, got " + describe(*node),
                   .expected = kInitialForm});
    return points;
  }
  if (space == nullptr) return points;  // it has errors of its own
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    const auto path = fmt::format("{}[{}]", section.path("initial"), i);
    auto point = read_point(node->items[i], path, *space, section.findings());
    if (point) points.push_back(std::move(*point));
  }
  return points;
}

nlohmann::json read_options(Section& section) {
  auto options = nlohmann::json::object();
  if (!section.is_valid()) return options;
  for (const auto& key : section.node()->keys) {
    if (is_own_key(key.text)) continue;
    if (const YamlNode* value = section.find(key.text)) options[key.text] = json_of(*value);
  }
  return options;
}

/// grid walks every configuration, so each parameter needs a list of values.
bool check_grid(Section& root, const SearchSpace& space) {
  const YamlNode* node = root.find("parameters");
  bool is_finite = true;
  for (const auto& parameter : space.parameters) {
    if (!finite_values(parameter.domain).empty()) continue;
    is_finite = false;
    const auto at = node == nullptr ? std::nullopt : node->index_of(parameter.name);
    root.findings().error(
        at ? node->keys[*at].place : root.place("strategy"),
        {.message = fmt::format("parameters.{}: strategy grid needs finitely many values, this "
                                "{} is continuous or too fine",
                                parameter.name, type_name(parameter.domain)),
         .hint = "give a step, list the values (type ordinal), or take strategy sobol"});
  }
  return is_finite;
}

/// Lets the sampler check its own options; its message names the option it is about.
void check_with_sampler(Section& section, const StrategySpec& strategy, const SearchSpace& space,
                        const nlohmann::json& options) {
  const auto sampler = make_sampler(strategy.name, options, space);
  if (sampler) return;
  const Error& error = sampler.error();
  Place place = section.place("name");
  for (const auto& [key, value] : options.items()) {
    if (error.message.find(key) != std::string::npos) place = section.key_place(key);
  }
  section.findings().error(place, {.message = "strategy: " + error.message, .hint = error.hint});
}

/// Only some strategies learn from other studies.
void check_learns(Section& section, const StrategySpec& strategy, const nlohmann::json& options) {
  if (strategy.warm_start.empty() || learns_from_others(strategy.name, options)) return;
  section.findings().error(
      section.key_place("warm_start"),
      {.message = fmt::format(
           "strategy.warm_start: {} learns nothing from other studies",
           strategy.name == "hyperband" ? "the sampler of this hyperband" : strategy.name),
       .hint = "take bayesian, tpe or auto, or remove warm_start"});
}

/// What hyperband needs besides its sampler; auto with a budget is hyperband.
void read_schedule(Section& root, Section& section, StrategySpec& strategy,
                   nlohmann::json& options) {
  if (strategy.name == "auto" && section.find("budget") != nullptr) {
    strategy.name = "hyperband";
    if (!options.contains("sampler")) options["sampler"] = "auto";
  }
  if (strategy.name != "hyperband") return;
  read_budget(root, section, strategy, options);
  const YamlNode* trial = root.find("trial");
  if (trial != nullptr && trial->index_of("objective")) {
    section.error("name", {.message = "hyperband needs trials that may run for longer or shorter; "
                                      "built-in objectives have no budget",
                           .hint = "take bayesian"});
  }
  if (strategy.early_stopping.empty()) return;
  section.error("early_stopping", {.message = "hyperband ends trials itself, by what others "
                                              "reached with the same budget",
                                   .hint = "remove early_stopping"});
}

}  // namespace

StrategySpec read_strategy(Section& root, const SearchSpace* space,
                           const std::filesystem::path& folder, std::uint64_t& seed) {
  constexpr const char* kForm = "such as {name: bayesian, seed: 42}";
  StrategySpec strategy;
  Section section(root.find("strategy"), "strategy", kForm, root.findings());
  std::vector<std::string> names;
  for (const auto& name : strategy_names()) names.emplace_back(name);
  const bool has_name = section.find("name") != nullptr;
  const auto name = section.choice("name", names);
  seed = static_cast<std::uint64_t>(section.integer("seed", {.min = 0}).value_or(0));
  read_early_stopping(section, strategy);
  strategy.initial = read_initial(section, space);
  strategy.warm_start = read_warm_start(root, section, folder);
  auto options = read_options(section);
  if (name) strategy.name = *name;
  read_schedule(root, section, strategy, options);
  strategy.options = options.dump();
  check_learns(section, strategy, options);
  if (strategy.name == "hyperband" && !strategy.budget) return strategy;
  if (space == nullptr || space->parameters.empty() || (has_name && !name)) return strategy;
  if (strategy.name == "grid" && !check_grid(root, *space)) return strategy;
  check_with_sampler(section, strategy, *space, options);
  return strategy;
}

}  // namespace hpo::config
