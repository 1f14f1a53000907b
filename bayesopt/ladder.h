#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "objectives/error.h"

namespace hpo {

/// What hyperband's trials run for: `strategy.budget`, `eta` and `brackets`.
struct LadderOptions {
  std::string parameter = {};  ///< the hyperparameter that the program reads its budget from
  std::int64_t min = 1;
  std::int64_t max = 0;
  std::int64_t eta = 3;       ///< of how many trials on a rung one goes on
  std::int64_t brackets = 0;  ///< how many different first rungs; 0: as many as there are rungs
};

/// The largest budget, SageMaker's.
inline constexpr std::int64_t kLargestBudget = 20'000;

/// The budgets at which trials are compared: max, max/eta, max/eta², ... down to min, rounded, in
/// rising order; and which of them brackets start on. Li et al. (2018), "Hyperband".
class Ladder {
 public:
  /// Error: usage, naming the option.
  static Result<Ladder> make(const LadderOptions& options);

  [[nodiscard]] const std::vector<std::int64_t>& budgets() const { return budgets_; }
  [[nodiscard]] std::size_t top() const { return budgets_.size() - 1; }
  /// The rung of a budget: the first that is at least as high, else the top.
  [[nodiscard]] std::size_t rung_of(std::int64_t budget) const;
  [[nodiscard]] std::int64_t eta() const { return eta_; }
  /// The bracket of a new trial, bracket b starting on rung b: each as often as it has trials in
  /// Hyperband, ceil((top + 1)/(s + 1) eta^s) with s = top - b. u in [0, 1).
  [[nodiscard]] std::size_t bracket(double u) const;

 private:
  std::vector<std::int64_t> budgets_ = {};
  std::int64_t eta_ = 3;
  std::size_t brackets_ = 1;
};

}  // namespace hpo
