#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "objectives/error.h"

namespace hpo {

/// Success iff the name may be a study's, which is also a folder's:
/// [A-Za-z0-9][A-Za-z0-9._-]{0,62}.
Result<void> check_study_name(std::string_view name);

/// `<name>-<number>`, cut so that it may be a study's name.
std::string numbered_name(std::string_view name, int number);

/// The one absolute path of a database, whatever links or relative parts it was named by.
std::filesystem::path canonical_database(const std::filesystem::path& database);

}  // namespace hpo
