#include "objectives/json.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "objectives/special_numbers.h"

namespace hpo {
namespace {

using nlohmann::json;

Error bad(const std::string& what) { return {.code = ErrorCode::corrupt, .message = what}; }

json values_json(const std::vector<ParameterValue>& values) {
  json list = json::array();
  for (const auto& value : values) list.push_back(to_json(value));
  return list;
}

Result<std::vector<ParameterValue>> values_from(const json& list) {
  std::vector<ParameterValue> values;
  for (const auto& item : list) {
    auto value = parameter_value_from(item);
    if (!value) return value.error();
    values.push_back(std::move(*value));
  }
  return values;
}

struct DomainToJson {
  json& out;
  void operator()(const FloatParameter& d) const {
    out["min"] = d.min;
    out["max"] = d.max;
    out["scale"] = to_string(d.scale);
    if (d.step) out["step"] = *d.step;
  }
  void operator()(const IntParameter& d) const {
    out["min"] = d.min;
    out["max"] = d.max;
    out["scale"] = to_string(d.scale);
    out["step"] = d.step;
  }
  void operator()(const CategoricalParameter& d) const { out["values"] = values_json(d.values); }
  void operator()(const OrdinalParameter& d) const { out["values"] = values_json(d.values); }
  void operator()(const BoolParameter&) const {}
};

Scale scale_from(const std::string& name) {
  if (name == "log") return Scale::log;
  return name == "reverse_log" ? Scale::reverse_log : Scale::linear;
}

Result<Domain> domain_from(const json& in) {
  const auto type = in.at("type").get<std::string>();
  if (type == "bool") return Domain{BoolParameter{}};
  if (type == "float") {
    FloatParameter d{.min = in.at("min"), .max = in.at("max"), .scale = scale_from(in.at("scale"))};
    if (in.contains("step")) d.step = in.at("step").get<double>();
    return Domain{d};
  }
  if (type == "int") {
    return Domain{IntParameter{.min = in.at("min"),
                               .max = in.at("max"),
                               .scale = scale_from(in.at("scale")),
                               .step = in.at("step")}};
  }
  auto values = values_from(in.at("values"));
  if (!values) return values.error();
  if (type == "categorical") return Domain{CategoricalParameter{.values = std::move(*values)}};
  if (type == "ordinal") return Domain{OrdinalParameter{.values = std::move(*values)}};
  return bad("unknown parameter type " + type);
}

Result<Parameter> parameter_from(const json& in) {
  auto domain = domain_from(in);
  if (!domain) return domain.error();
  Parameter parameter{.name = in.at("name"), .domain = std::move(*domain)};
  for (const auto& item : in.at("when")) {
    auto values = values_from(item.at("values"));
    if (!values) return values.error();
    parameter.when.push_back({.parent = item.at("parent"), .values = std::move(*values)});
  }
  return parameter;
}

}  // namespace

json to_json(const ParameterValue& value) {
  return std::visit([](const auto& v) { return json(v); }, value);
}

json to_json(const Configuration& configuration) {
  json out = json::object();
  for (const auto& [name, value] : configuration) out[name] = to_json(value);
  return out;
}

json to_json(const SearchSpace& space) {
  json out = json::array();
  for (const auto& parameter : space.parameters) {
    json item = {
        {"name", parameter.name}, {"type", type_name(parameter.domain)}, {"when", json::array()}};
    std::visit(DomainToJson{item}, parameter.domain);
    for (const auto& condition : parameter.when) {
      item["when"].push_back(
          {{"parent", condition.parent}, {"values", values_json(condition.values)}});
    }
    out.push_back(std::move(item));
  }
  return out;
}

json to_json(const ObjectiveSpec& objective) {
  return {{"metric", objective.metric},
          {"goal", to_string(objective.goal)},
          {"value", to_string(objective.value)}};
}

json to_json(const ConstraintSpec& constraint) {
  json out = {{"metric", constraint.metric}};
  if (constraint.min) out["min"] = *constraint.min;
  if (constraint.max) out["max"] = *constraint.max;
  return out;
}

Result<ParameterValue> parameter_value_from(const json& in) {
  if (in.is_boolean()) return ParameterValue{in.get<bool>()};
  if (in.is_number_integer()) return ParameterValue{in.get<std::int64_t>()};
  if (in.is_number_float()) return ParameterValue{in.get<double>()};
  if (in.is_string()) return ParameterValue{in.get<std::string>()};
  return bad("expected a boolean, number or string, got " + in.dump());
}

Result<Configuration> configuration_from(const json& in) {
  if (!in.is_object()) return bad("expected an object of parameters, got " + in.dump());
  Configuration configuration;
  for (const auto& [name, item] : in.items()) {
    auto value = parameter_value_from(item);
    if (!value) return value.error();
    configuration.emplace(name, std::move(*value));
  }
  return configuration;
}

Result<SearchSpace> search_space_from(const json& in) {
  SearchSpace space;
  try {
    for (const auto& item : in) {
      auto parameter = parameter_from(item);
      if (!parameter) return parameter.error();
      space.parameters.push_back(std::move(*parameter));
    }
  } catch (const json::exception& error) {
    return bad(std::string("search space: ") + error.what());
  }
  return space;
}

Result<ObjectiveSpec> objective_spec_from(const json& in) {
  try {
    const auto goal = goal_from(in.at("goal").get<std::string>());
    const auto rule = value_rule_from(in.at("value").get<std::string>());
    if (!goal || !rule) return bad("objective: unknown goal or value rule in " + in.dump());
    return ObjectiveSpec{.metric = in.at("metric"), .goal = *goal, .value = *rule};
  } catch (const json::exception& error) {
    return bad(std::string("objective: ") + error.what());
  }
}

Result<ConstraintSpec> constraint_spec_from(const json& in) {
  try {
    ConstraintSpec constraint{.metric = in.at("metric")};
    if (in.contains("min")) constraint.min = in.at("min").get<double>();
    if (in.contains("max")) constraint.max = in.at("max").get<double>();
    if (!constraint.min && !constraint.max) return bad("constraint without a bound: " + in.dump());
    return constraint;
  } catch (const json::exception& error) {
    return bad(std::string("constraint: ") + error.what());
  }
}

Result<json> parse_json(std::string_view text) {
  try {
    return json::parse(text);
  } catch (const json::exception& error) {
    return Error{.message = std::string("not valid JSON: ") + error.what()};
  }
}

Result<json> parse_json_line(std::string_view line) {
  auto parsed = parse_json(line);
  if (parsed) return parsed;
  const std::string quoted = with_quoted_specials(line);
  if (quoted == line) return parsed;
  auto again = parse_json(quoted);
  return again ? again : parsed;
}

std::string to_iso8601(TimePoint time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss<std::chrono::milliseconds> clock{time - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

std::optional<TimePoint> from_iso8601(std::string_view text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int milli = 0;
  const std::string copy(text);
  if (std::sscanf(copy.c_str(), "%d-%u-%uT%d:%d:%d.%dZ", &year, &month, &day, &hour, &minute,
                  &second, &milli) != 7) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                         std::chrono::day{day}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
         std::chrono::seconds{second} + std::chrono::milliseconds{milli};
}

}  // namespace hpo
