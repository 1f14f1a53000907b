#pragma once

#include <cstdint>

namespace hpo {

class GaussianProcess;

/// Whether a model's deviations are right, seen by leaving out one result after the other. z: how
/// many predicted deviations a result lies from its prediction; squares of z are 1 in the mean.
struct Calibration {
  std::int64_t n = 0;          ///< results that were left out, the newest ones
  double variance = 1;         ///< mean z²
  double recent_variance = 1;  ///< of the newest 30
  double within_one = 0;       ///< share of |z| ≤ 1; 0.68 of a normal distribution
  double within_two = 0;       ///< share of |z| ≤ 2; 0.95
  double explained = 0;        ///< 1 - Σ residual²/Σ (y - mean)²: R² of the predictions

  /// By what the model's variances have to be multiplied; 1 unless they are clearly too small.
  [[nodiscard]] double widening() const;
  /// Whether its deviations may be taken at their word.
  [[nodiscard]] bool is_good() const;
};

/// Of a process without fantasies. O(n²) for each of at most 100 results.
Calibration calibration_of(const GaussianProcess& gp);

}  // namespace hpo
