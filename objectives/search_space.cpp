#include "objectives/search_space.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace hpo {
namespace {

using Problems = std::vector<SpaceProblem>;

bool is_among(const std::vector<ParameterValue>& values, const ParameterValue& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

void add(Problems& problems, const Parameter& parameter, const char* field, std::string message) {
  problems.push_back({.parameter = parameter.name, .field = field, .message = std::move(message)});
}

std::string got(double value) { return ", got " + to_text(ParameterValue{value}); }
std::string got(std::int64_t value) { return ", got " + std::to_string(value); }

void check_float(Problems& problems, const Parameter& parameter, const FloatParameter& d) {
  if (!std::isfinite(d.min))
    add(problems, parameter, "min", "must be a finite number" + got(d.min));
  if (!std::isfinite(d.max))
    add(problems, parameter, "max", "must be a finite number" + got(d.max));
  if (!std::isfinite(d.min) || !std::isfinite(d.max)) return;
  if (!(d.min < d.max)) {
    add(problems, parameter, "max",
        "must be greater than min (" + to_text(ParameterValue{d.min}) + ")" + got(d.max));
  } else if (!std::isfinite(d.max - d.min)) {
    add(problems, parameter, "max", "max - min must be a finite number");
  }
  if (d.scale == Scale::log && !(d.min > 0)) {
    add(problems, parameter, "min", "must be > 0 for scale log" + got(d.min));
  }
  if (d.scale == Scale::reverse_log) {
    if (!(d.min >= 0))
      add(problems, parameter, "min", "must be >= 0 for scale reverse_log" + got(d.min));
    if (!(d.max < 1))
      add(problems, parameter, "max", "must be < 1 for scale reverse_log" + got(d.max));
  }
  if (!d.step) return;
  if (!(*d.step > 0) || !std::isfinite(*d.step)) {
    add(problems, parameter, "step", "must be > 0" + got(*d.step));
  } else if (d.max > d.min && *d.step > d.max - d.min) {
    add(problems, parameter, "step", "must be at most max - min" + got(*d.step));
  } else if (d.scale != Scale::linear) {
    add(problems, parameter, "step",
        std::string("goes with scale linear only, not ") + to_string(d.scale));
  }
}

void check_int(Problems& problems, const Parameter& parameter, const IntParameter& d) {
  if (d.min >= d.max) {
    add(problems, parameter, "max",
        "must be greater than min (" + std::to_string(d.min) + ")" + got(d.max));
  }
  if (d.scale == Scale::log && d.min <= 0) {
    add(problems, parameter, "min", "must be > 0 for scale log" + got(d.min));
  }
  if (d.scale == Scale::reverse_log) {
    add(problems, parameter, "scale", "reverse_log goes with type float only");
  }
  if (d.step <= 0) {
    add(problems, parameter, "step", "must be > 0" + got(d.step));
  } else if (d.max > d.min && static_cast<double>(d.step) >
                                  static_cast<double>(d.max) - static_cast<double>(d.min)) {
    add(problems, parameter, "step", "must be at most max - min" + got(d.step));
  }
}

void check_values(Problems& problems, const Parameter& parameter,
                  const std::vector<ParameterValue>& values) {
  if (values.empty()) add(problems, parameter, "values", "must name at least one value");
  std::set<std::string> seen;
  for (const auto& value : values) {
    if (!seen.insert(to_text(value)).second) {
      add(problems, parameter, "values", "names \"" + to_text(value) + "\" twice");
    }
    const auto* x = std::get_if<double>(&value);
    if (x != nullptr && !std::isfinite(*x))
      add(problems, parameter, "values", "must be finite" + got(*x));
  }
}

void check_domain(Problems& problems, const Parameter& parameter) {
  if (const auto* f = std::get_if<FloatParameter>(&parameter.domain))
    check_float(problems, parameter, *f);
  if (const auto* i = std::get_if<IntParameter>(&parameter.domain))
    check_int(problems, parameter, *i);
  if (const auto* c = std::get_if<CategoricalParameter>(&parameter.domain)) {
    check_values(problems, parameter, c->values);
  }
  if (const auto* o = std::get_if<OrdinalParameter>(&parameter.domain)) {
    check_values(problems, parameter, o->values);
  }
}

void check_condition(Problems& problems, const SearchSpace& space, const Parameter& parameter,
                     const Condition& condition) {
  const Parameter* parent = space.find(condition.parent);
  const std::string where = "when." + condition.parent;
  if (parent == nullptr) {
    add(problems, parameter, where.c_str(), "names a parameter that does not exist");
    return;
  }
  if (std::holds_alternative<FloatParameter>(parent->domain)) {
    add(problems, parameter, where.c_str(), "a float parameter cannot be a condition's parent");
    return;
  }
  if (condition.values.empty())
    add(problems, parameter, where.c_str(), "must name at least one value");
  for (const auto& value : condition.values) {
    if (!contains(parent->domain, value)) {
      add(problems, parameter, where.c_str(),
          "\"" + to_text(value) + "\" is not a value of " + condition.parent);
    }
  }
}

/// Depth-first search for a cycle of conditions through `index`; 1: on the path, 2: done.
bool has_cycle(const SearchSpace& space, std::size_t index, std::vector<int>& mark) {
  if (mark[index] != 0) return mark[index] == 1;
  mark[index] = 1;
  for (const auto& condition : space.parameters[index].when) {
    const Parameter* parent = space.find(condition.parent);
    if (parent == nullptr) continue;
    if (has_cycle(space, static_cast<std::size_t>(parent - space.parameters.data()), mark))
      return true;
  }
  mark[index] = 2;
  return false;
}

void visit(const SearchSpace& space, std::size_t index, std::vector<bool>& done,
           std::vector<std::size_t>& order) {
  if (done[index]) return;
  done[index] = true;
  for (const auto& condition : space.parameters[index].when) {
    const Parameter* parent = space.find(condition.parent);
    visit(space, static_cast<std::size_t>(parent - space.parameters.data()), done, order);
  }
  order.push_back(index);
}

Error outside(const Parameter& parameter, const ParameterValue& value) {
  return {.message = "parameter " + parameter.name + ": " + to_text(value) + " is not in its " +
                     type_name(parameter.domain) + " domain"};
}

/// At most this many configurations are counted one by one where conditions make products wrong.
constexpr double kLargestCount =
    9007199254740992.0;  // 2^53: every smaller count is exact in a double

/// Number of configurations of the parameters order[from..], given the values chosen so far.
double count_from(const SearchSpace& space, const std::vector<std::size_t>& order, std::size_t from,
                  const std::vector<bool>& is_parent, Configuration& chosen) {
  double factor = 1;
  for (std::size_t i = from; i < order.size(); ++i) {
    const Parameter& parameter = space.parameters[order[i]];
    if (!space.is_active(parameter, chosen)) continue;
    const auto values = finite_values(parameter.domain);
    if (!is_parent[order[i]]) {
      factor *= static_cast<double>(values.size());
      continue;
    }
    double sum = 0;
    for (const auto& value : values) {
      chosen[parameter.name] = value;
      sum += count_from(space, order, i + 1, is_parent, chosen);
      chosen.erase(parameter.name);
      if (factor * sum > kLargestCount) break;
    }
    return factor * sum;
  }
  return factor;
}

}  // namespace

std::vector<SpaceProblem> SearchSpace::problems() const {
  Problems found;
  if (parameters.empty()) found.push_back({.message = "must name at least one parameter"});
  std::set<std::string> names;
  for (const auto& parameter : parameters) {
    if (!names.insert(parameter.name).second) add(found, parameter, "", "is defined twice");
    check_domain(found, parameter);
    for (const auto& condition : parameter.when)
      check_condition(found, *this, parameter, condition);
  }
  std::vector<int> mark(parameters.size(), 0);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (has_cycle(*this, i, mark)) {
      add(found, parameters[i], "when", "its conditions lead back to itself");
      break;
    }
  }
  return found;
}

