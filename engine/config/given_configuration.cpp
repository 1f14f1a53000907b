#include "engine/config/given_configuration.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <optional>
#include <set>

#include "engine/config/suggestions.h"

namespace hpo::config {
namespace {

/// 2^63: the first double beyond the integers.
constexpr double kBeyondIntegers = 9223372036854775808.0;

std::optional<double> as_number(const ParameterValue& value) {
  if (const auto* x = std::get_if<double>(&value)) return *x;
  if (const auto* i = std::get_if<std::int64_t>(&value)) return static_cast<double>(*i);
  return std::nullopt;
}

const std::vector<ParameterValue>* listed_values(const Domain& domain) {
  if (const auto* d = std::get_if<CategoricalParameter>(&domain)) return &d->values;
  if (const auto* d = std::get_if<OrdinalParameter>(&domain)) return &d->values;
  return nullptr;
}

/// The value as the domain types it; where it does not fit, as it is.
ParameterValue typed_for(const Domain& domain, const ParameterValue& value) {
  const auto x = as_number(value);
  if (x && std::holds_alternative<FloatParameter>(domain)) return *x;
  const bool is_whole = x && *x == std::floor(*x) && std::abs(*x) < kBeyondIntegers;
  if (is_whole && std::holds_alternative<IntParameter>(domain) &&
      std::holds_alternative<double>(value)) {
    return static_cast<std::int64_t>(*x);
  }
  if (const auto* values = listed_values(domain); values != nullptr && !contains(domain, value)) {
    for (const auto& listed : *values) {
      const bool is_equal_number = x && as_number(listed) == x;
      if (is_equal_number || to_text(listed) == to_text(value)) return listed;
    }
  }
  return value;
}

std::string range_text(const std::string& min, const std::string& max, const std::string& step) {
  return fmt::format("from {} to {}{}", min, max, step.empty() ? "" : " in steps of " + step);
}

std::string what_fits(const Domain& domain) {
  if (const auto* d = std::get_if<FloatParameter>(&domain)) {
    return "a number " + range_text(to_text(d->min), to_text(d->max),
                                    d->step ? to_text(*d->step) : std::string());
  }
  if (const auto* d = std::get_if<IntParameter>(&domain)) {
    return "an integer " + range_text(to_text(d->min), to_text(d->max),
                                      d->step != 1 ? to_text(d->step) : std::string());
  }
  if (std::holds_alternative<BoolParameter>(domain)) return "true or false";
  std::vector<std::string> names;
  for (const auto& value : *listed_values(domain)) names.push_back(to_text(value));
  return fmt::format("one of {}", fmt::join(names, ", "));
}

std::string hint_for_value(const Domain& domain, const ParameterValue& value) {
  const auto* values = listed_values(domain);
  if (values == nullptr) return {};
  std::vector<std::string> names;
  for (const auto& listed : *values) names.push_back(to_text(listed));
  return did_you_mean(to_text(value), names);
}

std::string conditions_of(const Parameter& parameter) {
  std::vector<std::string> conditions;
  for (const auto& condition : parameter.when) {
    std::vector<std::string> values;
    for (const auto& value : condition.values) values.push_back(to_text(value));
    conditions.push_back(fmt::format("{} is {}", condition.parent, fmt::join(values, " or ")));
  }
  return fmt::format("{}", fmt::join(conditions, " and "));
}

/// Looks at the parameters, parents first, so that it is known which ones are active.
class Checker {
 public:
  Checker(const SearchSpace& space, const Configuration& given) : space_(space), given_(given) {}

  GivenConfiguration check() {
    for (const auto i : space_.parents_first()) look_at(space_.parameters[i]);
    std::vector<std::string> names;
    for (const auto& parameter : space_.parameters) names.push_back(parameter.name);
    for (const auto& [name, value] : given_) {
      if (space_.find(name) != nullptr) continue;
      found_.problems.push_back({.parameter = name,
                                 .message = "is not in the search space",
                                 .hint = did_you_mean(name, names)});
    }
    return std::move(found_);
  }

 private:
  void look_at(const Parameter& parameter) {
    for (const auto& condition : parameter.when) {
      // Whether it is active cannot be said while its parent's value is wrong.
      if (wrong_.contains(condition.parent)) wrong_.insert(parameter.name);
    }
    if (wrong_.contains(parameter.name)) return;
    const auto at = given_.find(parameter.name);
    const bool is_given = at != given_.end();
    if (!space_.is_active(parameter, found_.configuration)) {
      if (is_given) {
        add(parameter, fmt::format("takes a value only where {}", conditions_of(parameter)));
      }
    } else if (!is_given) {
      add(parameter, fmt::format("is missing; expected {}", what_fits(parameter.domain)));
      found_.problems.back().is_missing = true;
    } else {
      take(parameter, at->second);
    }
  }

  void take(const Parameter& parameter, const ParameterValue& value) {
    auto typed = typed_for(parameter.domain, value);
    if (contains(parameter.domain, typed)) {
      found_.configuration.emplace(parameter.name, std::move(typed));
      return;
    }
    add(parameter, fmt::format("must be {}, got {}", what_fits(parameter.domain), to_text(value)),
        hint_for_value(parameter.domain, value));
  }

  void add(const Parameter& parameter, std::string message, std::string hint = {}) {
    wrong_.insert(parameter.name);
    found_.problems.push_back(
        {.parameter = parameter.name, .message = std::move(message), .hint = std::move(hint)});
  }

  const SearchSpace& space_;
  const Configuration& given_;
  std::set<std::string> wrong_ = {};
  GivenConfiguration found_ = {};
};

}  // namespace

GivenConfiguration given_configuration(const SearchSpace& space, const Configuration& given) {
  return Checker(space, given).check();
}

Result<Configuration> configuration_in(const SearchSpace& space, const Configuration& given) {
  auto found = given_configuration(space, given);
  if (found.problems.empty()) return std::move(found.configuration);
  std::vector<std::string> messages;
  std::string hint;
  for (const auto& problem : found.problems) {
    messages.push_back(fmt::format("{}: {}", problem.parameter, problem.message));
    if (hint.empty()) hint = problem.hint;
  }
  return Error{.message = fmt::format("{}", fmt::join(messages, "; ")), .hint = hint};
}

}  // namespace hpo::config
