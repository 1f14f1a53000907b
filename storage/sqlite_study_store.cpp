#include <fmt/format.h>

#include <chrono>
#include <optional>

#include "storage/file_io.h"
#include "storage/migration.h"
#include "storage/prior_rows.h"
#include "storage/queue_rows.h"
#include "storage/random_id.h"
#include "storage/schema.h"
#include "storage/spec_difference.h"
#include "storage/sqlite.h"
#include "storage/sqlite_error.h"
#include "storage/study_folder.h"
#include "storage/study_rename.h"
#include "storage/study_rows.h"
#include "storage/study_store.h"
#include "storage/trial_order.h"
#include "storage/trial_rows.h"
#include "storage/writer_lock.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;

TimePoint now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

/// Commits of its lifetime are on disk before they return.
class FullSync {
 public:
  explicit FullSync(Sqlite& sqlite) : sqlite_(sqlite) { set("PRAGMA synchronous = FULL"); }
  FullSync(const FullSync&) = delete;
  FullSync& operator=(const FullSync&) = delete;
  ~FullSync() { set("PRAGMA synchronous = NORMAL"); }
  [[nodiscard]] const Result<void>& state() const { return state_; }

 private:
  void set(const char* sql) { state_ = sqlite_.script(sql); }
  Sqlite& sqlite_;
  Result<void> state_;
};

class SqliteStudyStore final : public StudyStore {
 public:
  SqliteStudyStore(Sqlite sqlite, fs::path database)
      : sqlite_(std::move(sqlite)), database_(std::move(database)) {}

  Result<OpenedStudy> open(const StudySpec& spec, const OpenOptions& options) override;
  Result<void> save(const Trial& trial, Durability durability) override;
  Result<void> add_measurements(std::int64_t trial,
                                std::span<const Measurement> measurements) override;
  Result<std::vector<Measurement>> measurements(std::int64_t trial) override;
  Result<std::optional<QueuedPoint>> next_queued() override;
  Result<std::int64_t> enqueue(const Configuration& configuration) override;
  Result<void> save_queued(const Trial& trial, std::int64_t key) override;
  Result<void> save_progress(const StudyProgress& progress) override;

 private:
  Result<void> lock_study(const std::string& name);
  Result<OpenedStudy> create_or_resume(const StudySpec& spec, const OpenOptions& options);
  Result<OpenedStudy> create(const StudySpec& spec);
  Result<OpenedStudy> resume(const StudySpec& spec, StudyRow row);
  Result<void> tell_sources(Study& study, const std::vector<PriorStudy>& sources);
  Result<void> move_renamed(const std::string& name, const std::string& renamed_to);
  Result<void> check_writable() const;
  Result<void> save_now(const Trial& trial, std::optional<std::int64_t> queued = {});
  template <class Write>
  Result<void> in_transaction(Write write);

  Sqlite sqlite_;
  fs::path database_;
  std::optional<WriterLock> lock_;  ///< there once a study is open
  std::int64_t key_ = 0;
  std::int64_t trials_ = 0;  ///< how many are stored: the next new number
};

Result<OpenedStudy> SqliteStudyStore::open(const StudySpec& spec, const OpenOptions& options) {
  lock_.reset();
  if (auto named = check_study_name(spec.name); !named) return named.error();
  if (auto locked = lock_study(spec.name); !locked) return locked.error();
  auto opened = create_or_resume(spec, options);
  if (!opened) {
    lock_.reset();
    return opened;
  }
  trials_ = static_cast<std::int64_t>(opened->study.trials.size());
  return opened;
}

Result<void> SqliteStudyStore::lock_study(const std::string& name) {
  while (true) {
    if (auto moved = finish_noted_moves(sqlite_, database_, name); !moved) return moved;
    auto lock = WriterLock::acquire(study_folder(database_, name));
    if (!lock) return lock.error();
    // Another process may have begun a move, and died, before the lock was ours.
    const auto interrupted = has_noted_move(sqlite_, name);
    if (!interrupted) return interrupted.error();
    if (*interrupted) continue;
    lock_ = std::move(*lock);
    return {};
  }
}