const Parameter* SearchSpace::find(std::string_view name) const {
  const auto at = std::find_if(parameters.begin(), parameters.end(),
                               [&](const Parameter& parameter) { return parameter.name == name; });
  return at == parameters.end() ? nullptr : &*at;
}

std::vector<std::size_t> SearchSpace::parents_first() const {
  std::vector<std::size_t> order;
  std::vector<bool> done(parameters.size(), false);
  for (std::size_t i = 0; i < parameters.size(); ++i) visit(*this, i, done, order);
  return order;
}

bool SearchSpace::is_active(const Parameter& parameter, const Configuration& configuration) const {
  return std::all_of(parameter.when.begin(), parameter.when.end(), [&](const Condition& condition) {
    const auto parent = configuration.find(condition.parent);
    return parent != configuration.end() && is_among(condition.values, parent->second);
  });
}

Result<void> SearchSpace::check_configuration(const Configuration& configuration) const {
  std::size_t active = 0;
  for (const auto& parameter : parameters) {
    const auto at = configuration.find(parameter.name);
    if (!is_active(parameter, configuration)) {
      if (at == configuration.end()) continue;
      return Error{.message = "parameter " + parameter.name +
                              ": its conditions do not hold, so it takes no value"};
    }
    if (at == configuration.end())
      return Error{.message = "parameter " + parameter.name + ": has no value"};
    if (!contains(parameter.domain, at->second)) return outside(parameter, at->second);
    ++active;
  }
  for (const auto& [name, value] : configuration) {
    if (find(name) == nullptr)
      return Error{.message = "parameter " + name + ": is not in the search space"};
  }
  check(active == configuration.size(), "every value belongs to an active parameter");
  return {};
}

std::optional<std::uint64_t> SearchSpace::cardinality() const {
  std::vector<bool> is_parent(parameters.size(), false);
  for (const auto& parameter : parameters) {
    if (finite_values(parameter.domain).empty()) return std::nullopt;
    for (const auto& condition : parameter.when) {
      is_parent[static_cast<std::size_t>(find(condition.parent) - parameters.data())] = true;
    }
  }
  Configuration chosen;
  const double count = count_from(*this, parents_first(), 0, is_parent, chosen);
  if (count > kLargestCount) return std::nullopt;
  return static_cast<std::uint64_t>(count);
}

}  // namespace hpo
