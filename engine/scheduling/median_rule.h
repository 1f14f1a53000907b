#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "engine/scheduling/ledger.h"
#include "engine/scheduling/reports.h"
#include "objectives/error.h"
#include "objectives/study.h"

namespace hpo {

/// `strategy.early_stopping: median`, the rule of SageMaker's automatic tuning: a trial whose
/// current objective is worse than the median of the complete trials' running averages up to the
/// same step is stopped. A function of the complete trials in the order in which they ended.
class MedianRule {
 public:
  static constexpr std::size_t kStartUp = 5;        ///< complete trials before the first decision
  static constexpr std::size_t kPeers = 3;          ///< that must have reached the step
  static constexpr std::size_t kRemembered = 1000;  ///< the newest complete trials

  explicit MedianRule(Goal goal) : goal_(goal) {}

  /// A trial completed with this curve.
  void add(Curve curve);

  /// Adds the complete trials that the ledger holds, in the order in which they ended. Errors: the
  /// store's.
  Result<void> add_complete(Ledger& ledger);

  /// Why a trial that reports `value` at `step` should stop; nothing if it goes on.
  ///
  /// Never in the first tenth of the longest complete trial (a start says little), never where that
  /// one ended (nothing is left to save), never by a value that is not finite (the end says `nan`).
  [[nodiscard]] std::optional<std::string> judge(std::int64_t step, double value) const;

 private:
  Goal goal_;
  std::deque<Curve> curves_ = {};
};

}  // namespace hpo
