#include "engine/cli/trial_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/cli/text.h"
#include "engine/cli/trial_json.h"
#include "engine/config/suggestions.h"
#include "engine/duration_text.h"
#include "objectives/json.h"

namespace hpo::cli {
namespace {

const std::vector<std::string> kFields = {"number",   "state",   "value",   "duration", "started",
                                          "resource", "failure", "attempt", "sampler"};
const std::vector<std::string> kTextFields = {"state", "resource", "failure", "sampler"};
/// Titles of a table's columns that are not the field's name.
const std::map<std::string, std::string> kTitles = {
    {"trial", "number"},       {"took", "duration"}, {"duration_s", "duration"},
    {"started_at", "started"}, {"on", "resource"},   {"why", "failure"}};

bool holds(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

FieldValue number_value(const std::optional<double>& value) {
  return value && !std::isnan(*value) ? FieldValue(*value) : std::nullopt;
}

FieldValue text_value(const std::string& text) {
  return text.empty() ? std::nullopt : FieldValue(text);
}

FieldValue own_value(const Trial& trial, const std::string& field, TimePoint now) {
  if (field == "number") return ParameterValue(trial.number);
  if (field == "state") return text_value(to_string(trial.state));
  if (field == "value") return number_value(trial.value);
  if (field == "duration") return number_value(duration_s(trial, now));
  if (field == "resource") return text_value(trial.resource);
  if (field == "failure") return text_value(trial.failure ? to_string(*trial.failure) : "");
  if (field == "attempt") return ParameterValue(std::int64_t{trial.attempt});
  if (field == "sampler") return text_value(trial.sampler);
  if (!trial.started_at) return std::nullopt;
  return number_value(std::chrono::duration<double>(trial.started_at->time_since_epoch()).count());
}

}  // namespace

std::vector<std::string> field_names(const Study& study) {
  std::vector<std::string> fields = kFields;
  const auto add = [&](const std::string& name) {
    if (!holds(fields, name)) fields.push_back(name);
  };
  for (const auto& p : study.spec.space.parameters) add(p.name);
  for (const auto& objective : study.spec.objectives) add(objective.metric);
  for (const auto& name : metric_names(study, study.trials)) add(name);
  for (const auto& name : further_metrics(study.spec)) add(name);
  return fields;
}

Error unknown_word(const std::string& what, const std::string& word,
                   const std::vector<std::string>& known) {
  const auto near = config::did_you_mean(word, known);
  return {.message = fmt::format("unknown {} \"{}\"", what, printable(word)),
          .hint = near.empty() ? printable(fmt::format("one of {}", config::join(known))) : near};
}

Result<std::string> field_named(const Study& study, const std::string& word,
                                const std::string& what) {
  const auto known = field_names(study);
  if (holds(known, word)) return word;
  const auto title = kTitles.find(word);
  if (title != kTitles.end()) return title->second;
  return unknown_word(what, word, known);
}

FieldValue field_value(const Trial& trial, const std::string& field, TimePoint now) {
  if (holds(kFields, field)) return own_value(trial, field, now);
  const auto parameter = trial.configuration.find(field);
  if (parameter != trial.configuration.end()) return parameter->second;
  const auto metric = trial.metrics.find(field);
  return metric == trial.metrics.end() ? std::nullopt : number_value(metric->second);
}

std::string field_text(const Trial& trial, const std::string& field, TimePoint now) {
  if (field == "started") return trial.started_at ? to_iso8601(*trial.started_at) : "";
  const auto value = field_value(trial, field, now);
  if (!value) return "";
  const auto* number = std::get_if<double>(&*value);
  if (field == "duration" && number != nullptr) return duration_text(*number);
  const bool is_parameter = trial.configuration.count(field) > 0;
  return number != nullptr && !is_parameter ? number_text(*number) : value_text(*value);
}

std::string field_exact_text(const Trial& trial, const std::string& field, TimePoint now) {
  if (field == "started") return trial.started_at ? to_iso8601(*trial.started_at) : "";
  const auto value = field_value(trial, field, now);
  return value ? to_text(*value) : "";
}

nlohmann::ordered_json field_json(const Trial& trial, const std::string& field, TimePoint now) {
  if (field == "started") return text_json(field_exact_text(trial, field, now));
  const auto value = field_value(trial, field, now);
  if (!value) return {};
  const auto* number = std::get_if<double>(&*value);
  return number != nullptr ? number_json(*number) : nlohmann::ordered_json(to_json(*value));
}

bool is_number_field(const Study& study, const std::string& field) {
  if (holds(kFields, field)) return !holds(kTextFields, field);
  const auto* parameter = study.spec.space.find(field);
  return parameter == nullptr || std::holds_alternative<FloatParameter>(parameter->domain) ||
         std::holds_alternative<IntParameter>(parameter->domain);
}

const std::vector<std::string>& state_words() {
  static const std::vector<std::string> words = {"waiting",  "running", "paused",
                                                 "complete", "pruned",  "failed"};
  return words;
}

}  // namespace hpo::cli
