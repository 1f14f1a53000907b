// The effective configuration as JSON, and what changed between two of them.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/tuning_config.h"
#include "objectives/json.h"

namespace hpo {
namespace {

using nlohmann::json;

template <class T>
json or_null(const std::optional<T>& value) {
  return value ? json(*value) : json();
}

const char* to_string(KeepCheckpoints keep) {
  switch (keep) {
    case KeepCheckpoints::none:
      return "none";
    case KeepCheckpoints::unfinished:
      return "unfinished";
    case KeepCheckpoints::all:
      return "all";
  }
  return "unfinished";
}

/// `folder` is the file's: channels below it are named from there, so that a project that was moved
/// still is the same study.
json trial_json(const TrialSpec& trial, const std::filesystem::path& folder) {
  json out = {{"channels", json::object()}, {"hyperparameters", to_json(trial.hyperparameters)},
              {"metrics", json::object()},  {"timeout", or_null(trial.timeout_s)},
              {"retries", trial.retries},   {"retry_on", json::array()},
              {"grace", trial.grace_s},     {"environment", trial.environment}};
  if (!trial.source.empty()) out["source"] = trial.source.lexically_proximate(folder).string();
  if (!trial.trainer.empty()) out["trainer"] = trial.trainer;
  if (!trial.command.empty()) out["command"] = trial.command;
  if (!trial.objective.empty()) out["objective"] = trial.objective;
  for (const auto& [name, path] : trial.channels) {
    const auto below = path.lexically_proximate(folder);
    out["channels"][name] = (below.string().starts_with("..") ? path : below).string();
  }
  for (const auto& [metric, regex] : trial.metrics) out["metrics"][metric] = regex;
  for (const auto failure : trial.retry_on) out["retry_on"].push_back(to_string(failure));
  return out;
}

json sagemaker_json(const SageMakerSpec& spec) {
  return {{"role", spec.role},
          {"image", spec.image},
          {"instance_types", spec.instance_types},
          {"instance_count", spec.instance_count},
          {"volume", spec.volume_gb},
          {"bucket", spec.bucket},
          {"prefix", spec.prefix},
          {"region", spec.region},
          {"spot", spec.spot},
          {"checkpoints", spec.checkpoints},
          {"input_mode", spec.input_mode},
          {"max_runtime", spec.max_runtime_s},
          {"max_wait", spec.max_wait_s},
          {"keep_alive", spec.keep_alive_s},
          {"subnets", spec.subnets},
          {"security_groups", spec.security_groups},
          {"kms_key", spec.kms_key},
          {"volume_kms_key", spec.volume_kms_key},
          {"encrypt_traffic", spec.encrypt_traffic},
          {"network_isolation", spec.network_isolation},
          {"tags", spec.tags},
          {"price_per_hour", spec.prices},
          {"max_cost", or_null(spec.max_cost)}};
}

json strategy_json(const TuningConfig& config) {
  json out = json::object();
  if (auto options = parse_json(config.strategy.options); options && options->is_object()) {
    out = std::move(*options);
  }
  out["name"] = config.strategy.name;
  out["seed"] = config.study.seed;
  out["early_stopping"] =
      config.strategy.early_stopping.empty() ? "none" : config.strategy.early_stopping;
  for (const auto& point : config.strategy.initial) out["initial"].push_back(to_json(point));
  for (const auto& source : config.strategy.warm_start) {
    json entry = {{"study", source.study}};
    if (!source.storage.empty()) entry["storage"] = source.storage;
    if (!source.relation.empty()) entry["relation"] = source.relation;
    out["warm_start"].push_back(std::move(entry));
  }
  if (config.strategy.early_stopping == "asha") {
    out["asha"] = {{"min", config.strategy.asha.min}, {"eta", config.strategy.asha.eta}};
  }
  return out;
}

/// The strategy's keys that are no options of the sampler.
constexpr std::array kOwnKeys = {"name", "seed", "early_stopping", "initial", "asha", "warm_start"};

json parameters_json(const SearchSpace& space) {
  json out = json::object();
  for (auto& item : to_json(space)) {
    const auto name = item.at("name").get<std::string>();
    item.erase("name");
    out[name] = std::move(item);
  }
  return out;
}

/// Dotted key → value, for every value that is no object; null counts as absent.
void flatten(const json& value, const std::string& path, std::map<std::string, json>& flat) {
  if (value.is_null()) return;
  if (!value.is_object()) {
    flat[path] = value;
    return;
  }
  for (const auto& [key, item] : value.items()) {
    flatten(item, path.empty() ? key : fmt::format("{}.{}", path, key), flat);
  }
}

std::string text_of(const std::map<std::string, json>& flat, const std::string& key) {
  const auto at = flat.find(key);
  if (at == flat.end()) return "none";
  return at->second.is_string() ? at->second.get<std::string>() : at->second.dump();
}

}  // namespace

std::string to_json_text(const TuningConfig& config) {
  const Limits& limits = config.limits;
  const ResourceSpec& resources = config.resources;
  const auto& objectives = config.study.objectives;
  json objective;
  if (objectives.size() == 1) objective = to_json(objectives[0]);
  json out = {
      {"study", config.study.name},
      {"objective", objective},
      {"parameters", parameters_json(config.study.space)},
      {"strategy", strategy_json(config)},
      {"limits",
       {{"trials", or_null(limits.trials)},
        {"parallel", limits.parallel},
        {"runtime", or_null(limits.runtime_s)},
        {"target", or_null(limits.target)},
        {"no_improvement", or_null(limits.no_improvement)},
        {"regret", or_null(limits.regret)},
        {"convergence", limits.convergence ? json(true) : json()}}},
      {"trial", trial_json(config.trial, config.folder)},
      {"resources",
       {{"gpus", resources.gpus ? json(*resources.gpus) : json("auto")},
        {"gpus_per_trial", resources.gpus_per_trial},
        {"cpus_per_trial", resources.cpus_per_trial}}},
      {"keep",
       {{"models", config.keep.models}, {"checkpoints", to_string(config.keep.checkpoints)}}},
      {"cache", {{"max", config.cache.max_bytes}}},
      {"storage", config.storage.string()},
      {"export", {{"to", config.export_to ? json(config.export_to->string()) : json()}}},
  };
  if (config.sagemaker) out["sagemaker"] = sagemaker_json(*config.sagemaker);
  if (objectives.size() > 1) {
    for (const auto& each : objectives) out["objectives"].push_back(to_json(each));
  }
  for (const auto& each : config.study.constraints) out["constraints"].push_back(to_json(each));
  // File names need not be UTF-8; a byte that is not is replaced rather than thrown about.
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<StrategySpec> strategy_of(const std::string& config_json) {
  const auto parsed = parse_json(config_json);
  if (!parsed) return parsed.error();
  try {
    json strategy = parsed->at("strategy");
    StrategySpec spec{.name = strategy.at("name").get<std::string>()};
    const auto stopping = strategy.value("early_stopping", "none");
    if (stopping != "none") spec.early_stopping = stopping;
    for (const auto& point : strategy.value("initial", json::array())) {
      auto configuration = configuration_from(point);
      if (!configuration) return configuration.error();
      spec.initial.push_back(std::move(*configuration));
    }
    for (const auto* key : kOwnKeys) strategy.erase(key);
    spec.options = strategy.dump();
    return spec;
  } catch (const json::exception& error) {
    return Error{
        .code = ErrorCode::corrupt,
        .message = fmt::format("the stored configuration has no strategy: {}", error.what())};
  }
}

std::vector<std::string> describe_changes(const std::string& previous_json,
                                          const std::string& current_json) {
  const auto previous = parse_json(previous_json);
  const auto current = parse_json(current_json);
  if (!previous || !current) return {};
  std::map<std::string, json> before;
  std::map<std::string, json> after;
  flatten(*previous, "", before);
  flatten(*current, "", after);
  std::map<std::string, json> all = before;
  all.insert(after.begin(), after.end());
  std::vector<std::string> changes;
  for (const auto& [key, value] : all) {
    const std::string was = text_of(before, key);
    const std::string is = text_of(after, key);
    if (was != is) changes.push_back(fmt::format("{}: {} -> {}", key, was, is));
  }
  return changes;
}

std::vector<std::string> changes_of_what_is_tuned(const std::vector<std::string>& changes) {
  constexpr std::string_view kTuned[] = {"trial.trainer:",         "trial.command:",
                                         "trial.objective:",       "trial.channels.",
                                         "trial.hyperparameters.", "trial.metrics."};
  std::vector<std::string> tuned;
  for (const auto& change : changes) {
    const bool matters = std::any_of(std::begin(kTuned), std::end(kTuned),
                                     [&](auto key) { return change.starts_with(key); });
    if (matters) tuned.push_back(change);
  }
  return tuned;
}

}  // namespace hpo
