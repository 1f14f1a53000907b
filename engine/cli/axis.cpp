#include "engine/cli/axis.h"

#include <algorithm>
#include <cmath>

namespace hpo::cli {
namespace {

constexpr double kWideSpan = 100;  ///< of largest to smallest: from here on logarithmic

/// The scale's own coordinate: x, ln x, −ln(1 − x).
double coordinate(Scale scale, double value) {
  switch (scale) {
    case Scale::linear:
      return value;
    case Scale::log:
      return std::log(value);
    case Scale::reverse_log:
      return -std::log1p(-value);
  }
  return value;
}

std::vector<double> linear_ticks(double min, double max, int most) {
  for (double unit = std::pow(10.0, std::floor(std::log10((max - min) / most)));; unit *= 10) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double step = unit * factor;
      const double first = std::ceil(min / step - 1e-9);
      const double last = std::floor(max / step + 1e-9);
      if (last - first + 1 > most) continue;
      std::vector<double> ticks;
      for (double k = first; k <= last; ++k) ticks.push_back(k == 0 ? 0.0 : k * step);
      return ticks;
    }
  }
}

/// 10^k, every second, third, ... of them where there are many. `to_value` makes the tick of one.
template <class ToValue>
std::vector<double> decade_ticks(int first, int last, int most, ToValue to_value) {
  std::vector<double> ticks;
  const int stride = std::max(1, (last - first + most) / most);
  for (int k = first; k <= last; k += stride) ticks.push_back(to_value(std::pow(10.0, k)));
  return ticks;
}

}  // namespace

std::optional<double> Axis::at(double value) const {
  const double begin = coordinate(scale, min);
  const double share = (coordinate(scale, value) - begin) / (coordinate(scale, max) - begin);
  if (!std::isfinite(share) || share < -1e-9 || share > 1 + 1e-9) return std::nullopt;
  return std::clamp(share, 0.0, 1.0);
}

std::vector<double> Axis::ticks(int most) const {
  std::vector<double> ticks;
  if (scale == Scale::log) {
    const int first = static_cast<int>(std::ceil(std::log10(min) - 1e-9));
    const int last = static_cast<int>(std::floor(std::log10(max) + 1e-9));
    ticks = decade_ticks(first, last, most, [](double power) { return power; });
  } else if (scale == Scale::reverse_log) {
    const int first = static_cast<int>(std::ceil(std::log10(1 - max) - 1e-9));
    const int last = static_cast<int>(std::floor(std::log10(1 - min) + 1e-9));
    ticks = decade_ticks(first, last, most, [](double power) { return 1 - power; });
    std::sort(ticks.begin(), ticks.end());
  }
  if (ticks.size() >= 2) return ticks;
  ticks = linear_ticks(min, max, most);
  return ticks.size() >= 2 ? ticks : std::vector<double>{min, max};
}

Axis axis_over(const std::vector<double>& values, Scale scale) {
  std::vector<double> kept;
  for (const double value : values) {
    if (std::isfinite(coordinate(scale, value))) kept.push_back(value);
  }
  if (kept.empty()) return {.min = scale == Scale::log ? 0.1 : 0, .max = 0.9, .scale = scale};
  const auto [low, high] = std::minmax_element(kept.begin(), kept.end());
  Axis axis{.min = *low, .max = *high, .scale = scale};
  if (axis.max - axis.min > 1e-12 * std::abs(axis.max)) return axis;
  // Positive values stay so; those below 1 too.
  const double margin = axis.max == 0 ? 1 : std::abs(axis.max) / 2;
  axis.max = scale == Scale::reverse_log ? (1 + axis.max) / 2 : axis.max + margin;
  axis.min -= margin;
  return axis;
}

Scale scale_for(const std::vector<double>& values) {
  std::vector<double> kept;
  for (const double value : values) {
    if (std::isfinite(value)) kept.push_back(value);
  }
  if (kept.empty()) return Scale::linear;
  const auto [low, high] = std::minmax_element(kept.begin(), kept.end());
  return *low > 0 && *high / *low >= kWideSpan ? Scale::log : Scale::linear;
}

}  // namespace hpo::cli