Result<OpenedStudy> SqliteStudyStore::create_or_resume(const StudySpec& spec,
                                                       const OpenOptions& options) {
  const FullSync full(sqlite_);
  if (!full.state()) return full.state().error();
  auto transaction = SqliteTransaction::begin_write(sqlite_);
  if (!transaction) return transaction.error();
  auto row = read_study(sqlite_, spec.name);
  if (!row) return row.error();
  const bool is_left_over = !*row && has_trial_folders(study_folder(database_, spec.name));
  std::string moved_to;
  if (is_left_over || (*row && options.fresh)) {
    auto moved = is_left_over ? note_move(sqlite_, database_, spec.name)
                              : rename_rows(sqlite_, database_, (*row)->key, spec.name);
    if (!moved) return moved.error();
    moved_to = std::move(*moved);
    row->reset();
  }
  auto opened = *row ? resume(spec, std::move(**row)) : create(spec);
  if (!opened) return opened;
  if (auto told = tell_sources(opened->study, options.sources); !told) return told.error();
  const auto trials = static_cast<std::int64_t>(opened->study.trials.size());
  const auto run = insert_run(
      sqlite_, key_,
      {.first_trial = trials, .started_at = now(), .seed = spec.seed, .config = options.config});
  if (!run) return run.error();
  if (auto committed = transaction->commit(); !committed) return committed.error();
  if (!moved_to.empty()) {
    if (auto moved = move_renamed(spec.name, moved_to); !moved) return moved.error();
  }
  if (is_left_over) {
    opened->folder_moved_to = study_folder(database_, moved_to).string();
  } else {
    opened->renamed_to = std::move(moved_to);
  }
  return opened;
}

Result<OpenedStudy> SqliteStudyStore::create(const StudySpec& spec) {
  OpenedStudy opened{.study = {.spec = spec}};
  if (spec.id.empty()) opened.study.spec.id = random_study_id();
  const auto key = insert_study(sqlite_, opened.study.spec, now());
  if (!key) return key.error();
  key_ = *key;
  return opened;
}

Result<OpenedStudy> SqliteStudyStore::resume(const StudySpec& spec, StudyRow row) {
  if (auto same = check_same_problem(row.spec, spec); !same) return same.error();
  row.spec.seed = spec.seed;
  auto study = assemble(sqlite_, row);
  if (!study) return study.error();
  key_ = row.key;
  return OpenedStudy{.study = std::move(*study),
                     .progress = std::move(row.progress),
                     .resumed = true,
                     .previous_config = std::move(row.config)};
}

Result<void> SqliteStudyStore::tell_sources(Study& study, const std::vector<PriorStudy>& sources) {
  const auto before = study.prior;
  study.prior = with_sources(before, sources, study.last_event);
  return write_prior(sqlite_, key_, before, study.prior);
}

Result<void> SqliteStudyStore::move_renamed(const std::string& name,
                                            const std::string& renamed_to) {
  if (auto moved = move_folder(sqlite_, database_, name, renamed_to); !moved) return moved;
  // The old lock went with the folder, and keeps the old study closed until the new one is ours.
  auto lock = WriterLock::acquire(study_folder(database_, name));
  if (!lock) return lock.error();
  lock_ = std::move(*lock);
  return {};
}

/// What happened outside would otherwise go unnoticed: writes to a deleted file succeed.
Result<void> SqliteStudyStore::check_writable() const {
  check(lock_.has_value(), "StudyStore: no study is open");
  if (sqlite_.was_moved()) {
    return Error{
        .code = ErrorCode::environment,
        .message = fmt::format("{}: was removed or replaced while the study ran", sqlite_.file()),
        .hint = "put the file back where it was, then run the study again"};
  }
  if (!lock_->is_in_place()) {
    return Error{.code = ErrorCode::environment,
                 .message = fmt::format("the study's folder beside {} was removed or renamed while "
                                        "the study ran",
                                        sqlite_.file()),
                 .hint = "run the study again; its trials are in the database"};
  }
  return {};
}

