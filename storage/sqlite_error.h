#pragma once

#include <string>

#include "objectives/error.h"

namespace hpo {

/// What an (extended) SQLite result code means to a user. `system_errno` is of the failed call, 0
/// if there was none; `detail` is SQLite's own message.
Error sqlite_error(int code, int system_errno, const std::string& file, const std::string& detail);

/// The error corrupt of a database whose pages do not fit together.
Error damaged_database(const std::string& file, const std::string& detail);

}  // namespace hpo
