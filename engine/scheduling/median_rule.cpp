#include "engine/scheduling/median_rule.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace hpo {
namespace {

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

}  // namespace

void MedianRule::add(Curve curve) {
  if (!curve.last_step()) return;
  curves_.push_back(std::move(curve));
  if (curves_.size() > kRemembered) curves_.pop_front();
}

Result<void> MedianRule::add_complete(Ledger& ledger) {
  std::vector<const Trial*> complete;
  for (const auto& trial : ledger.study().trials) {
    if (trial->state == TrialState::complete) complete.push_back(trial.get());
  }
  std::sort(complete.begin(), complete.end(),
            [](const Trial* a, const Trial* b) { return a->finished_event < b->finished_event; });
  const std::size_t known = std::min(complete.size(), kRemembered);
  for (auto at = complete.end() - static_cast<std::ptrdiff_t>(known); at != complete.end(); ++at) {
    const auto stored = ledger.reports((*at)->number);
    if (!stored) return stored.error();
    TrialReports reports(ledger.study().spec.objectives.at(0), (*at)->attempt);
    reports.load(*stored);
    add(reports.curve());
  }
  return {};
}

std::optional<std::string> MedianRule::judge(std::int64_t step, double value) const {
  if (curves_.size() < kStartUp || !std::isfinite(value)) return std::nullopt;
  std::vector<double> averages;
  std::int64_t longest = 0;
  for (const auto& curve : curves_) {
    longest = std::max(longest, *curve.last_step());
    if (const auto average = curve.average_at(step)) averages.push_back(*average);
  }
  const bool warming_up = static_cast<double>(step) < 0.1 * static_cast<double>(longest);
  if (warming_up || step >= longest || averages.size() < kPeers) return std::nullopt;
  const std::size_t peers = averages.size();
  const double median = median_of(std::move(averages));
  if (!is_better(goal_, median, value)) return std::nullopt;
  return fmt::format("median rule: {:.6g} at step {} is worse than the median {:.6g} of {} trials",
                     value, step, median, peers);
}

}  // namespace hpo
