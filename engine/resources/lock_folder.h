#pragma once

#include <filesystem>

#include "objectives/error.h"

namespace hpo::resources {

/// The folder of this machine's lock files, made for all users (mode 1777) where it is missing:
/// $HPO_LOCK_DIR, else /run/lock/hpo, or /tmp/hpo-locks on a machine without /run/lock. Error:
/// environment.
Result<std::filesystem::path> lock_folder();

}  // namespace hpo::resources
