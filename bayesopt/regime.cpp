#include "bayesopt/regime.h"

#include <algorithm>

namespace hpo {
namespace {

constexpr std::int64_t kMostWhole = 300;
constexpr std::int64_t kMostGrown = 2000;
/// Up to here every observation is worth a fit.
constexpr std::int64_t kEveryFit = 60;
constexpr std::int64_t kLocalFit = 20;

/// The size of the fit after the one of size n: 5 % more, 10 % more above kMostWhole, where a fit
/// (to a subset) costs less than what a new factor takes.
std::int64_t next_size(std::int64_t n) {
  if (n < kEveryFit) return n + 1;
  if (n < kMostWhole) return std::min(n + n / 20, kMostWhole);
  if (n < kMostGrown) return std::min(n + n / 10, kMostGrown);
  return n + kLocalFit;
}

}  // namespace

Regime regime_of(std::int64_t n) {
  Regime regime{.kind = n <= kMostWhole   ? Regime::Kind::whole
                        : n <= kMostGrown ? Regime::Kind::grown
                                          : Regime::Kind::local,
                .fit_size = std::min(n, kEveryFit)};
  if (n > kMostGrown) regime.fit_size = n - (n - kMostGrown) % kLocalFit;
  while (next_size(regime.fit_size) <= n) regime.fit_size = next_size(regime.fit_size);
  regime.next_fit_size = next_size(regime.fit_size);
  return regime;
}

}  // namespace hpo
