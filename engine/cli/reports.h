#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "objectives/trial.h"

namespace hpo::cli {

/// What a trial reported, one row for each step of each attempt: programs report metric by metric.
std::vector<Measurement> by_step(const std::vector<Measurement>& measurements);

/// The newest reports of the trial's last attempt as a table; empty where there are not two.
std::string reports_text(const std::vector<Measurement>& reports, const Trial& trial);

/// All of them.
nlohmann::ordered_json reports_json(const std::vector<Measurement>& reports);

}  // namespace hpo::cli
