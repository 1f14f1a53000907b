#include "engine/prior_results.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/config/given_configuration.h"
#include "objectives/json.h"

namespace hpo {
namespace {

using nlohmann::json;

/// Both studies and what they run.
struct Pair {
  const TuningConfig& here;
  const StudySpec& there;
  json config_here = {};
  json config_there = {};
  Configuration fixed_there = {};  ///< trial.hyperparameters of the other study
};

json member(const json& config, const char* section, const char* key) {
  const auto at = config.find(section);
  if (at == config.end() || !at->is_object()) return {};
  return at->value(key, json());
}

Pair pair_of(const TuningConfig& config, const StoredStudy& other) {
  Pair pair{.here = config, .there = other.study.spec};
  pair.config_here = parse_json(to_json_text(config)).value_or(json::object());
  pair.config_there = parse_json(other.config).value_or(json::object());
  const auto fixed = configuration_from(member(pair.config_there, "trial", "hyperparameters"));
  if (fixed) pair.fixed_there = *fixed;
  return pair;
}

/// Why the parameters are not those of one task; empty where they are.
std::string parameters_differ(const Pair& pair) {
  for (const auto& parameter : pair.there.space.parameters) {
    const bool is_known = pair.here.study.space.find(parameter.name) != nullptr ||
                          pair.here.trial.hyperparameters.contains(parameter.name);
    if (!is_known) return fmt::format("only it has the parameter {}", parameter.name);
  }
  for (const auto& parameter : pair.here.study.space.parameters) {
    const bool is_known = pair.there.space.find(parameter.name) != nullptr ||
                          pair.fixed_there.contains(parameter.name);
    if (!is_known) return fmt::format("it has no parameter {}", parameter.name);
  }
  return {};
}

/// Why the objectives are not the same; empty where they are.
std::string objectives_differ(const Pair& pair) {
  const auto& here = pair.here.study.objectives.front();
  const auto& there = pair.there.objectives.front();
  if (here.metric != there.metric) return fmt::format("its objective is {}", there.metric);
  if (here.value != there.value) return fmt::format("its value is the {}", to_string(there.value));
  return {};
}

/// Why the trials do not run the same; empty where they do.
std::string trials_differ(const Pair& pair, const WarmStartSpec& spec) {
  for (const char* key : {"trainer", "command", "objective", "channels", "metrics"}) {
    if (member(pair.config_here, "trial", key) != member(pair.config_there, "trial", key)) {
      return fmt::format("trial.{} differs", key);
    }
  }
  if (member(pair.config_here, "strategy", "budget") !=
      member(pair.config_there, "strategy", "budget")) {
    return "strategy.budget differs";
  }
  for (const auto& [name, value] : pair.here.trial.hyperparameters) {
    if (pair.there.space.find(name) != nullptr) continue;
    const auto at = pair.fixed_there.find(name);
    if (at == pair.fixed_there.end() || at->second != value) {
      return fmt::format("trial.hyperparameters.{} differs", name);
    }
  }
  for (const auto& [name, value] : pair.fixed_there) {
    const bool is_here = pair.here.trial.hyperparameters.contains(name) ||
                         pair.here.study.space.find(name) != nullptr;
    if (!is_here) return fmt::format("trial.hyperparameters.{} differs", name);
  }
  const TrialSpec& trial = pair.here.trial;
  if (!trial.objective.empty()) return {};
  if (trial.trainer.empty() && trial.command.empty()) return "nothing says what its trials ran";
  return spec.storage.empty() ? "" : "it lies in another storage";
}

/// The relation, and why.
Result<std::pair<Relation, std::string>> relation_of(const Pair& pair, const WarmStartSpec& spec) {
  std::string why = objectives_differ(pair);
  if (why.empty()) why = parameters_differ(pair);
  if (spec.relation == "identical") {
    if (why.empty()) return std::pair(Relation::identical, std::string("the file says so"));
    return Error{.message = fmt::format("cannot be identical to this study: {}", why),
                 .hint = "say relation: related, or change this study"};
  }
  if (spec.relation == "related") {
    return std::pair(Relation::related, std::string("the file says so"));
  }
  if (why.empty()) why = trials_differ(pair, spec);
  if (!why.empty()) return std::pair(Relation::related, why);
  return std::pair(Relation::identical, std::string("it tunes the same"));
}

/// The parameters that both search, with their conditions; of these all parents are among them.
SearchSpace common_space(const Pair& pair) {
  const SearchSpace& space = pair.here.study.space;
  std::set<std::string> names;
  for (const auto i : space.parents_first()) {
    const Parameter& parameter = space.parameters[i];
    const bool has_parents =
        std::all_of(parameter.when.begin(), parameter.when.end(),
                    [&](const Condition& condition) { return names.contains(condition.parent); });
    if (has_parents && pair.there.space.find(parameter.name) != nullptr) {
      names.insert(parameter.name);
    }
  }
  SearchSpace common;
  for (const auto& parameter : space.parameters) {
    if (names.contains(parameter.name)) common.parameters.push_back(parameter);
  }
  return common;
}

/// Configurations of the other study in this space, or why one has no place there.
class Translation {
 public:
  Translation(const Pair& pair, Relation relation)
      : pair_(pair),
        relation_(relation),
        space_(relation == Relation::identical ? pair.here.study.space : common_space(pair)),
        order_(space_.parents_first()) {}

