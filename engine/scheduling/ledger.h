#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "objectives/error.h"
#include "objectives/study.h"
#include "storage/study_store.h"

namespace hpo {

/// The study that runs: the one place where it lives in memory, written through to the store before
/// anything else sees it, so that both are equal after every call, also one that failed. Numbers
/// the events.
class Ledger {
 public:
  Ledger(Study study, StudyStore& store);

  [[nodiscard]] const Study& study() const { return study_; }
  [[nodiscard]] std::shared_ptr<const Trial> trial(std::int64_t number) const;
  /// What a sampler may see now: study_at of the newest event, kept up to date in constant time.
  [[nodiscard]] const Study& seen() const { return seen_; }
  /// The same as a value, safe to hand to another thread.
  [[nodiscard]] Study snapshot() const { return seen_; }

  /// A new trial; gets its event. `queued`: the entry of the store's queue that it is made of.
  Result<void> create(Trial trial, std::optional<std::int64_t> queued = {});
  /// What waits longest in the store's queue.
  Result<std::optional<QueuedPoint>> next_queued() { return store_.next_queued(); }
  /// Puts a configuration into the queue; how many wait now.
  Result<std::int64_t> enqueue(const Configuration& point) { return store_.enqueue(point); }
  /// An attempt's start, or a model that is gone: no event, no sampler sees it.
  Result<void> update(Trial trial);
  /// A trial that ended (complete, pruned, failed, paused); gets its event.
  Result<void> finish(Trial trial);
  /// A trial that waits for another attempt.
  Result<void> requeue(Trial trial);
  /// A report of a running trial; gets its event.
  Result<void> report(std::int64_t number, Measurement& report);
  /// All stored reports of a trial.
  Result<std::vector<Measurement>> reports(std::int64_t number);

 private:
  Result<void> write(Trial trial, std::int64_t event, std::optional<std::int64_t> queued = {});

  Study study_;
  Study seen_;
  StudyStore& store_;
};

}  // namespace hpo
