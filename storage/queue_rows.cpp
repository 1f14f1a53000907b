#include "storage/queue_rows.h"

#include <fmt/format.h>

#include "storage/trial_json.h"

namespace hpo {

Result<std::int64_t> count_queued(Sqlite& sqlite, std::int64_t study) {
  auto query = sqlite.query("SELECT count(*) FROM queued WHERE study = ?1", study);
  if (const auto row = query.next(); !row) return row.error();
  return query.integer(0);
}

Result<void> insert_queued(Sqlite& sqlite, std::int64_t study, const Configuration& configuration,
                           TimePoint created_at) {
  const auto text = configuration_text(configuration);
  if (!text) return text.error();
  return sqlite.run("INSERT INTO queued (study, configuration, created_at) VALUES (?1, ?2, ?3)",
                    study, *text, created_at.time_since_epoch().count());
}

Result<std::optional<QueuedPoint>> read_queued(Sqlite& sqlite, std::int64_t study) {
  auto query = sqlite.query(
      "SELECT key, configuration FROM queued WHERE study = ?1 ORDER BY key LIMIT 1", study);
  const auto row = query.next();
  if (!row) return row.error();
  if (!*row) return std::optional<QueuedPoint>();
  auto configuration = configuration_from_text(query.view(1));
  if (!configuration) {
    return Error{.code = ErrorCode::corrupt,
                 .message = fmt::format("{}: a queued configuration: {}", sqlite.file(),
                                        configuration.error().message)};
  }
  return std::optional(
      QueuedPoint{.key = query.integer(0), .configuration = std::move(*configuration)});
}

Result<void> remove_queued(Sqlite& sqlite, std::int64_t study, std::int64_t key) {
  return sqlite.run("DELETE FROM queued WHERE study = ?1 AND key = ?2", study, key);
}

}  // namespace hpo
