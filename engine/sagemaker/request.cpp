#include "engine/sagemaker/request.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>

#include "engine/execution/sagemaker_layout.h"
#include "engine/sagemaker/names.h"
#include "engine/trial_arguments.h"

namespace hpo::sagemaker {
namespace {

using nlohmann::json;

/// The service's bounds of an environment.
constexpr std::size_t kMostVariables = 100;
constexpr std::size_t kLongestVariable = 512;
constexpr std::size_t kLongestExpression = 500;  ///< of a metric
/// Environment's values that only the machine itself knows.
constexpr std::array kMachineVariables = {"num_cpus",
                                          "num_gpus",
                                          "num_neurons",
                                          "current_instance_type",
                                          "instance_groups",
                                          "training_env",
                                          "resource_config",
                                          "network_interface_name",
                                          "current_instance_group",
                                          "current_instance_group_hosts",
                                          "distribution_instance_groups",
                                          "is_hetero",
                                          "module_dir"};
constexpr const char* kCode = "code";
/// Enters the code's folder and becomes the command. The variable lets the same words run elsewhere
/// than in a container.
constexpr const char* kEnterCode =
    R"(cd "${SAGEMAKER_BASE_DIR:-/opt/ml}/input/data/code" && exec "$@")";

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

/// The names that the service takes.
bool is_variable(const std::string& name) {
  const bool begins =
      !name.empty() && (std::isalpha(static_cast<unsigned char>(name[0])) != 0 || name[0] == '_');
  return begins && std::all_of(name.begin(), name.end(), [](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
         });
}

void add_toolkit(const JobFacts& facts, json& variables) {
  const std::filesystem::path no_folder;
  const Resources nothing;
  const execution::AttemptContext context{.config = facts.config,
                                          .study = facts.study,
                                          .study_folder = no_folder,
                                          .trial = facts.trial,
                                          .resources = nothing};
  json toolkit = execution::toolkit_variables(context, {.root = "/opt/ml"});
  for (const char* name : kMachineVariables) toolkit.erase(name);
  if (facts.config.sagemaker->instance_count > 1) {
    toolkit.erase("hosts");
    toolkit.erase("current_host");
  }
  if (facts.channels.contains(kCode)) toolkit["module_dir"] = "/opt/ml/input/data/code";
  for (const auto& [name, value] : toolkit.items()) {
    const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    const std::string variable = "SM_" + upper(name);
    if (is_variable(variable) && text.size() <= kLongestVariable) variables[variable] = text;
  }
}

/// What local trials find in their environment, as far as it holds there too. The file's own
/// variables win; the toolkit's last ones go where there are too many.
json environment_of(const JobFacts& facts) {
  json own = {{"HPO_STUDY", facts.study.name},
              {"HPO_TRIAL", std::to_string(facts.trial.number)},
              {"HPO_ATTEMPT", std::to_string(facts.trial.attempt)},
              {"HPO_SEED", std::to_string(facts.trial.seed)},
              {"PYTHONUNBUFFERED", "1"}};
  if (!facts.study.objectives.empty()) {
    const ObjectiveSpec& objective = facts.study.objectives[0];
    own["HPO_OBJECTIVE_METRIC"] = objective.metric;
    own["HPO_OBJECTIVE_GOAL"] = to_string(objective.goal);
    own["HPO_OBJECTIVE_VALUE"] = to_string(objective.value);
  }
  for (const auto& [name, value] : facts.config.trial.environment) own[name] = value;
  json toolkit = json::object();
  add_toolkit(facts, toolkit);
  for (const auto& [name, value] : toolkit.items()) {
    if (own.size() < kMostVariables && !own.contains(name)) own[name] = value;
  }
  return own;
}

/// An objective that has no expression of its own comes as a JSON line; the service finds it so.
void add_reported_objective(const JobFacts& facts, json& algorithm) {
  if (facts.study.objectives.empty()) return;
  const std::string& metric = facts.study.objectives[0].metric;
  for (const auto& pattern : facts.config.trial.metrics) {
    if (pattern.metric == metric) return;
  }
  std::string escaped;
  for (const char c : metric) {
    const bool is_word = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == ':';
    escaped += is_word ? std::string(1, c) : std::string("\\") + c;
  }
  const std::string regex = R"("metric": ?")" + escaped + R"(".*"value": ?([-+.0-9eE]+))";
  if (regex.size() > kLongestExpression) return;
  algorithm["MetricDefinitions"].push_back({{"Name", metric}, {"Regex", regex}});
}

json algorithm_of(const JobFacts& facts) {
  const TrialSpec& trial = facts.config.trial;
  json algorithm = {{"TrainingImage", facts.config.sagemaker->image},
                    {"TrainingInputMode", facts.config.sagemaker->input_mode}};
  for (const auto& [metric, regex] : trial.metrics) {
    algorithm["MetricDefinitions"].push_back({{"Name", metric}, {"Regex", regex}});
  }
  add_reported_objective(facts, algorithm);
  if (trial.command.empty()) return algorithm;
  json entrypoint = json::array();
  if (facts.channels.contains(kCode)) entrypoint = {"/bin/sh", "-c", kEnterCode, "hpo"};
  for (const auto& word : trial.command) entrypoint.push_back(word);
  algorithm["ContainerEntrypoint"] = entrypoint;
  const auto words = trial_arguments(trial, facts.trial.configuration);
  for (std::size_t i = trial.command.size(); i < words.size(); ++i) {
    algorithm["ContainerArguments"].push_back(words[i]);
  }
  return algorithm;
}

json channels_of(const JobFacts& facts) {
  json channels = json::array();
  for (const auto& [name, uri] : facts.channels) {
    json channel = {{"ChannelName", name},
                    {"DataSource",
                     {{"S3DataSource",
                       {{"S3DataType", "S3Prefix"},
                        {"S3Uri", uri},
                        {"S3DataDistributionType", "FullyReplicated"}}}}}};
    // A program that starts in it needs files.
    if (name == kCode) channel["InputMode"] = "File";
    channels.push_back(std::move(channel));
  }
  return channels;
}

json resources_of(const JobFacts& facts) {
  const SageMakerSpec& spec = *facts.config.sagemaker;
  json resources = {{"InstanceType", facts.instance_type},
                    {"InstanceCount", spec.instance_count},
                    {"VolumeSizeInGB", spec.volume_gb}};
  if (!spec.volume_kms_key.empty()) resources["VolumeKmsKeyId"] = spec.volume_kms_key;
  if (spec.keep_alive_s > 0) {
    resources["KeepAlivePeriodInSeconds"] = static_cast<std::int64_t>(spec.keep_alive_s);
  }
  return resources;
}

json tags_of(const JobFacts& facts) {
  json tags = json::array();
  const auto add = [&](const std::string& key, const std::string& value) {
    tags.push_back({{"Key", key}, {"Value", value}});
  };
  add(kStudyIdTag, facts.study.id);
  add("hpo:study", facts.study.name);
  add("hpo:trial", std::to_string(facts.trial.number));
  add("hpo:attempt", std::to_string(facts.trial.attempt));
  for (const auto& [key, value] : facts.config.sagemaker->tags) add(key, value);
  return tags;
}

void add_options(const SageMakerSpec& spec, const JobFacts& facts, json& request) {
  if (spec.spot) {
    request["EnableManagedSpotTraining"] = true;
    request["StoppingCondition"]["MaxWaitTimeInSeconds"] =
        static_cast<std::int64_t>(spec.max_wait_s);
  }
  if (spec.checkpoints) request["CheckpointConfig"] = {{"S3Uri", facts.checkpoints}};
  if (!spec.kms_key.empty()) request["OutputDataConfig"]["KmsKeyId"] = spec.kms_key;
  if (!spec.subnets.empty()) {
    request["VpcConfig"] = {{"Subnets", spec.subnets}, {"SecurityGroupIds", spec.security_groups}};
  }
  if (spec.network_isolation) request["EnableNetworkIsolation"] = true;
  if (spec.encrypt_traffic) request["EnableInterContainerTrafficEncryption"] = true;
}

}  // namespace

std::map<std::string, std::string> hyperparameters_of(const TuningConfig& config,
                                                      const Trial& trial) {
  std::map<std::string, std::string> all;
  for (const auto& [name, value] : trial_hyperparameters(config.trial, trial.configuration)) {
    all[name] = to_text(value);
  }
  return all;
}

json create_training_job(const JobFacts& facts) {
  const SageMakerSpec& spec = *facts.config.sagemaker;
  const double runtime_s = facts.config.trial.timeout_s.value_or(spec.max_runtime_s);
  json request = {
      {"TrainingJobName", job_name(facts.study, facts.trial.number, facts.trial.attempt)},
      {"RoleArn", spec.role},
      {"AlgorithmSpecification", algorithm_of(facts)},
      {"OutputDataConfig", {{"S3OutputPath", output_uri(spec, facts.study).text()}}},
      {"ResourceConfig", resources_of(facts)},
      {"StoppingCondition",
       {{"MaxRuntimeInSeconds", std::max<std::int64_t>(1, static_cast<std::int64_t>(runtime_s))}}},
      {"Environment", environment_of(facts)},
      {"Tags", tags_of(facts)}};
  const auto hyperparameters = hyperparameters_of(facts.config, facts.trial);
  if (!hyperparameters.empty()) request["HyperParameters"] = hyperparameters;
  json channels = channels_of(facts);
  if (!channels.empty()) request["InputDataConfig"] = std::move(channels);
  add_options(spec, facts, request);
  return request;
}

}  // namespace hpo::sagemaker
