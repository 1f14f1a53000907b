#include "bayesopt/ladder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hpo {

Result<Ladder> Ladder::make(const LadderOptions& options) {
  if (options.min < 1 || options.max <= options.min || options.max > kLargestBudget) {
    return Error{.message = fmt::format("budget: needs 1 <= min < max <= {}, got min {} and max {}",
                                        kLargestBudget, options.min, options.max),
                 .hint = "such as budget: {parameter: epochs, min: 1, max: 27}"};
  }
  if (options.eta < 2) {
    return Error{.message = fmt::format("eta: must be at least 2, got {}", options.eta)};
  }
  Ladder ladder;
  ladder.eta_ = options.eta;
  const auto eta = static_cast<double>(options.eta);
  for (double budget = static_cast<double>(options.max);; budget /= eta) {
    const std::int64_t rounded = std::llround(budget);
    if (rounded < options.min || budget < 0.5) break;
    if (ladder.budgets_.empty() || ladder.budgets_.back() != rounded) {
      ladder.budgets_.push_back(rounded);
    }
  }
  std::reverse(ladder.budgets_.begin(), ladder.budgets_.end());
  const auto rungs = static_cast<std::int64_t>(ladder.budgets_.size());
  if (rungs < 2) {
    return Error{.message = fmt::format("budget: from {} to {} there is no step of eta = {}",
                                        options.min, options.max, options.eta),
                 .hint = "lower min, raise max, or take a smaller eta"};
  }
  if (options.brackets < 0 || options.brackets > rungs) {
    return Error{.message = fmt::format("brackets: must be from 1 to {}, the rungs from {} to {}, "
                                        "got {}",
                                        rungs, options.min, options.max, options.brackets)};
  }
  ladder.brackets_ = static_cast<std::size_t>(options.brackets == 0 ? rungs : options.brackets);
  return ladder;
}

std::size_t Ladder::rung_of(std::int64_t budget) const {
  const auto at = std::lower_bound(budgets_.begin(), budgets_.end(), budget);
  return at == budgets_.end() ? top() : static_cast<std::size_t>(at - budgets_.begin());
}

std::size_t Ladder::bracket(double u) const {
  std::vector<double> sizes;
  double total = 0;
  for (std::size_t b = 0; b < brackets_; ++b) {
    const auto s = static_cast<double>(top() - b);
    const double share = static_cast<double>(top() + 1) / (s + 1);
    sizes.push_back(std::ceil(share * std::pow(static_cast<double>(eta_), s)));
    total += sizes.back();
  }
  double left = u * total;
  std::size_t b = 0;
  while (b + 1 < brackets_ && (left -= sizes[b]) >= 0) ++b;
  return b;
}

}  // namespace hpo
