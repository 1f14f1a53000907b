#include "objectives/parameter.h"

#include <algorithm>
#include <cmath>

namespace hpo {
namespace {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

/// Relative slack for "on the grid" and "within the bounds": a bound may come from decimal text.
constexpr double kGridTolerance = 1e-9;

bool contains_float(const FloatParameter& domain, const ParameterValue& value) {
  const auto* x = std::get_if<double>(&value);
  if (x == nullptr || !(*x >= domain.min) || !(*x <= domain.max)) return false;
  if (!domain.step) return true;
  const double k = (*x - domain.min) / *domain.step;
  return std::abs(k - std::round(k)) <= kGridTolerance * std::max(1.0, std::abs(k));
}

/// high − low, which may not fit into 64 bits with a sign.
std::uint64_t distance(std::int64_t low, std::int64_t high) {
  return static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
}

bool contains_int(const IntParameter& domain, const ParameterValue& value) {
  const auto* x = std::get_if<std::int64_t>(&value);
  return x != nullptr && *x >= domain.min && *x <= domain.max &&
         distance(domain.min, *x) % static_cast<std::uint64_t>(domain.step) == 0;
}

bool is_among(const std::vector<ParameterValue>& values, const ParameterValue& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

std::vector<ParameterValue> float_grid(const FloatParameter& domain, std::size_t at_most) {
  std::vector<ParameterValue> values;
  if (!domain.step) return values;
  const double count = std::floor((domain.max - domain.min) / *domain.step + kGridTolerance) + 1;
  if (count > static_cast<double>(at_most)) return values;
  for (std::int64_t k = 0; k < static_cast<std::int64_t>(count); ++k) {
    values.emplace_back(std::min(domain.max, domain.min + static_cast<double>(k) * *domain.step));
  }
  return values;
}

std::vector<ParameterValue> int_grid(const IntParameter& domain, std::size_t at_most) {
  std::vector<ParameterValue> values;
  const double range = static_cast<double>(domain.max) - static_cast<double>(domain.min);
  if (range / static_cast<double>(domain.step) + 1 > static_cast<double>(at_most)) return values;
  const auto step = static_cast<std::uint64_t>(domain.step);
  for (std::int64_t x = domain.min; x <= domain.max; x += domain.step) {
    values.emplace_back(x);
    if (distance(x, domain.max) < step) break;  // x + step may not fit into 64 bits
  }
  return values;
}

std::vector<ParameterValue> up_to(const std::vector<ParameterValue>& values, std::size_t at_most) {
  return values.size() <= at_most ? values : std::vector<ParameterValue>{};
}

}  // namespace

const char* type_name(const Domain& domain) {
  return std::visit(Overloaded{[](const FloatParameter&) { return "float"; },
                               [](const IntParameter&) { return "int"; },
                               [](const CategoricalParameter&) { return "categorical"; },
                               [](const OrdinalParameter&) { return "ordinal"; },
                               [](const BoolParameter&) { return "bool"; }},
                    domain);
}

const char* to_string(Scale scale) {
  switch (scale) {
    case Scale::linear:
      return "linear";
    case Scale::log:
      return "log";
    case Scale::reverse_log:
      return "reverse_log";
  }
  return "linear";
}

std::vector<ParameterValue> finite_values(const Domain& domain, std::size_t at_most) {
  return std::visit(
      Overloaded{[&](const FloatParameter& d) { return float_grid(d, at_most); },
                 [&](const IntParameter& d) { return int_grid(d, at_most); },
                 [&](const CategoricalParameter& d) { return up_to(d.values, at_most); },
                 [&](const OrdinalParameter& d) { return up_to(d.values, at_most); },
                 [&](const BoolParameter&) {
                   return up_to({ParameterValue{false}, ParameterValue{true}}, at_most);
                 }},
      domain);
}

bool contains(const Domain& domain, const ParameterValue& value) {
  return std::visit(
      Overloaded{[&](const FloatParameter& d) { return contains_float(d, value); },
                 [&](const IntParameter& d) { return contains_int(d, value); },
                 [&](const CategoricalParameter& d) { return is_among(d.values, value); },
                 [&](const OrdinalParameter& d) { return is_among(d.values, value); },
                 [&](const BoolParameter&) { return std::holds_alternative<bool>(value); }},
      domain);
}

}  // namespace hpo