template <class Write>
Result<void> SqliteStudyStore::in_transaction(Write write) {
  if (auto writable = check_writable(); !writable) return writable;
  auto transaction = SqliteTransaction::begin_write(sqlite_);
  if (!transaction) return transaction.error();
  if (auto written = write(); !written) return written;
  return transaction->commit();
}

Result<void> SqliteStudyStore::save(const Trial& trial, Durability durability) {
  if (durability == Durability::process) return save_now(trial);
  const FullSync full(sqlite_);
  if (!full.state()) return full.state();
  return save_now(trial);
}

/// `queued`: the entry of the queue that the trial is made of.
Result<void> SqliteStudyStore::save_now(const Trial& trial, std::optional<std::int64_t> queued) {
  if (trial.number < 0 || trial.number > trials_) return trial_out_of_order(trial.number, trials_);
  auto saved = in_transaction([&]() -> Result<void> {
    if (auto written = write_trial(sqlite_, key_, trial); !written) return written;
    return queued ? remove_queued(sqlite_, key_, *queued) : Result<void>();
  });
  if (saved && trial.number == trials_) ++trials_;
  return saved;
}

Result<void> SqliteStudyStore::save_queued(const Trial& trial, std::int64_t key) {
  return save_now(trial, key);
}

Result<std::optional<QueuedPoint>> SqliteStudyStore::next_queued() {
  check(lock_.has_value(), "StudyStore: no study is open");
  return read_queued(sqlite_, key_);
}

Result<std::int64_t> SqliteStudyStore::enqueue(const Configuration& configuration) {
  const auto added =
      in_transaction([&] { return insert_queued(sqlite_, key_, configuration, now()); });
  if (!added) return added.error();
  return count_queued(sqlite_, key_);
}

Result<void> SqliteStudyStore::add_measurements(std::int64_t trial,
                                                std::span<const Measurement> measurements) {
  return in_transaction([&] { return write_measurements(sqlite_, key_, trial, measurements); });
}

Result<std::vector<Measurement>> SqliteStudyStore::measurements(std::int64_t trial) {
  check(lock_.has_value(), "StudyStore: no study is open");
  return read_measurements(sqlite_, key_, trial);
}

Result<void> SqliteStudyStore::save_progress(const StudyProgress& progress) {
  return in_transaction([&] { return write_progress(sqlite_, key_, progress); });
}

/// Damage is best found before anything is written: reads every page, 1 ms a MiB.
Result<void> check_integrity(Sqlite& sqlite) {
  auto pages = sqlite.query("PRAGMA quick_check(1)");
  const auto row = pages.next();
  if (!row) return row.error();
  if (*row && pages.view(0) == "ok") return {};
  return damaged_database(sqlite.file(), pages.text(0));
}

}  // namespace

Result<std::unique_ptr<StudyStore>> make_sqlite_store(const fs::path& file) {
  auto database = canonical_database(file);
  const bool is_new = !fs::exists(database);
  auto sqlite = Sqlite::open(database, SqliteAccess::write);
  if (!sqlite) return sqlite.error();
  if (auto migrated = migrate(*sqlite, schema_steps()); !migrated) return migrated.error();
  if (auto intact = check_integrity(*sqlite); !intact) return intact.error();
  // A new file's name is on disk only once its folder is.
  if (is_new) sync_folder(database.parent_path());
  return std::unique_ptr<StudyStore>(
      std::make_unique<SqliteStudyStore>(std::move(*sqlite), std::move(database)));
}

}  // namespace hpo
