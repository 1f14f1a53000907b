// Queues a configuration from any process: needs no lock of the study, only SQLite's for a moment.

#include <fmt/format.h>

#include <chrono>

#include "storage/queue_rows.h"
#include "storage/sqlite.h"
#include "storage/study_folder.h"
#include "storage/study_rows.h"
#include "storage/study_store.h"

namespace hpo {

Result<std::int64_t> enqueue(const std::filesystem::path& file, const StudySpec& study,
                             const Configuration& configuration) {
  const auto database = canonical_database(file);
  // Also tells a file that is missing, damaged or not ours, before a writer would make one.
  if (auto reader = make_sqlite_reader(database); !reader) return reader.error();
  auto sqlite = Sqlite::open(database, SqliteAccess::write);
  if (!sqlite) return sqlite.error();
  auto transaction = SqliteTransaction::begin_write(*sqlite);
  if (!transaction) return transaction.error();
  const auto row = read_study(*sqlite, study.name);
  if (!row) return row.error();
  if (!*row) return unknown_study(*sqlite, study.name);
  if ((*row)->spec.id != study.id) {
    return Error{.code = ErrorCode::not_found,
                 .message = fmt::format("study \"{}\" was begun anew meanwhile", study.name),
                 .hint = "queue the configuration again if it is meant for the new one"};
  }
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  if (auto added = insert_queued(*sqlite, (*row)->key, configuration, now); !added) {
    return added.error();
  }
  auto waiting = count_queued(*sqlite, (*row)->key);
  if (!waiting) return waiting;
  if (auto committed = transaction->commit(); !committed) return committed.error();
  return waiting;
}

}  // namespace hpo
