#pragma once

#include <optional>
#include <vector>

#include "objectives/parameter.h"

namespace hpo::cli {

/// A direction of a chart: values from `min` to `max` on a scale.
struct Axis {
  double min = 0;
  double max = 1;
  Scale scale = Scale::linear;

  /// Where the value lies, from 0 (min) to 1 (max); nothing where it cannot be drawn.
  [[nodiscard]] std::optional<double> at(double value) const;
  /// Round values within the range, at most `most` (two or more) and ascending: 1, 2 or 5 times a
  /// power of ten; on logarithmic scales powers of ten where there are two.
  [[nodiscard]] std::vector<double> ticks(int most) const;
};

/// An axis that holds the values, a little wider where they are all equal. On a logarithmic scale
/// only positive ones count (below 1 on the reversed one).
Axis axis_over(const std::vector<double>& values, Scale scale);

/// Logarithmic where all are positive and the largest is a hundred times the smallest: a linear
/// axis would show the large ones only.
Scale scale_for(const std::vector<double>& values);

}  // namespace hpo::cli
