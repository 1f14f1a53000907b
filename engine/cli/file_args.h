#pragma once

#include "engine/cli/verbs.h"
#include "engine/tuning_config.h"

namespace hpo::cli {

/// The tuning file with its --set and --storage. A malformed --set is one of the errors.
LoadedConfig load_file(const FileArgs& args, ConfigUse use);

/// The words that name the same file and overrides again: ` tuning.yaml --set limits.trials=9`.
std::string file_flags(const FileArgs& args);

}  // namespace hpo::cli
