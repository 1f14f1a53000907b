#pragma once

#include <Eigen/Core>
#include <optional>

namespace hpo {

/// y' = (min(y, cap) - center)/scale: smaller is still better.
struct OutputTransform {
  double cap = 0;
  double center = 0;
  double scale = 1;

  [[nodiscard]] double operator()(double y) const { return ((y < cap ? y : cap) - center) / scale; }
  /// The y of a y'.
  [[nodiscard]] double inverse(double transformed) const { return center + scale * transformed; }
};

/// Winsorises the bad side and standardises: bad outliers are moved to q75 + 1.5 (q75 - q25) before
/// mean and variance are taken. Nothing where all y are equal.
std::optional<OutputTransform> winsorized_zscore(const Eigen::VectorXd& y);

}  // namespace hpo
