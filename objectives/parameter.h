#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "objectives/configuration.h"

namespace hpo {

/// How an interval is walked: equal steps of x, of ln x, or of −ln(1 − x) (for values near 1).
enum class Scale { linear, log, reverse_log };

/// [min, max], bounds inclusive. With `step` only min + k·step is allowed.
struct FloatParameter {
  double min = 0;
  double max = 1;
  Scale scale = Scale::linear;
  std::optional<double> step = {};
  bool operator==(const FloatParameter&) const = default;
};

/// min, min + step, ..., at most max. `scale` is linear or log.
struct IntParameter {
  std::int64_t min = 0;
  std::int64_t max = 1;
  Scale scale = Scale::linear;
  std::int64_t step = 1;
  bool operator==(const IntParameter&) const = default;
};

/// Values without an order.
struct CategoricalParameter {
  std::vector<ParameterValue> values = {};
  bool operator==(const CategoricalParameter&) const = default;
};

/// Values in their order; neighbours are alike.
struct OrdinalParameter {
  std::vector<ParameterValue> values = {};
  bool operator==(const OrdinalParameter&) const = default;
};

/// false or true.
struct BoolParameter {
  bool operator==(const BoolParameter&) const = default;
};

using Domain = std::variant<FloatParameter, IntParameter, CategoricalParameter, OrdinalParameter,
                            BoolParameter>;

/// Holds where `parent` is active and has one of `values`.
struct Condition {
  std::string parent = {};
  std::vector<ParameterValue> values = {};
  bool operator==(const Condition&) const = default;
};

/// One dimension of the search space; active where every condition of `when` holds.
struct Parameter {
  std::string name = {};
  Domain domain = {};
  std::vector<Condition> when = {};
  bool operator==(const Parameter&) const = default;
};

/// `float`, `int`, `categorical`, `ordinal` or `bool`: the file's word for the domain.
const char* type_name(const Domain& domain);

/// `linear`, `log` or `reverse_log`.
const char* to_string(Scale scale);

/// The values of a finite domain in their order (bool: false, true; int and stepped float: the
/// grid). Empty where the domain is continuous, or holds more than `at_most` values.
std::vector<ParameterValue> finite_values(const Domain& domain, std::size_t at_most = 1'000'000);

/// Whether `value` has the domain's type and lies in it.
bool contains(const Domain& domain, const ParameterValue& value);

}  // namespace hpo
