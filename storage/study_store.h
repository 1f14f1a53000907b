#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "objectives/error.h"
#include "objectives/study.h"

namespace hpo {

/// How a study stands between its trials: what the engine records beside them. Times sum over all
/// runs.
struct StudyProgress {
  double active_s = 0;           ///< time spent running, over all runs: what limits.runtime bounds
  std::string stop_reason = {};  ///< why it ended; empty while it has not
  std::string status =
      {};  ///< JSON text: resources (device, trial, why idle), ETA; for `hpo status`
  bool operator==(const StudyProgress&) const = default;
};

/// Which study to open, and with what.
struct OpenOptions {
  std::string config = {};  ///< the effective tuning file as JSON text, kept with the study
  std::vector<PriorStudy> sources = {};  ///< exactly what it uses from now on (with_sources)
  bool fresh = false;  ///< rename an existing study of this name (never delete) and begin anew
};

/// What `open` found.
struct OpenedStudy {
  Study study = {};
  StudyProgress progress = {};
  bool resumed = false;
  std::string previous_config = {};  ///< the configuration of the last run; empty for a new study
  std::string renamed_to = {};  ///< where OpenOptions::fresh moved the old study; empty if nowhere
  /// Where a folder of this study's name went that another database had left; empty if nowhere.
  std::string folder_moved_to = {};
};

/// How safe a write is when it returns. Both survive kill -9 of this process at any moment.
enum class Durability {
  process,  ///< not a power cut within the last seconds
  power,    ///< also a power cut: for rows that start something billed
};

/// A configuration that the user wants tried, as it waits in a study's queue.
struct QueuedPoint {
  std::int64_t key = 0;
  Configuration configuration = {};
};

/// The one writer of one study. Holds the study's lock from `open` until destruction; the lock dies
/// with the process.
class StudyStore {
 public:
  virtual ~StudyStore() = default;

  /// Creates the study (spec.id empty: a random one is made), or resumes the one of that name,
  /// which keeps its id and takes the seed of `spec`. Errors: held (the holder's pid in the
  /// message); usage, if objectives or space differ (the message shows the difference and the
  /// remedy); corrupt; newer_version; environment (disk, permission).
  virtual Result<OpenedStudy> open(const StudySpec& spec, const OpenOptions& options) = 0;

  /// Inserts or replaces the whole trial, in one transaction.
  virtual Result<void> save(const Trial& trial, Durability durability = Durability::process) = 0;

  /// Adds reports of a trial; one that is already there (same attempt, metric and step) stays as it
  /// is.
  virtual Result<void> add_measurements(std::int64_t trial,
                                        std::span<const Measurement> measurements) = 0;

  /// Reports of a trial, all attempts, ordered by (attempt, step).
  virtual Result<std::vector<Measurement>> measurements(std::int64_t trial) = 0;

  /// The configuration that waits longest in the study's queue; nothing where none does.
  virtual Result<std::optional<QueuedPoint>> next_queued() = 0;
  /// Puts one at the end of the queue; how many wait now.
  virtual Result<std::int64_t> enqueue(const Configuration& configuration) = 0;
  /// Saves the new trial that is made of a queued configuration and takes that out of the queue, in
  /// one transaction.
  virtual Result<void> save_queued(const Trial& trial, std::int64_t key) = 0;

  /// Replaces the study's progress.
  virtual Result<void> save_progress(const StudyProgress& progress) = 0;
};

/// One line of `hpo studies`.
struct StudySummary {
  std::string name = {};
  std::string id = {};
  TimePoint created_at = {};
  std::int64_t trials = 0;
  std::optional<double> best_value = {};  ///< of one objective, among those that keep constraints
  std::string stop_reason = {};
  std::optional<int> holder = {};  ///< pid of the process that runs it
};

/// Everything stored about a study but its measurements.
struct StoredStudy {
  Study study = {};
  StudyProgress progress = {};
  TimePoint created_at = {};
  std::string config = {};         ///< of the last run, JSON text
  std::optional<int> holder = {};  ///< pid of the process that runs it
};

/// One time that a study was opened to be run: what its trials were suggested with.
struct StoredRun {
  std::int64_t number = 0;                       ///< 1, 2, ...
  std::optional<std::int64_t> first_trial = {};  ///< number of its first trial; nothing: not known
  TimePoint started_at = {};
  std::uint64_t seed = 0;
  std::string config = {};  ///< the effective tuning file, JSON text
};

/// Reads a storage without ever blocking, or being blocked by, its writers. Works in a read-only
/// folder.
class StudyReader {
 public:
  virtual ~StudyReader() = default;
  virtual Result<std::vector<StudySummary>> list() = 0;
  /// Error: not_found, with the names there are.
  virtual Result<StoredStudy> load(std::string_view name) = 0;
  virtual Result<std::vector<Measurement>> measurements(std::string_view name,
                                                        std::int64_t trial) = 0;
  /// The runs of a study, oldest first.
  virtual Result<std::vector<StoredRun>> runs(std::string_view name) = 0;
};

/// Opens the SQLite file for one study's writer; creates file and schema where they are missing.
Result<std::unique_ptr<StudyStore>> make_sqlite_store(const std::filesystem::path& file);
/// Opens the SQLite file for reading. Error: not_found, corrupt, newer_version, environment.
Result<std::unique_ptr<StudyReader>> make_sqlite_reader(const std::filesystem::path& file);
/// Keeps the study in memory: for tests, `--memory`, and the library's users.
std::unique_ptr<StudyStore> make_memory_store();

/// Removes a study's rows (not its folders). Errors: held, not_found.
Result<void> remove_study(const std::filesystem::path& file, std::string_view name);

/// Queues a configuration for the study of that name and id, which another process may be running;
/// how many wait now. Errors: not_found (also where the name is another study's now).
Result<std::int64_t> enqueue(const std::filesystem::path& file, const StudySpec& study,
                             const Configuration& configuration);

/// `<name>.runs/<study>` beside the database, its name without `.db`: trial folders `<number>/`,
/// the writer's lock and caches.
std::filesystem::path study_folder(const std::filesystem::path& database, std::string_view study);

}  // namespace hpo
