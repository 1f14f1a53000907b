#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/cli/study_access.h"
#include "engine/execution/orphans.h"

namespace hpo::cli {

/// `running`, `interrupted` or `finished`.
const char* study_state(const std::optional<int>& holder, const std::string& stop_reason);

/// What StudyProgress.status holds, where it holds anything.
struct LiveStatus {
  struct Slot {
    std::string device = {};
    std::vector<std::int64_t> trials = {};
    std::string idle_reason = {};
  };
  std::vector<Slot> slots = {};
  std::optional<double> eta_s = {};
};
LiveStatus live_status(const std::string& status_json);

/// The trials that go on although the process that ran the study is gone; none while one runs it.
using Orphans = std::vector<execution::LiveAttempt>;
Orphans orphans_of(const LoadedStudy& loaded);
/// `2 trials still run without hpo: pids 17, 18`.
std::string orphans_text(const Orphans& orphans);
/// An array of {trial, pid}; a pid that cannot be seen from here is null.
nlohmann::ordered_json orphans_json(const Orphans& orphans);

/// `12 complete, 1 failed, 2 running`; states without trials are left out.
std::string counts_text(const Study& study);

/// The best trial as other programs rely on it, or null.
nlohmann::ordered_json best_json(const LoadedStudy& loaded);

/// What `hpo status --format json` prints.
nlohmann::ordered_json status_json(const LoadedStudy& loaded);
/// The same without resources, as a header and one line.
std::string status_csv(const LoadedStudy& loaded);

}  // namespace hpo::cli
