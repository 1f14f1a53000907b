#include "trainers/statistics.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace hpo {

Interval wilson_interval(std::int64_t successes, std::int64_t n) {
  if (n == 0) return {};
  constexpr double z = 1.959963984540054;  // the normal distribution's 97.5 % quantile
  const auto count = static_cast<double>(n);
  const double p = static_cast<double>(successes) / count;
  const double scale = 1 + z * z / count;
  const double centre = (p + z * z / (2 * count)) / scale;
  const double half = z / scale * std::sqrt(p * (1 - p) / count + z * z / (4 * count * count));
  return {.low = std::max(0.0, centre - half), .high = std::min(1.0, centre + half)};
}

double mcnemar_exact_p(std::int64_t only_first, std::int64_t only_second) {
  const std::int64_t n = only_first + only_second;
  const std::int64_t fewer = std::min(only_first, only_second);
  // p = 2 P(X ≤ fewer), X ~ Binomial(n, 1/2), terms in logarithms against underflow.
  double tail = 0;
  for (std::int64_t k = 0; k <= fewer; ++k) {
    const double log_choose = std::lgamma(static_cast<double>(n + 1)) -
                              std::lgamma(static_cast<double>(k + 1)) -
                              std::lgamma(static_cast<double>(n - k + 1));
    tail += std::exp(log_choose - static_cast<double>(n) * std::numbers::ln2);
  }
  return std::min(1.0, 2 * tail);
}

}  // namespace hpo
