#pragma once

#include <filesystem>
#include <string>

#include "engine/tuning_config.h"

namespace hpo {

/// A tuning file in `folder` that minimises `loss`, printed as `loss: 0.5`.
TuningConfig room_config(const std::filesystem::path& folder);

/// The trial runs `sh -c script`, in the folder and with ROOM=folder in its environment.
void use_script(TuningConfig& config, const std::string& script);

/// Where the trials' folders of a room lie.
std::filesystem::path room_runs(const std::filesystem::path& folder);

}  // namespace hpo
