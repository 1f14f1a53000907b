#pragma once

#include <cstdint>

namespace hpo {

struct Interval {
  double low = 0;
  double high = 1;
};

/// The 95 % interval of a proportion of which `successes` of `n` were seen.
///
/// The score interval, which stays in [0, 1] and is right for small n (Wilson 1927). n = 0: [0, 1].
Interval wilson_interval(std::int64_t successes, std::int64_t n);

/// The two-sided p-value of the exact McNemar test: of the photos that two models judge
/// differently, `only_first` were right with the first and `only_second` with the second; without
/// a difference between the models both are equally likely (binomial, 1/2). McNemar (1947).
double mcnemar_exact_p(std::int64_t only_first, std::int64_t only_second);

}  // namespace hpo
