#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/cli/study_access.h"
#include "engine/cli/trial_selection.h"
#include "objectives/study.h"

namespace hpo::cli {

/// A trial as other programs rely on it (README, JSON). `folder` is the study's; times that run on
/// are counted to `now`.
/// With two objectives it has `values`, with constraints `feasible`.
nlohmann::ordered_json trial_json(const StudySpec& spec, const Trial& trial,
                                  const std::filesystem::path& folder, TimePoint now);
/// An array of them, with two objectives each with `front`: whether it is on the front.
nlohmann::ordered_json trials_json(const Study& study, const Trials& trials,
                                   const std::filesystem::path& folder, TimePoint now);

/// The same fields as CSV, a line for the names first; a column for each parameter and metric
/// (`configuration.lr`, `metrics.loss`). An absent value is an empty field.
std::string trials_csv(const Study& study, const Trials& trials,
                       const std::filesystem::path& folder, TimePoint now);

/// The folder of a trial, where it is there.
std::optional<std::filesystem::path> trial_folder(const Trial& trial,
                                                  const std::filesystem::path& folder);

/// Where the trial's model is; nothing where it was not kept.
std::optional<std::string> kept_model(const Trial& trial);

/// Names of every metric that a trial reported, the objective first.
std::vector<std::string> metric_names(const Study& study, const Trials& trials);

/// A number as JSON has it: null for NaN and infinities.
nlohmann::ordered_json number_json(double value);
nlohmann::ordered_json number_json(const std::optional<double>& value);
nlohmann::ordered_json text_json(const std::string& text);  ///< null where empty

}  // namespace hpo::cli
