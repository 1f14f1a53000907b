#include "engine/scheduling/asha_rule.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hpo {

std::optional<std::string> AshaRule::judge(std::int64_t trial, std::int64_t step, double value) {
  if (!std::isfinite(value)) return std::nullopt;
  std::optional<std::string> reason;
  for (std::size_t& next = next_[trial];; ++next) {
    if (next == rungs_.size()) {
      const std::int64_t below = rungs_.empty() ? 0 : rungs_.back().step;
      if (below > step) break;  // rungs beyond need not be made, and must not overflow
      rungs_.push_back({.step = rungs_.empty() ? min_ : below * eta_});
    }
    Rung& rung = rungs_[next];
    if (step < rung.step) break;
    rung.values.push_back(value);
    if (!reason) reason = compare(rung, value);
  }
  return reason;
}

// Fewer than eta values have no best 1/eta but the best one itself: too few to stop anybody.
std::optional<std::string> AshaRule::compare(const Rung& rung, double value) const {
  const auto n = static_cast<std::int64_t>(rung.values.size());
  if (n < eta_) return std::nullopt;
  const auto better = std::count_if(rung.values.begin(), rung.values.end(),
                                    [&](double other) { return is_better(goal_, other, value); });
  const std::int64_t kept = n / eta_;
  if (better < kept) return std::nullopt;
  return fmt::format("asha: {:.6g} at step {} is not among the best {} of {} trials", value,
                     rung.step, kept, n);
}

}  // namespace hpo
