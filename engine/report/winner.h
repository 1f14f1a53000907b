#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/report/study_source.h"

namespace hpo::report {

/// The best trial: {trial, value, yaml, configuration: [{name, value}], commands: [...]}; null
/// where none is complete. `yaml` is its configuration as lines of a tuning file (`lr: 0.0031`), to
/// be pasted under trial.hyperparameters or strategy.initial; values are there as a trial gets
/// them.
nlohmann::ordered_json winner_json(const StudySource& source);

/// A configuration as lines of YAML, the space's order.
std::string yaml_of(const SearchSpace& space, const Configuration& configuration);

}  // namespace hpo::report
