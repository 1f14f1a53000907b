#pragma once

#include <Eigen/Core>
#include <limits>
#include <optional>

namespace hpo {

/// b(y) = sign(t) ln(1 + |t|), t = (y - origin)/unit: as it is near the origin, logarithmic far
/// off.
struct Bilog {
  double origin = 0;
  double unit = 1;

  [[nodiscard]] double operator()(double y) const;
  /// The y of a b(y).
  [[nodiscard]] double inverse(double bent) const;
};

/// y' = (min(b(y), cap) - center)/scale, b the identity where nothing else is given: smaller is
/// still better.
struct OutputTransform {
  double cap = 0;
  double center = 0;
  double scale = 1;
  std::optional<Bilog> bend = {};

  [[nodiscard]] double operator()(double y) const {
    if (bend) y = (*bend)(y);
    return ((y < cap ? y : cap) - center) / scale;
  }
  /// The y of a y'.
  [[nodiscard]] double inverse(double transformed) const {
    const double y = center + scale * transformed;
    return bend ? bend->inverse(y) : y;
  }
};

/// Winsorises the bad side and standardises: bad outliers are moved to q75 + 1.5 (q75 - q25), but
/// nothing below `kept`, before mean and variance are taken. Nothing where all y are equal.
std::optional<OutputTransform> winsorized_zscore(
    const Eigen::VectorXd& y, double kept = -std::numeric_limits<double>::infinity());

/// Of a constraint's metric: bilog around the bound (around the middle of two), in units of the
/// median distance to it, and standardised. What is far from the bound is flattened, what is near
/// it is not, and neither side is cut. Nothing where all y are equal. Eriksson & Poloczek (2021),
/// "Scalable constrained Bayesian optimization", section 3.
std::optional<OutputTransform> bilog_zscore(const Eigen::VectorXd& y, double bound);

}  // namespace hpo
