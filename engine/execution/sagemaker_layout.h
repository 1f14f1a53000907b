#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/execution/trial_inputs.h"

namespace hpo::execution {

/// hyperparameters.json: every value is a string.
nlohmann::json hyperparameters_json(const AttemptContext& context);
/// inputdataconfig.json: the channels.
nlohmann::json input_data_config_json(const AttemptContext& context);
/// resourceconfig.json: one host.
nlohmann::json resource_config_json();

/// The SM_* variables of SageMaker's training toolkit, by their names without `SM_` in lower case.
/// Strings are passed as they are, everything else as JSON.
nlohmann::json toolkit_variables(const AttemptContext& context, const TrialDirectory& directory);

}  // namespace hpo::execution
