#pragma once

#include <filesystem>
#include <string>

#include "objectives/error.h"

namespace hpo::cli {

/// Fetches a training job's model.tar.gz and unpacks it into a new folder. Errors: environment
/// (keys, network, permissions), not_found, corrupt.
Result<void> fetch_model(const std::string& uri, const std::filesystem::path& folder);

}  // namespace hpo::cli
