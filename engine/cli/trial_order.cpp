#include "engine/cli/trial_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <set>

#include "engine/cli/text.h"
#include "engine/cli/trial_json.h"
#include "engine/config/suggestions.h"
#include "objectives/front.h"

namespace hpo::cli {
namespace {

using Key = std::optional<ParameterValue>;

const std::vector<std::string> kStates = {"waiting",  "running", "paused",
                                          "complete", "pruned",  "failed"};
const std::vector<std::string> kFields = {"number",   "state",   "value",
                                          "duration", "started", "resource"};

Error unknown(const std::string& what, const std::string& word,
              const std::vector<std::string>& known) {
  const auto near = config::did_you_mean(word, known);
  return {.message = fmt::format("unknown {} \"{}\"", what, printable(word)),
          .hint = near.empty() ? fmt::format("one of {}", config::join(known)) : near};
}

Key number_key(const std::optional<double>& value) {
  return value && !std::isnan(*value) ? Key(*value) : std::nullopt;
}

Key own_key(const Trial& trial, const std::string& field, TimePoint now) {
  if (field == "number") return ParameterValue(trial.number);
  if (field == "state") return ParameterValue(std::string(to_string(trial.state)));
  if (field == "value") return number_key(trial.value);
  if (field == "duration") return number_key(duration_s(trial, now));
  if (field == "resource") return ParameterValue(trial.resource);
  if (!trial.started_at) return std::nullopt;
  return ParameterValue(static_cast<std::int64_t>(trial.started_at->time_since_epoch().count()));
}

Key key_of(const Trial& trial, const std::string& field, TimePoint now) {
  if (std::find(kFields.begin(), kFields.end(), field) != kFields.end()) {
    return own_key(trial, field, now);
  }
  const auto parameter = trial.configuration.find(field);
  if (parameter != trial.configuration.end()) return parameter->second;
  const auto metric = trial.metrics.find(field);
  return metric == trial.metrics.end() ? std::nullopt : number_key(metric->second);
}

std::vector<std::string> fields_of(const Study& study, const Trials& trials) {
  std::vector<std::string> fields = kFields;
  for (const auto& p : study.spec.space.parameters) fields.push_back(p.name);
  for (const auto& name : metric_names(study, trials)) fields.push_back(name);
  return fields;
}

Goal goal_of(const Study& study) {
  return study.spec.objectives.empty() ? Goal::minimize : study.spec.objectives.front().goal;
}

/// Stable, those without a key last whatever the direction.
Trials ordered(const Trials& trials, const std::string& field, bool is_descending) {
  std::vector<std::pair<Key, std::shared_ptr<const Trial>>> keyed;
  const TimePoint now = current_time();
  for (const auto& trial : trials) keyed.emplace_back(key_of(*trial, field, now), trial);
  std::stable_sort(keyed.begin(), keyed.end(), [&](const auto& a, const auto& b) {
    if (!a.first || !b.first) return a.first.has_value() && !b.first.has_value();
    return is_descending ? *b.first < *a.first : *a.first < *b.first;
  });
  Trials out;
  for (auto& [key, trial] : keyed) out.push_back(std::move(trial));
  return out;
}

}  // namespace

Result<Trials> with_states(Trials trials, const std::vector<std::string>& states) {
  std::vector<TrialState> wanted;
  for (const auto& word : states) {
    const auto state = trial_state_from(word);
    if (!state) return unknown("state", word, kStates);
    wanted.push_back(*state);
  }
  if (wanted.empty()) return trials;
  std::erase_if(trials, [&](const auto& trial) {
    return std::find(wanted.begin(), wanted.end(), trial->state) == wanted.end();
  });
  return trials;
}

Trials best_first(const Study& study, Trials trials, std::int64_t count) {
  std::erase_if(trials, [](const auto& trial) {
    return trial->state != TrialState::complete || !trial->value;
  });
  std::set<std::int64_t> wanted;
  for (const auto& trial : trials) wanted.insert(trial->number);
  Trials out;
  for (auto& trial : hpo::best_first(study)) {
    if (wanted.count(trial->number) > 0) out.push_back(std::move(trial));
  }
  if (static_cast<std::int64_t>(out.size()) > count) out.resize(static_cast<std::size_t>(count));
  return out;
}

Result<Trials> sorted_by(const Study& study, Trials trials, const std::string& field) {
  const bool is_reversed = field.starts_with('-');
  const std::string name = field.substr(is_reversed ? 1 : 0);
  const auto fields = fields_of(study, trials);
  if (std::find(fields.begin(), fields.end(), name) == fields.end()) {
    return unknown("field to sort by", name, fields);
  }
  const bool is_best_first = name == "value" && goal_of(study) == Goal::maximize;
  return ordered(trials, name, is_best_first != is_reversed);
}

}  // namespace hpo::cli
