#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "objectives/error.h"
#include "objectives/study.h"
#include "storage/sqlite.h"
#include "storage/study_store.h"

namespace hpo {

/// A study's row, and what the newest of its runs was started with.
struct StudyRow {
  std::int64_t key = 0;
  StudySpec spec = {};
  TimePoint created_at = {};
  std::string config = {};
  std::int64_t last_event = 0;  ///< of its reports
  StudyProgress progress = {};
};

/// Nothing where no study has that name. Error: corrupt.
Result<std::optional<StudyRow>> read_study(Sqlite& sqlite, std::string_view name);

/// The names of all studies, oldest first.
Result<std::vector<std::string>> study_names(Sqlite& sqlite);

/// The error not_found for a name, with the names there are and the likeliest meant.
Error unknown_study(Sqlite& sqlite, std::string_view name);

/// Adds study and progress; returns the key.
Result<std::int64_t> insert_study(Sqlite& sqlite, const StudySpec& spec, TimePoint created_at);

/// Records that the study is opened to be run; the run gets the next number.
Result<void> insert_run(Sqlite& sqlite, std::int64_t key, const StoredRun& run);

/// The study's runs, oldest first. Error: corrupt.
Result<std::vector<StoredRun>> read_runs(Sqlite& sqlite, std::int64_t key);

Result<void> write_progress(Sqlite& sqlite, std::int64_t key, const StudyProgress& progress);

/// The study with its trials.
Result<Study> assemble(Sqlite& sqlite, const StudyRow& row);

}  // namespace hpo
