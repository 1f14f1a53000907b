#pragma once

#include <string>

namespace hpo {

/// The version of the SQLite library that runs: "3.40.1".
std::string sqlite_version();

}  // namespace hpo
