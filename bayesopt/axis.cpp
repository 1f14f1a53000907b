// x: a value as a number;  v = warp(x): x, ln x or -ln(1 - x);  u = (v - v_lo)/(v_hi - v_lo) in
// [0, 1]: the coordinate;  k: the level of a countable axis.
//
// Integers on a log scale: bounds widened by half a step before the logarithm and rounded back, so
// that the first and the last value get their full share (as Optuna's search space does).

#include "bayesopt/axis.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "objectives/error.h"

namespace hpo {
namespace {

/// Slack of FloatParameter's grid: (max - min)/step may be a hair below a whole number.
constexpr double kGridTolerance = 1e-9;

}  // namespace

Axis::Axis(const Domain& domain) {
  if (const auto* f = std::get_if<FloatParameter>(&domain)) set_float(*f);
  if (const auto* i = std::get_if<IntParameter>(&domain)) set_int(*i);
  if (const auto* c = std::get_if<CategoricalParameter>(&domain)) {
    kind_ = Kind::categorical;
    set_values(c->values);
  }
  if (const auto* o = std::get_if<OrdinalParameter>(&domain)) {
    kind_ = Kind::ordinal;
    set_values(o->values);
  }
  if (std::holds_alternative<BoolParameter>(domain)) {
    kind_ = Kind::categorical;
    set_values({false, true});
  }
}

void Axis::set_float(const FloatParameter& domain) {
  scale_ = domain.scale;
  min_ = domain.min;
  max_ = domain.max;
  v_lo_ = warp(domain.min);
  v_hi_ = warp(domain.max);
  if (!domain.step) return;
  kind_ = Kind::stepped;
  step_ = *domain.step;
  last_ = static_cast<std::uint64_t>(
      std::min(std::floor((max_ - min_) / step_ + kGridTolerance), 0x1p62));
}

void Axis::set_int(const IntParameter& domain) {
  kind_ = Kind::integer;
  scale_ = domain.scale;
  first_ = domain.min;
  int_step_ = domain.step;
  // Unsigned differences are exact where max - min does not fit into 64 bits with a sign.
  const std::uint64_t range =
      static_cast<std::uint64_t>(domain.max) - static_cast<std::uint64_t>(domain.min);
  last_ = range / static_cast<std::uint64_t>(domain.step);
  min_ = static_cast<double>(domain.min);
  max_ = static_cast<double>(domain.max);
  step_ = static_cast<double>(domain.step);
  const double last = min_ + static_cast<double>(last_) * step_;
  // A wide step must not take the lower bound of a log scale to zero or below.
  const double lo = scale_ == Scale::log ? std::max(min_ - step_ / 2, min_ / 2) : min_ - step_ / 2;
  v_lo_ = warp(lo);
  v_hi_ = warp(last + step_ / 2);
}

void Axis::set_values(std::vector<ParameterValue> values) {
  values_ = std::move(values);
  last_ = values_.size() - 1;
}

double Axis::warp(double x) const {
  switch (scale_) {
    case Scale::linear:
      return x;
    case Scale::log:
      return std::log(x);
    case Scale::reverse_log:
      return -std::log1p(-x);
  }
  return x;
}

double Axis::unwarp(double v) const {
  switch (scale_) {
    case Scale::linear:
      return v;
    case Scale::log:
      return std::exp(v);
    case Scale::reverse_log:
      return -std::expm1(-v);
  }
  return v;
}

double Axis::place_of(double x) const {
  // Bounds so near that their logarithms are one number leave a single place.
  if (!(v_hi_ > v_lo_)) return 0.5;
  return std::clamp((warp(x) - v_lo_) / (v_hi_ - v_lo_), 0.0, 1.0);
}

std::uint64_t Axis::clamped(double level) const {
  if (!(level > 0)) return 0;
  return level >= static_cast<double>(last_) ? last_ : static_cast<std::uint64_t>(level);
}

double Axis::level(std::uint64_t k) const {
  if (kind_ == Kind::categorical) return static_cast<double>(k);
  if (scale_ == Scale::linear) {
    return (static_cast<double>(k) + 0.5) / (static_cast<double>(last_) + 1);
  }
  return place_of(min_ + static_cast<double>(k) * step_);
}

std::uint64_t Axis::level_of(double coordinate) const {
  if (kind_ == Kind::categorical) return clamped(coordinate);
  if (scale_ == Scale::linear) {
    return clamped(std::floor(coordinate * (static_cast<double>(last_) + 1)));
  }
  const double x = unwarp(v_lo_ + coordinate * (v_hi_ - v_lo_));
  return clamped(std::round((x - min_) / step_));
}

double Axis::snap(double coordinate) const {
  return is_continuous() ? std::clamp(coordinate, 0.0, 1.0) : level(level_of(coordinate));
}

double Axis::from_uniform(double u) const {
  if (kind_ != Kind::categorical) return snap(u);
  return static_cast<double>(clamped(std::floor(u * static_cast<double>(values_.size()))));
}

double Axis::encode(const ParameterValue& value) const {
  switch (kind_) {
    case Kind::continuous:
      return place_of(std::get<double>(value));
    case Kind::stepped:
      return level(clamped(std::round((std::get<double>(value) - min_) / step_)));
    case Kind::integer: {
      const std::uint64_t above = static_cast<std::uint64_t>(std::get<std::int64_t>(value)) -
                                  static_cast<std::uint64_t>(first_);
      return level(above / static_cast<std::uint64_t>(int_step_));
    }
    case Kind::ordinal:
    case Kind::categorical:
      break;
  }
  const auto at = std::find(values_.begin(), values_.end(), value);
  check(at != values_.end(), "an encoded value lies in its domain");
  return level(static_cast<std::uint64_t>(at - values_.begin()));
}

ParameterValue Axis::decode(double coordinate) const {
  switch (kind_) {
    case Kind::continuous: {
      // exp(ln max) may be a hair above max: the bounds are inclusive and strict.
      const double u = std::clamp(coordinate, 0.0, 1.0);
      return std::clamp(unwarp(v_lo_ + u * (v_hi_ - v_lo_)), min_, max_);
    }
    case Kind::stepped:
      return std::min(max_, min_ + static_cast<double>(level_of(coordinate)) * step_);
    case Kind::integer:
      return static_cast<std::int64_t>(static_cast<std::uint64_t>(first_) +
                                       level_of(coordinate) *
                                           static_cast<std::uint64_t>(int_step_));
    case Kind::ordinal:
    case Kind::categorical:
      break;
  }
  return values_[level_of(coordinate)];
}

}  // namespace hpo
