#include <fmt/format.h>

#include <optional>

#include "storage/reader_connection.h"
#include "storage/sqlite.h"
#include "storage/study_folder.h"
#include "storage/study_rows.h"
#include "storage/study_store.h"
#include "storage/trial_rows.h"
#include "storage/writer_lock.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;

constexpr const char* kList =
    "SELECT s.name, s.id, s.created_at, p.stop_reason, s.key, "
    "json_extract(s.objectives, '$[0].goal'), json_array_length(s.objectives), "
    "(SELECT count(*) FROM trial t WHERE t.study = s.key) "
    "FROM study s JOIN progress p ON p.study = s.key ORDER BY s.created_at, s.key";

// NaN is text (schema.sql) and never the best.
constexpr const char* kLeast =
    "SELECT min(value) FROM trial WHERE study = ?1 AND state = 'complete' AND "
    "typeof(value) IN ('real', 'integer')";
constexpr const char* kGreatest =
    "SELECT max(value) FROM trial WHERE study = ?1 AND state = 'complete' AND "
    "typeof(value) IN ('real', 'integer')";

Result<std::optional<double>> best_value(Sqlite& sqlite, std::int64_t key, std::string_view goal) {
  auto query = sqlite.query(goal == to_string(Goal::maximize) ? kGreatest : kLeast, key);
  const auto row = query.next();
  if (!row) return row.error();
  if (!*row || query.is_null(0)) return std::optional<double>();
  return std::optional<double>(query.real(0));
}

/// Of a study with constraints, whose trials have to be looked at; nothing with several objectives.
Result<std::optional<double>> best_allowed_value(Sqlite& sqlite, std::string_view name) {
  const auto row = read_study(sqlite, name);
  if (!row) return row.error();
  if (!*row || (*row)->spec.objectives.size() != 1) return std::optional<double>();
  const auto study = assemble(sqlite, **row);
  if (!study) return study.error();
  const auto best = study->best_trial();
  return best ? best->value : std::nullopt;
}

class SqliteStudyReader final : public StudyReader {
 public:
  SqliteStudyReader(ReaderConnection connection, fs::path database)
      : connection_(std::move(connection)), database_(std::move(database)) {}

  Result<std::vector<StudySummary>> list() override {
    return snapshot([this](Sqlite& sqlite) { return list_now(sqlite); });
  }
  Result<StoredStudy> load(std::string_view name) override {
    return snapshot([this, name](Sqlite& sqlite) { return load_now(sqlite, name); });
  }
  Result<std::vector<Measurement>> measurements(std::string_view name,
                                                std::int64_t trial) override {
    return snapshot([&](Sqlite& sqlite) { return measurements_now(sqlite, name, trial); });
  }
  Result<std::vector<StoredRun>> runs(std::string_view name) override {
    return snapshot([name](Sqlite& sqlite) -> Result<std::vector<StoredRun>> {
      const auto row = read_study(sqlite, name);
      if (!row) return row.error();
      if (!*row) return unknown_study(sqlite, name);
      return read_runs(sqlite, (*row)->key);
    });
  }

 private:
  /// What `read` finds in one state of the file.
  template <class Read>
  auto snapshot(Read read) -> decltype(read(std::declval<Sqlite&>()));
  Result<void> connect();
  Result<std::vector<StudySummary>> list_now(Sqlite& sqlite);
  Result<StoredStudy> load_now(Sqlite& sqlite, std::string_view name);
  static Result<std::vector<Measurement>> measurements_now(Sqlite& sqlite, std::string_view name,
                                                           std::int64_t trial);

  std::optional<ReaderConnection> connection_;
  fs::path database_;
};

Result<void> SqliteStudyReader::connect() {
  if (connection_ && connection_->is_current()) return {};
  connection_.reset();
  auto opened = ReaderConnection::open(database_);
  if (!opened) return opened.error();
  connection_.emplace(std::move(*opened));
  return {};
}

template <class Read>
auto SqliteStudyReader::snapshot(Read read) -> decltype(read(std::declval<Sqlite&>())) {
  // A change during the read means that a writer has come, and then the next try reads beside it.
  constexpr int kTries = 10;
  for (int attempt = 1;; ++attempt) {
    if (auto connected = connect(); !connected) return connected.error();
    auto found = [&]() -> decltype(read(std::declval<Sqlite&>())) {
      auto transaction = SqliteTransaction::begin_read(connection_->sqlite());
      if (!transaction) return transaction.error();
      return read(connection_->sqlite());
    }();
    if (connection_->is_current() || attempt == kTries) return found;
  }
}

Result<std::vector<StudySummary>> SqliteStudyReader::list_now(Sqlite& sqlite) {
  std::vector<StudySummary> summaries;
  auto query = sqlite.query(kList);
  while (true) {
    const auto row = query.next();
    if (!row) return row.error();
    if (!*row) return summaries;
    auto name = query.text(0);
    const bool is_plain = query.integer(6) == 1;
    auto best = is_plain ? best_value(sqlite, query.integer(4), query.view(5))
                         : best_allowed_value(sqlite, name);
    if (!best) return best.error();
    const auto holder = lock_holder(study_folder(database_, name));
    summaries.push_back({.name = std::move(name),
                         .id = query.text(1),
                         .created_at = time_from(query.integer(2)),
                         .trials = query.integer(7),
                         .best_value = *best,
                         .stop_reason = query.text(3),
                         .holder = holder});
  }
}

Result<StoredStudy> SqliteStudyReader::load_now(Sqlite& sqlite, std::string_view name) {
  auto row = read_study(sqlite, name);
  if (!row) return row.error();
  if (!*row) return unknown_study(sqlite, name);
  auto study = assemble(sqlite, **row);
  if (!study) return study.error();
  return StoredStudy{.study = std::move(*study),
                     .progress = std::move((*row)->progress),
                     .created_at = (*row)->created_at,
                     .config = std::move((*row)->config),
                     .holder = lock_holder(study_folder(database_, name))};
}

Result<std::vector<Measurement>> SqliteStudyReader::measurements_now(Sqlite& sqlite,
                                                                     std::string_view name,
                                                                     std::int64_t trial) {
  auto query = sqlite.query(
      "SELECT s.key, t.number FROM study s LEFT JOIN trial t ON t.study = s.key AND t.number = ?2 "
      "WHERE s.name = ?1",
      name, trial);
  const auto row = query.next();
  if (!row) return row.error();
  if (!*row) return unknown_study(sqlite, name);
  if (!query.is_null(1)) return read_measurements(sqlite, query.integer(0), trial);
  return Error{.code = ErrorCode::not_found,
               .message = fmt::format("study \"{}\" has no trial {}", name, trial),
               .hint = "`hpo trials` lists them"};
}

}  // namespace

Result<std::unique_ptr<StudyReader>> make_sqlite_reader(const fs::path& file) {
  auto database = canonical_database(file);
  auto connection = ReaderConnection::open(database);
  if (!connection) return connection.error();
  return std::unique_ptr<StudyReader>(
      std::make_unique<SqliteStudyReader>(std::move(*connection), std::move(database)));
}

}  // namespace hpo
