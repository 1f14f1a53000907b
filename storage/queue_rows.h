#pragma once

#include <cstdint>
#include <optional>

#include "objectives/configuration.h"
#include "objectives/error.h"
#include "objectives/trial.h"
#include "storage/sqlite.h"
#include "storage/study_store.h"

// The table of configurations that the user wants tried.

namespace hpo {

/// How many of the study wait.
Result<std::int64_t> count_queued(Sqlite& sqlite, std::int64_t study);

Result<void> insert_queued(Sqlite& sqlite, std::int64_t study, const Configuration& configuration,
                           TimePoint created_at);

/// The oldest of the study; nothing where none waits. Error: corrupt.
Result<std::optional<QueuedPoint>> read_queued(Sqlite& sqlite, std::int64_t study);

Result<void> remove_queued(Sqlite& sqlite, std::int64_t study, std::int64_t key);

}  // namespace hpo
