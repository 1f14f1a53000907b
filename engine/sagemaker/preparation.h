#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "engine/aws/settings.h"
#include "engine/sagemaker/cost.h"
#include "engine/sagemaker/study_lease.h"
#include "engine/tuning_config.h"

namespace hpo::sagemaker {

/// Channel → s3://…, `code` among them.
using Channels = std::map<std::string, std::string>;

/// The AWS settings for a file: its region before that of the variables and profiles.
Result<aws::Settings> settings_for(const SageMakerSpec& spec);

/// What must be done once before the first job: keys are tried, the lease is taken, folders are
/// uploaded, what earlier jobs cost is learnt.
Result<Channels> prepare(const aws::Settings& settings, const TuningConfig& config,
                         const std::filesystem::path& study_folder, StudyLease& lease, Cost& cost);

/// Gives the lease back.
void release(const aws::Settings& settings, StudyLease& lease);

/// The channels as `prepare` would give them; only reads files.
Result<Channels> planned_channels(const TuningConfig& config);

}  // namespace hpo::sagemaker