  [[nodiscard]] const SearchSpace& space() const { return space_; }

  /// Error: the reason, for people.
  [[nodiscard]] Result<Configuration> operator()(const Configuration& there) const {
    Configuration given = there;
    if (relation_ == Relation::identical) {
      given.insert(pair_.fixed_there.begin(), pair_.fixed_there.end());
      for (const auto& [name, value] : pair_.here.trial.hyperparameters) {
        const auto at = there.find(name);
        if (at != there.end() && to_text(at->second) != to_text(value)) {
          return Error{.message = fmt::format("{} is another than the fixed one", name)};
        }
      }
    }
    Configuration here;
    for (const auto i : order_) {
      if (auto taken = take(space_.parameters[i], given, here); !taken) return taken.error();
    }
    return here;
  }

 private:
  Result<void> take(const Parameter& parameter, const Configuration& given,
                    Configuration& here) const {
    const auto at = given.find(parameter.name);
    if (!space_.is_active(parameter, here)) {
      if (at == given.end() || relation_ == Relation::related) return {};
      return Error{.message = fmt::format("{} takes no value here", parameter.name)};
    }
    if (at == given.end()) return Error{.message = fmt::format("{} has no value", parameter.name)};
    const SearchSpace alone{.parameters = {{.name = parameter.name, .domain = parameter.domain}}};
    const auto typed = config::configuration_in(alone, {{at->first, at->second}});
    if (!typed) return Error{.message = fmt::format("{} lies outside", parameter.name)};
    here.insert(*typed->begin());
    return {};
  }

  const Pair& pair_;
  Relation relation_;
  SearchSpace space_;
  std::vector<std::size_t> order_;
};

/// Whether a trial failed by its configuration's fault.
bool blames_configuration(const Trial& trial) {
  return trial.state == TrialState::failed &&
         trial.failure.value_or(FailureClass::exit_code) != FailureClass::lost &&
         trial.failure != FailureClass::start && trial.failure != FailureClass::stopped;
}

/// Why a trial tells nothing, whatever its configuration; empty where it does.
std::string silence_of(const Trial& trial, Relation relation) {
  if (trial.state == TrialState::complete) {
    return trial.value && std::isfinite(*trial.value) ? "" : "no value";
  }
  if (trial.state == TrialState::failed) {
    return relation == Relation::identical && blames_configuration(trial) ? "" : "failed";
  }
  return has_ended(trial.state) ? to_string(trial.state) : "unfinished";
}

void read_results(const Study& other, const Translation& translate, PriorStudy& prior) {
  for (const auto& trial : other.trials) {
    if (auto silence = silence_of(*trial, prior.relation); !silence.empty()) {
      ++prior.left_out[silence];
      continue;
    }
    auto configuration = translate(trial->configuration);
    if (!configuration) {
      ++prior.left_out[configuration.error().message];
      continue;
    }
    const bool is_complete = trial->state == TrialState::complete;
    prior.results.push_back({.trial = trial->number,
                             .configuration = std::move(*configuration),
                             .value = is_complete ? trial->value : std::nullopt});
  }
}

Error nothing_usable(const Study& other, const PriorStudy& prior) {
  std::vector<std::string> reasons;
  for (const auto& [reason, count] : prior.left_out) {
    reasons.push_back(fmt::format("{} {}", count, reason));
  }
  if (other.trials.empty()) return {.message = "has no trials"};
  return {.message = fmt::format("none of its {} trial{} can be used: {}", other.trials.size(),
                                 other.trials.size() == 1 ? "" : "s", fmt::join(reasons, ", ")),
          .hint = "complete trials with values in this study's ranges are needed"};
}

}  // namespace

Result<PriorStudy> prior_study(const TuningConfig& config, const WarmStartSpec& spec,
                               const StoredStudy& other) {
  const Pair pair = pair_of(config, other);
  if (pair.there.objectives.size() != 1 || config.study.objectives.size() != 1) {
    return Error{.message = "only studies with one objective tell each other something"};
  }
  const Goal goal = config.study.objectives.front().goal;
  if (pair.there.objectives.front().goal != goal) {
    return Error{.message = fmt::format("its goal is to {} {}, this study's to {} {}",
                                        to_string(pair.there.objectives.front().goal),
                                        pair.there.objectives.front().metric, to_string(goal),
                                        config.study.objectives.front().metric)};
  }
  const auto relation = relation_of(pair, spec);
  if (!relation) return relation.error();
  const Translation translate(pair, relation->first);
  if (translate.space().parameters.empty()) {
    std::vector<std::string> names;
    for (const auto& parameter : pair.there.space.parameters) names.push_back(parameter.name);
    return Error{.message = fmt::format("has no parameter of this study's; it searches {}",
                                        fmt::join(names, ", "))};
  }
  PriorStudy prior{.study = spec.study,
                   .storage = spec.storage,
                   .asked = spec.relation,
                   .id = pair.there.id,
                   .relation = relation->first,
                   .because = relation->second};
  for (const auto& parameter : translate.space().parameters) {
    prior.parameters.push_back(parameter.name);
  }
  read_results(other.study, translate, prior);
  const bool has_value = std::any_of(prior.results.begin(), prior.results.end(),
                                     [](const PriorResult& result) { return result.value; });
  if (!has_value) return nothing_usable(other.study, prior);
  return prior;
}

}  // namespace hpo
