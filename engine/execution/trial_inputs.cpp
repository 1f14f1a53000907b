#include "engine/execution/trial_inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>

#include "engine/execution/files.h"
#include "engine/execution/sagemaker_layout.h"
#include "engine/trial_arguments.h"
#include "objectives/json.h"
#include "objectives/sha256.h"

namespace hpo::execution {
namespace {

namespace fs = std::filesystem;
using Variables = std::map<std::string, std::string>;

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

void add_toolkit(Variables& variables, const AttemptContext& context,
                 const TrialDirectory& directory) {
  const nlohmann::json toolkit = toolkit_variables(context, directory);
  for (const auto& [name, value] : toolkit.items()) {
    variables["SM_" + upper(name)] = value.is_string() ? value.get<std::string>() : value.dump();
  }
}

void add_own(Variables& variables, const AttemptContext& context, const TrialDirectory& directory) {
  const Trial& trial = context.trial;
  variables["SAGEMAKER_BASE_DIR"] = directory.root.string();
  variables["TRAINING_JOB_NAME"] =
      fmt::format("{}-{}-{}", context.study.name, trial.number, trial.attempt);
  variables["HPO_STUDY"] = context.study.name;
  variables["HPO_TRIAL"] = std::to_string(trial.number);
  variables["HPO_ATTEMPT"] = std::to_string(trial.attempt);
  variables["HPO_SEED"] = std::to_string(trial.seed);
  variables["HPO_CACHE_DIR"] = (context.study_folder / "cache").string();
  variables["HPO_CACHE_MAX"] = std::to_string(context.config.cache.max_bytes);
  if (context.study.objectives.empty()) return;
  const ObjectiveSpec& objective = context.study.objectives[0];
  variables["HPO_OBJECTIVE_METRIC"] = objective.metric;
  variables["HPO_OBJECTIVE_GOAL"] = to_string(objective.goal);
  variables["HPO_OBJECTIVE_VALUE"] = to_string(objective.value);
}

void add_lease(Variables& variables, const Resources& resources) {
  const std::string threads = std::to_string(std::max(1, resources.threads));
  variables["PYTHONUNBUFFERED"] = "1";  // reports must not wait in a buffer
  variables["OMP_NUM_THREADS"] = threads;
  variables["MKL_NUM_THREADS"] = threads;
  variables["OMP_WAIT_POLICY"] = "passive";
  variables["CUDA_VISIBLE_DEVICES"] = fmt::format("{}", fmt::join(resources.gpus, ","));
}

Result<void> write_configuration(const AttemptContext& context, const TrialDirectory& directory) {
  const std::array<std::pair<fs::path, nlohmann::json>, 3> files = {
      {{directory.hyperparameters(), hyperparameters_json(context)},
       {directory.input_data_config(), input_data_config_json(context)},
       {directory.resource_config(), resource_config_json()}}};
  for (const auto& [file, json] : files) {
    if (auto written = write_file(file, json.dump(2) + "\n"); !written) return written;
  }
  return {};
}

}  // namespace

Result<void> write_trial_inputs(const AttemptContext& context, const TrialDirectory& directory) {
  const std::array<fs::path, 7> folders = {directory.root / "input/config",
                                           directory.root / "input/data",
                                           directory.model(),
                                           directory.checkpoints(),
                                           directory.output_data(),
                                           directory.root / "output/intermediate",
                                           context.study_folder / "cache"};
  for (const auto& folder : folders) {
    if (auto made = make_folder(folder); !made) return made;
  }
  if (auto written = write_configuration(context, directory); !written) return written;
  for (const auto& [name, target] : context.config.trial.channels) {
    if (auto made = make_link(directory.channel(name), target); !made) return made;
  }
  return {};
}

Variables trial_environment(const AttemptContext& context, const TrialDirectory& directory) {
  Variables variables;
  add_toolkit(variables, context, directory);
  add_own(variables, context, directory);
  add_lease(variables, context.resources);
  for (const auto& [name, value] : context.config.trial.environment) variables[name] = value;
  return variables;
}

std::string attempt_owner(const StudySpec& study, const Trial& trial) {
  return hex(sha256(study.id + "\n" + to_json(trial.configuration).dump()));
}

Result<std::vector<std::string>> trial_command(const AttemptContext& context) {
  auto words = trial_arguments(context.config.trial, context.trial.configuration);
  check(!words.empty(), "a trial of this executor has a command or a trainer");
  if (context.config.trial.trainer.empty()) return words;
  const auto program = helper_program(words[0].c_str(), "HPO_MODEL_PROGRAM");
  if (!program) return program.error();
  words[0] = program->string();
  return words;
}

}  // namespace hpo::execution
