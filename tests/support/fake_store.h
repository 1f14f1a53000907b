#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "storage/study_store.h"

namespace hpo {

/// A store in memory that fails when the test says so, and keeps a journal of what was written.
class FakeStore final : public StudyStore {
 public:
  std::function<bool(const std::string& entry)> fails = {};  ///< asked before each write
  std::vector<std::string>* journal = nullptr;               ///< "save 0 running", "report 0"
  std::map<std::int64_t, Trial> trials = {};
  std::map<std::int64_t, std::vector<Measurement>> rows = {};
  std::vector<QueuedPoint> queue = {};
  std::int64_t last_key = 0;
  StudyProgress progress = {};
  StudySpec spec = {};
  int progress_writes = 0;

  Result<OpenedStudy> open(const StudySpec& wanted, const OpenOptions&) override {
    spec = wanted;
    OpenedStudy opened{.study = {.spec = wanted}, .progress = progress, .resumed = !trials.empty()};
    for (const auto& [number, trial] : trials) {
      opened.study.trials.push_back(std::make_shared<Trial>(trial));
      note_event(opened.study, std::max(trial.created_event, trial.finished_event));
    }
    for (const auto& [number, reports] : rows) {
      for (const auto& row : reports) note_event(opened.study, row.event);
    }
    return opened;
  }

  Result<void> save(const Trial& trial, Durability) override {
    if (auto written = write("save " + std::to_string(trial.number) + " " + to_string(trial.state));
        !written) {
      return written;
    }
    trials[trial.number] = trial;
    return {};
  }

  Result<void> add_measurements(std::int64_t trial, std::span<const Measurement> added) override {
    if (auto written = write("report " + std::to_string(trial)); !written) return written;
    auto& reports = rows[trial];
    for (const auto& row : added) {
      const auto same = [&](const Measurement& other) {
        return other.attempt == row.attempt && other.step == row.step;
      };
      const auto known = std::find_if(reports.begin(), reports.end(), same);
      if (known == reports.end()) {
        reports.push_back(row);
      } else {
        known->metrics.insert(row.metrics.begin(), row.metrics.end());
      }
    }
    std::stable_sort(reports.begin(), reports.end(), [](const auto& a, const auto& b) {
      return std::pair(a.attempt, a.step) < std::pair(b.attempt, b.step);
    });
    return {};
  }

  Result<std::vector<Measurement>> measurements(std::int64_t trial) override {
    const auto known = rows.find(trial);
    return known == rows.end() ? std::vector<Measurement>{} : known->second;
  }

  Result<std::optional<QueuedPoint>> next_queued() override {
    return queue.empty() ? std::optional<QueuedPoint>() : std::optional(queue.front());
  }
  Result<std::int64_t> enqueue(const Configuration& configuration) override {
    queue.push_back({.key = ++last_key, .configuration = configuration});
    return static_cast<std::int64_t>(queue.size());
  }
  Result<void> save_queued(const Trial& trial, std::int64_t key) override {
    if (auto saved = save(trial, Durability::process); !saved) return saved;
    std::erase_if(queue, [key](const QueuedPoint& point) { return point.key == key; });
    return {};
  }

  Result<void> save_progress(const StudyProgress& now) override {
    if (fails && fails("progress")) return disk_full();
    progress = now;
    ++progress_writes;
    return {};
  }

  static Error disk_full() {
    return {.code = ErrorCode::environment, .message = "disk full", .hint = "free some space"};
  }

 private:
  Result<void> write(const std::string& entry) {
    if (fails && fails(entry)) return disk_full();
    if (journal) journal->push_back(entry);
    return {};
  }

  static void note_event(Study& study, std::int64_t event) {
    study.last_event = std::max(study.last_event, event);
  }
};

}  // namespace hpo
