#pragma once

#include <span>

#include "objectives/error.h"
#include "storage/sqlite.h"

namespace hpo {

/// The user_version of a database of ours; 0 for a file without any table. Errors: corrupt, if it
/// is another program's; newer_version, if it is above `known`.
Result<int> schema_version(Sqlite& sqlite, int known);

/// Takes the steps (schema.h) that are missing, all or none of them. `steps` shorter than the
/// file's version is the error newer_version.
Result<void> migrate(Sqlite& sqlite, std::span<const char* const> steps);

}  // namespace hpo
