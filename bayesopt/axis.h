#pragma once

#include <cstdint>
#include <vector>

#include "objectives/parameter.h"

namespace hpo {

/// One parameter's values as numbers: a place in [0, 1] where values have an order (on the
/// parameter's scale), the number of the value where they have none (categorical, bool).
///
/// Values that can be counted are levels 0, 1, ...; each has the same share of [0, 1] (on a log
/// scale: its share after widening the bounds by half a step), and its place lies within it.
class Axis {
 public:
  explicit Axis(const Domain& domain);

  [[nodiscard]] bool is_categorical() const { return kind_ == Kind::categorical; }
  [[nodiscard]] bool is_continuous() const { return kind_ == Kind::continuous; }
  /// How many values there are; of a continuous axis 0.
  [[nodiscard]] std::uint64_t levels() const { return is_continuous() ? 0 : last_ + 1; }

  /// The coordinate of a value of the domain.
  [[nodiscard]] double encode(const ParameterValue& value) const;
  /// The value nearest to a coordinate; always within the domain.
  [[nodiscard]] ParameterValue decode(double coordinate) const;
  /// The coordinate of the value nearest to `coordinate`.
  [[nodiscard]] double snap(double coordinate) const;
  /// A coordinate from u in [0, 1), every level equally often (log: by its share).
  [[nodiscard]] double from_uniform(double u) const;
  /// The coordinate of level k.
  [[nodiscard]] double level(std::uint64_t k) const;
  /// The level nearest to a coordinate of a countable axis.
  [[nodiscard]] std::uint64_t level_of(double coordinate) const;

 private:
  enum class Kind { continuous, stepped, integer, ordinal, categorical };

  void set_float(const FloatParameter& domain);
  void set_int(const IntParameter& domain);
  void set_values(std::vector<ParameterValue> values);
  [[nodiscard]] double warp(double x) const;
  [[nodiscard]] double unwarp(double v) const;
  [[nodiscard]] double place_of(double x) const;
  [[nodiscard]] std::uint64_t clamped(double level) const;

  Kind kind_ = Kind::continuous;
  Scale scale_ = Scale::linear;
  double min_ = 0;          ///< the first value
  double max_ = 1;          ///< no value above it
  double step_ = 0;         ///< between values, stepped and integer
  std::int64_t first_ = 0;  ///< integer: the first value, exact
  std::int64_t int_step_ = 1;
  std::uint64_t last_ = 0;                   ///< the last level
  double v_lo_ = 0;                          ///< warp of coordinate 0
  double v_hi_ = 1;                          ///< warp of coordinate 1
  std::vector<ParameterValue> values_ = {};  ///< ordinal and categorical
};

}  // namespace hpo
