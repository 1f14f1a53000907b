#include "engine/cli/trial_json.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/cli/table.h"
#include "engine/cli/text.h"
#include "engine/trial_directory.h"
#include "objectives/csv.h"
#include "objectives/json.h"

namespace hpo::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

std::string time_text(const std::optional<TimePoint>& time) {
  return time ? to_iso8601(*time) : std::string();
}

std::string exact_text(const std::optional<double>& value) {
  return value ? to_text(ParameterValue(*value)) : std::string();
}

std::string failure_text(const Trial& trial) {
  return trial.failure ? to_string(*trial.failure) : std::string();
}

/// Of a study with two objectives.
std::set<std::int64_t> numbers_on_front(const Study& study) {
  std::set<std::int64_t> numbers;
  if (study.spec.objectives.size() < 2) return numbers;
  for (const auto& trial : study.front()) numbers.insert(trial->number);
  return numbers;
}

ordered_json values_json(const StudySpec& spec, const Trial& trial) {
  ordered_json out = ordered_json::object();
  for (std::size_t k = 0; k < spec.objectives.size(); ++k) {
    const auto& name = spec.objectives[k].metric;
    const auto last = trial.metrics.find(name);
    out[name] = k == 0                        ? number_json(trial.value)
                : last == trial.metrics.end() ? ordered_json()
                                              : number_json(last->second);
  }
  return out;
}

ordered_json feasible_json(const StudySpec& spec, const Trial& trial) {
  const auto feasible = is_feasible(spec, trial);
  return feasible ? ordered_json(*feasible) : ordered_json();
}

const std::vector<std::string> kFirstFields = {"number", "state", "value"};
const std::vector<std::string> kLastFields = {"attempt",    "failure",     "reason",
                                              "started_at", "finished_at", "duration_s",
                                              "resource",   "directory",   "model"};

}  // namespace

std::optional<fs::path> trial_folder(const Trial& trial, const fs::path& folder) {
  std::error_code error;
  const fs::path root = fs::absolute(trial_directory(folder, trial.number).root, error);
  if (error || !fs::is_directory(root, error)) return std::nullopt;
  return root.lexically_normal();
}

std::optional<std::string> kept_model(const Trial& trial) {
  if (trial.artifact.empty()) return std::nullopt;
  std::error_code error;
  const bool is_uri = trial.artifact.find("://") != std::string::npos;
  if (!is_uri && !fs::exists(trial.artifact, error)) return std::nullopt;
  return trial.artifact;
}

ordered_json number_json(double value) {
  return std::isfinite(value) ? ordered_json(value) : ordered_json();
}

ordered_json number_json(const std::optional<double>& value) {
  return value ? number_json(*value) : ordered_json();
}

ordered_json text_json(const std::string& text) {
  return text.empty() ? ordered_json() : ordered_json(text);
}

ordered_json trial_json(const StudySpec& spec, const Trial& trial, const fs::path& folder,
                        TimePoint now) {
  ordered_json metrics = ordered_json::object();
  for (const auto& [name, value] : trial.metrics) metrics[name] = number_json(value);
  ordered_json configuration = ordered_json::object();
  for (const auto& [name, value] : trial.configuration) configuration[name] = to_json(value);
  const auto root = trial_folder(trial, folder);
  const auto model = kept_model(trial);
  ordered_json out = {
      {"number", trial.number},
      {"state", to_string(trial.state)},
      {"value", number_json(trial.value)},
      {"configuration", std::move(configuration)},
      {"metrics", std::move(metrics)},
      {"attempt", trial.attempt},
      {"failure", text_json(failure_text(trial))},
      {"reason", text_json(trial.reason)},
      {"started_at", text_json(time_text(trial.started_at))},
      {"finished_at", text_json(time_text(trial.finished_at))},
      {"duration_s", number_json(duration_s(trial, now))},
      {"resource", text_json(trial.resource)},
      {"directory", root ? ordered_json(root->string()) : ordered_json()},
      {"model", model ? ordered_json(*model) : ordered_json()},
      {"budget", trial.budget ? ordered_json(*trial.budget) : ordered_json()},
      {"continues", trial.continues ? ordered_json(*trial.continues) : ordered_json()}};
  if (spec.objectives.size() > 1) out["values"] = values_json(spec, trial);
  if (!spec.constraints.empty()) out["feasible"] = feasible_json(spec, trial);
  return out;
}

ordered_json trials_json(const Study& study, const Trials& trials, const fs::path& folder,
                         TimePoint now) {
  ordered_json list = ordered_json::array();
  const auto front = numbers_on_front(study);
  for (const auto& trial : trials) {
    list.push_back(trial_json(study.spec, *trial, folder, now));
    if (study.spec.objectives.size() > 1) {
      list.back()["front"] = front.count(trial->number) > 0;
    }
  }
  return list;
}

std::vector<std::string> metric_names(const Study& study, const Trials& trials) {
  std::set<std::string> all;
  for (const auto& trial : trials) {
    for (const auto& [name, value] : trial->metrics) all.insert(name);
  }
  std::vector<std::string> names;
  for (const auto& objective : study.spec.objectives) {
    if (all.erase(objective.metric) > 0) names.push_back(objective.metric);
  }
  names.insert(names.end(), all.begin(), all.end());
  return names;
}

std::string trials_csv(const Study& study, const Trials& trials, const fs::path& folder,
                       TimePoint now) {
  const auto metrics = metric_names(study, trials);
  std::vector<std::string> header = kFirstFields;
  for (const auto& p : study.spec.space.parameters) header.push_back("configuration." + p.name);
  for (const auto& name : metrics) header.push_back("metrics." + name);
  header.insert(header.end(), kLastFields.begin(), kLastFields.end());
  const bool has_front = study.spec.objectives.size() > 1;
  const auto front = numbers_on_front(study);
  if (!study.spec.constraints.empty()) header.emplace_back("feasible");
  if (has_front) header.emplace_back("front");
  std::string out = csv_line(header);
  for (const auto& trial : trials) {
    std::vector<std::string> row = {std::to_string(trial->number), to_string(trial->state),
                                    exact_text(trial->value)};
    for (const auto& p : study.spec.space.parameters) {
      const auto at = trial->configuration.find(p.name);
      row.push_back(at == trial->configuration.end() ? "" : to_text(at->second));
    }
    for (const auto& name : metrics) {
      const auto at = trial->metrics.find(name);
      row.push_back(at == trial->metrics.end() ? "" : exact_text(at->second));
    }
    const auto root = trial_folder(*trial, folder);
    for (const auto& field : {std::to_string(trial->attempt), failure_text(*trial), trial->reason,
                              time_text(trial->started_at), time_text(trial->finished_at),
                              exact_text(duration_s(*trial, now)), trial->resource,
                              root ? root->string() : "", kept_model(*trial).value_or("")}) {
      row.push_back(field);
    }
    if (!study.spec.constraints.empty()) {
      const auto feasible = is_feasible(study.spec, *trial);
      row.emplace_back(!feasible ? "" : *feasible ? "true" : "false");
    }
    if (has_front) row.emplace_back(front.count(trial->number) > 0 ? "true" : "false");
    out += csv_line(row);
  }
  return out;
}

}  // namespace hpo::cli
