#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/cli/progress.h"
#include "engine/scheduler.h"
#include "engine/tuning_config.h"
#include "objectives/error.h"
#include "storage/study_store.h"

namespace hpo::cli {

/// How a run of a study ended.
struct RunEnd {
  Result<StudyEnd> end = StudyEnd{};
  int signal_code = 0;  ///< 130 or 143 where the user ended it
  Study study = {};
  StudyProgress progress = {};
};

struct RunOptions {
  bool fresh = false;
  bool detach_jobs = false;              ///< training jobs go on when the run is interrupted
  std::vector<PriorStudy> sources = {};  ///< what strategy.warm_start names
};

/// The parts that run a study, wired together. Holds the study's lock while it lives.
class StudyRun {
 public:
  /// Makes the parts and opens the study. Errors: those of its parts (held: another process runs
  /// it).
  static Result<std::unique_ptr<StudyRun>> open(const TuningConfig& config, RunOptions options);
  ~StudyRun();
  StudyRun(const StudyRun&) = delete;
  StudyRun& operator=(const StudyRun&) = delete;

  /// What the store found: whether the study goes on, and with which changes.
  [[nodiscard]] const OpenedStudy& opened() const;
  [[nodiscard]] const std::filesystem::path& folder() const;

  /// Runs to the end, watched by `progress`.
  RunEnd run(Progress& progress);

 private:
  struct Parts;
  explicit StudyRun(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// The machine's pool for the file, or plain slots for an objective in this process.
Result<std::unique_ptr<ResourcePool>> make_pool(const TuningConfig& config);

/// Success unless a stored study of the file's name has trials of another program or other data.
Result<void> check_same_work(const TuningConfig& config);

/// The sampler that the file names.
Result<std::unique_ptr<Sampler>> make_file_sampler(const TuningConfig& config);

}  // namespace hpo::cli
