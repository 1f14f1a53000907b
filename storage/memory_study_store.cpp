#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <tuple>

#include "storage/random_id.h"
#include "storage/spec_difference.h"
#include "storage/study_folder.h"
#include "storage/study_store.h"
#include "storage/trial_order.h"

namespace hpo {
namespace {

/// The reports of one trial.
struct KeptReports {
  /// By (attempt, step, event): their order.
  std::map<std::tuple<int, std::int64_t, std::int64_t>, Measurement> reports = {};
  /// (attempt, step, metric) that are there.
  std::set<std::tuple<int, std::int64_t, std::string>> known = {};

  void add(const Measurement& report) {
    for (const auto& [metric, value] : report.metrics) {
      if (!known.emplace(report.attempt, report.step, metric).second) continue;
      auto& kept = reports[{report.attempt, report.step, report.event}];
      if (kept.metrics.empty()) kept.elapsed_s = report.elapsed_s;
      kept.step = report.step;
      kept.attempt = report.attempt;
      kept.event = report.event;
      kept.metrics.emplace(metric, value);
    }
  }
};

struct KeptStudy {
  Study study = {};
  StudyProgress progress = {};
  std::string config = {};
  std::map<std::int64_t, KeptReports> reports = {};
  std::deque<QueuedPoint> queue = {};
  std::int64_t last_key = 0;  ///< of the queue
};

class MemoryStudyStore final : public StudyStore {
 public:
  Result<OpenedStudy> open(const StudySpec& spec, const OpenOptions& options) override {
    open_ = nullptr;
    if (auto named = check_study_name(spec.name); !named) return named.error();
    std::string renamed_to;
    auto found = studies_.find(spec.name);
    if (found != studies_.end() && options.fresh) {
      renamed_to = free_name(spec.name);
      found->second.study.spec.name = renamed_to;
      studies_.emplace(renamed_to, std::move(found->second));
      studies_.erase(found);
      found = studies_.end();
    }
    auto opened = found == studies_.end() ? create(spec) : resume(found->second, spec);
    if (!opened) return opened;
    auto& study = opened->study;
    study.prior = with_sources(std::move(study.prior), options.sources, study.last_event);
    studies_.at(spec.name).study.prior = study.prior;
    open_ = &studies_.at(spec.name);
    open_->config = options.config;
    opened->renamed_to = std::move(renamed_to);
    return opened;
  }

  Result<void> save(const Trial& trial, Durability) override {
    auto& trials = opened().study.trials;
    const auto next = static_cast<std::int64_t>(trials.size());
    if (trial.number < 0 || trial.number > next) return trial_out_of_order(trial.number, next);
    auto copy = std::make_shared<const Trial>(trial);
    if (trial.number == next) {
      trials.push_back(std::move(copy));
    } else {
      trials[static_cast<std::size_t>(trial.number)] = std::move(copy);
    }
    note_event(std::max(trial.created_event, trial.finished_event));
    return {};
  }

  Result<void> add_measurements(std::int64_t trial,
                                std::span<const Measurement> measurements) override {
    if (trial < 0 || trial >= static_cast<std::int64_t>(opened().study.trials.size())) {
      return trial_never_saved(trial);
    }
    for (const auto& report : measurements) {
      opened().reports[trial].add(report);
      note_event(report.event);
    }
    return {};
  }

  Result<std::vector<Measurement>> measurements(std::int64_t trial) override {
    std::vector<Measurement> reports;
    for (const auto& [key, report] : opened().reports[trial].reports) reports.push_back(report);
    return reports;
  }

  Result<std::optional<QueuedPoint>> next_queued() override {
    const auto& queue = opened().queue;
    return queue.empty() ? std::optional<QueuedPoint>() : std::optional(queue.front());
  }

  Result<std::int64_t> enqueue(const Configuration& configuration) override {
    auto& kept = opened();
    kept.queue.push_back({.key = ++kept.last_key, .configuration = configuration});
    return static_cast<std::int64_t>(kept.queue.size());
  }

  Result<void> save_queued(const Trial& trial, std::int64_t key) override {
    if (auto saved = save(trial, Durability::process); !saved) return saved;
    std::erase_if(opened().queue, [key](const QueuedPoint& point) { return point.key == key; });
    return {};
  }

  Result<void> save_progress(const StudyProgress& progress) override {
    opened().progress = progress;
    return {};
  }

 private:
  KeptStudy& opened() {
    check(open_ != nullptr, "StudyStore: no study is open");
    return *open_;
  }

  void note_event(std::int64_t event) {
    opened().study.last_event = std::max(opened().study.last_event, event);
  }

  std::string free_name(const std::string& name) const {
    for (int number = 1;; ++number) {
      auto candidate = numbered_name(name, number);
      if (!studies_.contains(candidate)) return candidate;
    }
  }

  Result<OpenedStudy> create(const StudySpec& spec) {
    KeptStudy kept{.study = {.spec = spec}};
    if (spec.id.empty()) kept.study.spec.id = random_study_id();
    OpenedStudy opened{.study = kept.study};
    studies_.emplace(spec.name, std::move(kept));
    return opened;
  }

  static Result<OpenedStudy> resume(KeptStudy& kept, const StudySpec& spec) {
    if (auto same = check_same_problem(kept.study.spec, spec); !same) return same.error();
    kept.study.spec.seed = spec.seed;
    return OpenedStudy{.study = kept.study,
                       .progress = kept.progress,
                       .resumed = true,
                       .previous_config = kept.config};
  }

  std::map<std::string, KeptStudy> studies_;
  KeptStudy* open_ = nullptr;
};

}  // namespace

std::unique_ptr<StudyStore> make_memory_store() { return std::make_unique<MemoryStudyStore>(); }

}  // namespace hpo
