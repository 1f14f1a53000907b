#include "storage/migration.h"

#include <fmt/format.h>

#include "storage/schema.h"

namespace hpo {
namespace {

Error other_program(const Sqlite& sqlite) {
  return {.code = ErrorCode::corrupt,
          .message = fmt::format("{}: is the SQLite database of another program", sqlite.file()),
          .hint = "name another file with --storage; this one is left as it is"};
}

Error newer(const Sqlite& sqlite, std::int64_t version, int known) {
  return {.code = ErrorCode::newer_version,
          .message = fmt::format("{}: was written by a newer version of hpo (format {}, this one "
                                 "knows up to {})",
                                 sqlite.file(), version, known),
          .hint = "use that version, or name another file with --storage"};
}

/// What a file says of itself.
struct Marks {
  std::int64_t application = 0;
  std::int64_t version = 0;
  std::int64_t objects = 0;
};

Result<Marks> read_marks(Sqlite& sqlite) {
  const auto application = sqlite.number("PRAGMA application_id");
  if (!application) return application.error();
  const auto version = sqlite.number("PRAGMA user_version");
  if (!version) return version.error();
  const auto objects = sqlite.number("SELECT count(*) FROM sqlite_master");
  if (!objects) return objects.error();
  return Marks{.application = *application, .version = *version, .objects = *objects};
}

}  // namespace

Result<int> schema_version(Sqlite& sqlite, int known) {
  // In one view of the file: another process may make it meanwhile. A savepoint may stand within a
  // transaction or be one.
  if (auto begun = sqlite.script("SAVEPOINT marks"); !begun) return begun.error();
  const auto marks = read_marks(sqlite);
  if (auto ended = sqlite.script("RELEASE marks"); marks && !ended) return ended.error();
  if (!marks) return marks.error();
  if (marks->application == 0 && marks->version == 0 && marks->objects == 0) return 0;
  if (marks->application != kApplicationId || marks->version < 1) return other_program(sqlite);
  if (marks->version > known) return newer(sqlite, marks->version, known);
  return static_cast<int>(marks->version);
}

Result<void> migrate(Sqlite& sqlite, std::span<const char* const> steps) {
  const int target = static_cast<int>(steps.size());
  const auto before = schema_version(sqlite, target);
  if (!before) return before.error();
  if (*before == target) return {};  // without the write lock: another engine may hold it
  // Made or migrated durably: what is written later must not outlive it in a power cut.
  if (auto full = sqlite.script("PRAGMA synchronous = FULL"); !full) return full;
  auto transaction = SqliteTransaction::begin_write(sqlite);
  if (!transaction) return transaction.error();
  const auto version =
      schema_version(sqlite, target);  // again: another process may have been first
  if (!version) return version.error();
  for (auto step = static_cast<std::size_t>(*version); step < steps.size(); ++step) {
    if (auto taken = sqlite.script(steps[step]); !taken) return taken;
  }
  const auto marks =
      fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", kApplicationId, target);
  if (auto marked = sqlite.script(marks.c_str()); !marked) return marked;
  if (auto committed = transaction->commit(); !committed) return committed;
  return sqlite.script("PRAGMA synchronous = NORMAL");
}

}  // namespace hpo
