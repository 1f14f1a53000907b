#include "storage/migration.h"
#include "storage/schema.h"
#include "storage/sqlite.h"
#include "storage/study_folder.h"
#include "storage/study_rename.h"
#include "storage/study_rows.h"
#include "storage/study_store.h"
#include "storage/writer_lock.h"

namespace hpo {
namespace {

/// The lock of a study that is there, whose folder may be gone.
Result<WriterLock> lock_stored(Sqlite& sqlite, const std::filesystem::path& database,
                               std::string_view name) {
  const auto row = read_study(sqlite, name);
  if (row && !*row) return unknown_study(sqlite, name);
  if (!row && row.error().code != ErrorCode::corrupt) return row.error();
  if (auto moved = finish_noted_moves(sqlite, database, name); !moved) return moved.error();
  return WriterLock::acquire(study_folder(database, name));
}

}  // namespace

Result<void> remove_study(const std::filesystem::path& file, std::string_view name) {
  const auto database = canonical_database(file);
  // Also tells a file that is missing, damaged or not ours, before a writer would make one.
  if (auto reader = make_sqlite_reader(database); !reader) return reader.error();
  auto sqlite = Sqlite::open(database, SqliteAccess::write);
  if (!sqlite) return sqlite.error();
  const auto lock = lock_stored(*sqlite, database, name);
  if (!lock) return lock.error();
  auto transaction = SqliteTransaction::begin_write(*sqlite);
  if (!transaction) return transaction.error();
  // Measurements first: cascading from each trial is slower.
  auto measurements = sqlite->run(
      "DELETE FROM measurement WHERE study = (SELECT key FROM study WHERE name = ?1)", name);
  if (!measurements) return measurements;
  if (auto study = sqlite->run("DELETE FROM study WHERE name = ?1", name); !study) return study;
  if (sqlite->changes() == 0) return unknown_study(*sqlite, name);
  return transaction->commit();
}

}  // namespace hpo
