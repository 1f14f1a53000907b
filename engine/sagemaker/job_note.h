#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/trial_directory.h"
#include "objectives/error.h"

namespace hpo::sagemaker {

/// What is kept of an attempt's job in its trial's folder: written before the job is created, so
/// that an engine that is killed in between finds it again.
struct JobNote {
  std::string job = {};
  std::string owner = {};          ///< execution::attempt_owner: study and configuration
  std::string instance_type = {};  ///< empty: not created yet
  std::string checkpoints = {};    ///< s3://…
  double instances = 1;
  std::optional<double> billable_s = {};  ///< of one instance, once it is over
  bool operator==(const JobNote&) const = default;
};

std::filesystem::path note_file(const TrialDirectory& directory, int attempt);

/// Nothing where there is none that can be read.
std::optional<JobNote> read_note(const TrialDirectory& directory, int attempt);

/// Errors: environment.
Result<void> write_note(const TrialDirectory& directory, int attempt, const JobNote& note);

/// The notes of all attempts of a study's trials.
std::vector<JobNote> all_notes(const std::filesystem::path& study_folder);

}  // namespace hpo::sagemaker
