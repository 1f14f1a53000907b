#pragma once

#include <map>
#include <string>

#include "engine/executor.h"
#include "engine/executors.h"
#include "engine/trial_directory.h"
#include "objectives/error.h"
#include "objectives/trial.h"

namespace hpo::execution {

/// One attempt, as those see it who prepare it.
struct AttemptContext {
  const TuningConfig& config;
  const StudySpec& study;
  const std::filesystem::path& study_folder;
  const Trial& trial;
  const Resources& resources;
};

/// Whose an attempt is (supervision::Job::owner): the study's and of what it tries. The same number
/// stands for other work once a database was removed or set back while its folders stayed.
std::string attempt_owner(const StudySpec& study, const Trial& trial);

/// Writes what the trial's process reads: configuration files and channels as SageMaker has them,
/// and the folders it writes to. Only adds and replaces, each file whole, so it may be done again,
/// also while another supervisor has just started the attempt. Error: environment.
Result<void> write_trial_inputs(const AttemptContext& context, const TrialDirectory& directory);

/// The variables of the trial contract: SageMaker's, hpo's, the lease's, and those of the file,
/// which win. All paths lie in the trial's folder.
std::map<std::string, std::string> trial_environment(const AttemptContext& context,
                                                     const TrialDirectory& directory);

/// The words of the attempt's command line; the program of a trainer with its full path. Error:
/// environment.
Result<std::vector<std::string>> trial_command(const AttemptContext& context);

}  // namespace hpo::execution
