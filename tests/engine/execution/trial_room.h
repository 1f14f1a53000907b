#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "engine/executors.h"
#include "engine/trial_directory.h"
#include "tests/engine/execution/room_config.h"
#include "tests/support/temp_folder.h"

namespace hpo {

/// A folder for one test, removed at its end: tuning file's folder, programs and trial folders.
class TrialRoom {
 public:
  TrialRoom();
  ~TrialRoom();
  TrialRoom(const TrialRoom&) = delete;
  TrialRoom& operator=(const TrialRoom&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const {
    return folder_ / name;
  }
  [[nodiscard]] std::filesystem::path study_folder() const { return room_runs(path()); }
  [[nodiscard]] TrialDirectory directory(std::int64_t number = 0) const {
    return trial_directory(study_folder(), number);
  }

  std::filesystem::path write(const std::string& name, const std::string& text,
                              bool is_program = false) const;
  std::filesystem::path make_fifo(const std::string& name) const;
  [[nodiscard]] static std::string read(const std::filesystem::path& file);

  /// What the tuning file says; tests change it before they make an executor.
  TuningConfig config = {};
  /// `sh -c script`, with the room as working directory and ROOM in the environment.
  void use_script(const std::string& script);

  [[nodiscard]] std::unique_ptr<Executor> executor() const;

 private:
  TempFolder folder_ = {};
};

/// What came of one run.
struct RunResult {
  TrialOutcome outcome = {};
  std::vector<Measurement> reports = {};
};

/// Answers a report; the default goes on.
using Answer = std::function<ReportDecision(const Measurement&)>;

/// Runs a trial to its end on an engine of its own.
RunResult run_trial(Executor& executor, const Trial& trial, const Resources& resources = {},
                    const Answer& answer = {});
/// Runs several at once.
std::vector<RunResult> run_trials(Executor& executor, const std::vector<Trial>& trials);

/// Begins to run a trial and abandons it at its first report, as an engine that ends does.
void abandon_trial(Executor& executor, const Trial& trial);

/// Values of a metric in the order of the reports.
std::vector<double> values_of(const RunResult& result, const std::string& metric);

/// Pids of processes that carry the trial's folder in their environment.
std::vector<pid_t> processes_of(const TrialDirectory& directory);

}  // namespace hpo
