#include "engine/execution/sagemaker_layout.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/trial_arguments.h"
#include "objectives/json.h"

namespace hpo::execution {
namespace {

using nlohmann::json;

constexpr const char* kHost = "algo-1";
constexpr const char* kGroup = "homogeneousCluster";
constexpr const char* kInstance = "local";

/// A hyperparameter as the toolkit hands it on: what its text is as JSON, else the text.
json decoded(const ParameterValue& value) {
  const std::string text = to_text(value);
  auto parsed = parse_json(text);
  return parsed ? *std::move(parsed) : json(text);
}

json decoded_hyperparameters(const AttemptContext& context) {
  json all = json::object();
  for (const auto& [name, value] :
       trial_hyperparameters(context.config.trial, context.trial.configuration)) {
    all[name] = decoded(value);
  }
  return all;
}

json user_arguments(const AttemptContext& context) {
  json words = json::array();
  for (const auto& [name, value] :
       trial_hyperparameters(context.config.trial, context.trial.configuration)) {
    words.push_back("--" + name);
    words.push_back(to_text(value));
  }
  return words;
}

json instance_groups() {
  return json::array({{{"instance_group_name", kGroup},
                       {"instance_type", kInstance},
                       {"hosts", json::array({kHost})}}});
}

/// The script that the toolkit would have been given: the command's first word that is one.
std::filesystem::path entry_point(const AttemptContext& context) {
  const auto& words = context.config.trial.command;
  const auto script = std::find_if(words.begin(), words.end(), [](const std::string& word) {
    return std::filesystem::path(word).extension() == ".py";
  });
  if (script != words.end()) return *script;
  return words.empty() ? context.config.trial.trainer : words[0];
}

void add_folders(json& variables, const TrialDirectory& directory) {
  const auto& root = directory.root;
  variables["model_dir"] = directory.model().string();
  variables["input_dir"] = (root / "input").string();
  variables["input_config_dir"] = (root / "input/config").string();
  variables["output_dir"] = (root / "output").string();
  variables["output_data_dir"] = directory.output_data().string();
  variables["output_intermediate_dir"] = (root / "output/intermediate").string();
}

void add_cluster(json& variables) {
  variables["hosts"] = json::array({kHost});
  variables["current_host"] = kHost;
  variables["network_interface_name"] = "lo";
  variables["current_instance_type"] = kInstance;
  variables["current_instance_group"] = kGroup;
  variables["current_instance_group_hosts"] = json::array({kHost});
  variables["instance_groups"] = json::array({kGroup});
  variables["distribution_instance_groups"] = json::array();
  variables["is_hetero"] = false;
  variables["resource_config"] = resource_config_json();
}

}  // namespace

json hyperparameters_json(const AttemptContext& context) {
  json all = json::object();
  for (const auto& [name, value] :
       trial_hyperparameters(context.config.trial, context.trial.configuration)) {
    all[name] = to_text(value);
  }
  return all;
}

json input_data_config_json(const AttemptContext& context) {
  json channels = json::object();
  for (const auto& [name, path] : context.config.trial.channels) {
    channels[name] = {{"TrainingInputMode", "File"},
                      {"S3DistributionType", "FullyReplicated"},
                      {"RecordWrapperType", "None"}};
  }
  return channels;
}

json resource_config_json() {
  return {{"current_host", kHost},          {"hosts", json::array({kHost})},
          {"current_group_name", kGroup},   {"current_instance_type", kInstance},
          {"network_interface_name", "lo"}, {"instance_groups", instance_groups()}};
}

json toolkit_variables(const AttemptContext& context, const TrialDirectory& directory) {
  json variables = json::object();
  add_folders(variables, directory);
  add_cluster(variables);
  const std::filesystem::path script = entry_point(context);
  variables["user_entry_point"] = script.string();
  variables["module_name"] = script.stem().string();
  variables["module_dir"] = command_folder(context.config).string();
  variables["framework_module"] = "";
  variables["framework_params"] = json::object();
  variables["log_level"] = 20;
  variables["hps"] = decoded_hyperparameters(context);
  variables["user_args"] = user_arguments(context);
  variables["input_data_config"] = input_data_config_json(context);
  const auto& cpus = context.resources.cpus;
  variables["num_cpus"] = cpus.empty() ? context.resources.threads : static_cast<int>(cpus.size());
  variables["num_gpus"] = context.resources.gpus.size();
  variables["num_neurons"] = 0;
  json names = json::array();
  json folders = json::object();
  for (const auto& [name, path] : context.config.trial.channels) {
    folders[name] = directory.channel(name).string();
  }
  for (const auto& [name, folder] : folders.items()) names.push_back(name);
  variables["channels"] = names;
  json environment = variables;
  environment["channel_input_dirs"] = folders;
  environment["hyperparameters"] = variables["hps"];
  variables["training_env"] = environment;
  for (const auto& [name, folder] : folders.items()) variables["channel_" + name] = folder;
  for (const auto& [name, value] : variables["hps"].items()) variables["hp_" + name] = value;
  return variables;
}

}  // namespace hpo::execution
