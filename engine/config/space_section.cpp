// `parameters:` name → {type, min, max, scale, step | values, when}.

#include <fmt/format.h>

#include <algorithm>

#include "engine/config/sections.h"
#include "engine/config/suggestions.h"
#include "engine/config/yaml_scalar.h"

namespace hpo::config {
namespace {

const std::vector<std::string> kTypes = {"float", "int", "categorical", "ordinal", "bool"};
const std::vector<std::string> kScales = {"linear", "log", "reverse_log"};
const std::vector<std::string> kFields = {"type", "min", "max", "scale", "step", "values", "when"};
constexpr const char* kExample = "such as {type: float, min: 0.1, max: 0.9}";

/// Names become `--name value` arguments and parts of environment variables.
std::string what_is_wrong_with_name(const std::string& name) {
  if (name.empty()) return "a parameter needs a name";
  if (name.starts_with('-')) return "a parameter's name cannot start with \"-\"";
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= ' ' || byte == 0x7F || c == '=') {
      return "a parameter's name cannot hold blanks, control characters or \"=\"";
    }
  }
  return {};
}

Scale scale_from(const std::optional<std::string>& name) {
  if (name == "log") return Scale::log;
  return name == "reverse_log" ? Scale::reverse_log : Scale::linear;
}

/// Reads one parameter; nothing where a field is missing or of the wrong type.
class ParameterReader {
 public:
  ParameterReader(const YamlNode& node, const std::string& name, Findings& findings)
      : section_(&node, "parameters." + name, kExample, findings), name_(name) {}

  std::optional<Parameter> read() {
    if (!section_.is_valid()) return std::nullopt;
    const auto domain = read_domain();
    auto when = read_when();
    section_.finish();
    if (!domain || !when) return std::nullopt;
    return Parameter{.name = name_, .domain = *domain, .when = std::move(*when)};
  }

 private:
  std::optional<Domain> read_domain() {
    if (section_.node()->index_of("type") == std::nullopt) return missing_type();
    const auto type = section_.choice("type", kTypes);
    if (!type) {
      for (const auto& field : kFields) section_.find(field);
      return std::nullopt;
    }
    std::optional<Domain> domain;
    if (*type == "float") domain = read_float();
    if (*type == "int") domain = read_int();
    if (*type == "categorical" || *type == "ordinal") domain = read_values(*type);
    if (*type == "bool") domain = BoolParameter{};
    refuse_fields_of_other_types(*type);
    return domain;
  }

  std::nullopt_t missing_type() {
    section_.require("type", "one of " + join(kTypes));
    for (const auto& field : kFields) section_.find(field);
    return std::nullopt;
  }

  std::optional<Domain> read_float() {
    section_.require("min", "the lower bound, a number");
    section_.require("max", "the upper bound, a number");
    const auto min = section_.number("min");
    const auto max = section_.number("max");
    const auto step = section_.number("step");
    const auto scale = section_.choice("scale", kScales);
    if (!min || !max || is_bad("step", step) || is_bad("scale", scale)) return std::nullopt;
    return Domain{
        FloatParameter{.min = *min, .max = *max, .scale = scale_from(scale), .step = step}};
  }

  std::optional<Domain> read_int() {
    section_.require("min", "the lower bound, an integer");
    section_.require("max", "the upper bound, an integer");
    const auto min = section_.integer("min");
    const auto max = section_.integer("max");
    const auto step = section_.integer("step");
    const auto scale = section_.choice("scale", kScales);
    if (!min || !max || is_bad("step", step) || is_bad("scale", scale)) return std::nullopt;
    return Domain{IntParameter{
        .min = *min, .max = *max, .scale = scale_from(scale), .step = step.value_or(1)}};
  }

  std::optional<Domain> read_values(const std::string& type) {
    const YamlNode* list = section_.require("values", "a list of values such as [adam, sgd]");
    if (list == nullptr) return std::nullopt;
    if (!list->is_sequence()) {
      section_.error("values", {.message = "expected a list, got " + describe(*list),
                                .expected = "a list of values such as [adam, sgd]"});
      return std::nullopt;
    }
    const auto values = scalars(list->items, section_.path("values"));
    if (!values) return std::nullopt;
    if (type == "ordinal") return Domain{OrdinalParameter{.values = *values}};
    return Domain{CategoricalParameter{.values = *values}};
  }

  std::optional<std::vector<Condition>> read_when() {
    const YamlNode* node = section_.find("when");
    std::vector<Condition> conditions;
    if (node == nullptr) {
      return section_.node()->index_of("when") ? std::nullopt : std::optional(conditions);
    }
    Section when(node, section_.path("when"),
                 "such as {optimizer: sgd} or {optimizer: [sgd, adam]}", section_.findings());
    if (!when.is_valid()) return std::nullopt;
    bool is_good = true;
    for (const auto& parent : node->keys) {
      const YamlNode* value = when.find(parent.text);
      if (value == nullptr) {
        is_good = false;
        continue;
      }
      const auto& items = value->is_sequence() ? value->items : std::vector<YamlNode>{*value};
      auto values = scalars(items, when.path(parent.text));
      is_good = is_good && values.has_value();
      if (values) conditions.push_back({.parent = parent.text, .values = std::move(*values)});
    }
    return is_good ? std::optional(std::move(conditions)) : std::nullopt;
  }

  std::optional<std::vector<ParameterValue>> scalars(const std::vector<YamlNode>& nodes,
                                                     const std::string& path) {
    std::vector<ParameterValue> values;
    for (const auto& node : nodes) {
      auto value = typed_scalar(node);
      if (value) {
        values.push_back(std::move(*value));
        continue;
      }
      section_.findings().error(
          node.place,
          {.message = path + ": expected a word, number or boolean, got " + describe(node),
           .hint = node.is_null() ? "quote it if the word \"null\" is meant" : ""});
    }
    return values.size() == nodes.size() ? std::optional(std::move(values)) : std::nullopt;
  }

  /// Present, but its getter reported it.
  template <class T>
  bool is_bad(std::string_view key, const std::optional<T>& value) const {
    return !value && section_.node()->index_of(key).has_value();
  }

  void refuse_fields_of_other_types(const std::string& type) {
    const bool is_number = type == "float" || type == "int";
    for (const auto& field : kFields) {
      if (field == "type" || field == "when" || !section_.node()->index_of(field)) continue;
      const bool is_number_field = field != "values";
      if (is_number == is_number_field && type != "bool") continue;
      if (section_.find(field) == nullptr) continue;
      section_.findings().error(
          section_.key_place(field),
          {.message = fmt::format("{}: does not go with type {}", section_.path(field), type),
           .expected = is_number_field ? "type float or int" : "type categorical or ordinal"});
    }
  }

  Section section_;
  std::string name_;
};

/// The place of a problem: of its field, else of the value it stands in, else of the name.
Place place_of(const YamlNode& parameters, const SpaceProblem& problem) {
  const auto at = parameters.index_of(problem.parameter);
  if (!at) return parameters.place;
  const YamlNode* node = &parameters.items[*at];
  Place place = parameters.keys[*at].place;
  const bool is_parent = problem.field.starts_with("when.");
  for (const std::string& key : {is_parent ? std::string("when") : problem.field,
                                 is_parent ? problem.field.substr(5) : std::string()}) {
    if (key.empty()) break;
    const auto child = node->index_of(key);
    if (!child) break;
    place = node->items[*child].place;
    node = &node->items[*child];
  }
  return place;
}

/// `quote it` where a condition's value differs from the parent's in its type only.
std::string hint_for(const SearchSpace& space, const SpaceProblem& problem) {
  if (!problem.field.starts_with("when.")) return {};
  const std::string parent_name = problem.field.substr(5);
  const Parameter* parent = space.find(parent_name);
  if (parent == nullptr) {
    std::vector<std::string> names;
    for (const auto& parameter : space.parameters) {
      if (parameter.name != problem.parameter) names.push_back(parameter.name);
    }
    return did_you_mean(parent_name, names);
  }
  const auto open = problem.message.find('"');
  const auto close = problem.message.rfind('"');
  if (open == std::string::npos || close <= open) return {};
  const std::string wrong = problem.message.substr(open + 1, close - open - 1);
  std::vector<std::string> known;
  constexpr std::size_t kMostToList = 20;
  for (const auto& value : finite_values(parent->domain, kMostToList)) {
    known.push_back(to_text(value));
    if (known.back() != wrong) continue;
    return std::holds_alternative<std::string>(value) ? fmt::format("quote it: \"{}\"", wrong)
                                                      : "write it without quotes";
  }
  return known.empty() ? "" : "its values are " + join(known);
}

bool is_declared(const YamlNode& parameters, const SpaceProblem& problem) {
  return problem.field.starts_with("when.") && parameters.index_of(problem.field.substr(5));
}

void report_problems(const SearchSpace& space, const YamlNode& node, Findings& findings) {
  for (const auto& problem : space.problems()) {
    // A parent with errors of its own is not in the space; that is no second error.
    const bool parent_is_unread =
        is_declared(node, problem) && space.find(problem.field.substr(5)) == nullptr;
    if (parent_is_unread || (space.parameters.empty() && !node.items.empty())) continue;
    std::string path = "parameters";
    if (!problem.parameter.empty()) path += "." + problem.parameter;
    if (!problem.field.empty()) path += "." + problem.field;
    findings.error(place_of(node, problem),
                   {.message = path + ": " + problem.message, .hint = hint_for(space, problem)});
  }
}

}  // namespace

std::optional<SearchSpace> read_space(Section& root, bool is_required) {
  const YamlNode* node = is_required
                             ? root.require("parameters", "the search space, one line a parameter")
                             : root.find("parameters");
  if (node == nullptr) return is_required ? std::nullopt : std::optional(SearchSpace{});
  Findings& findings = root.findings();
  Section section(node, "parameters", "one line a parameter: lr: {type: float, min: 0.1, max: 0.9}",
                  findings);
  if (!section.is_valid()) return std::nullopt;
  SearchSpace space;
  bool is_good = true;
  for (const auto& key : node->keys) {
    if (const auto wrong = what_is_wrong_with_name(key.text); !wrong.empty()) {
      findings.error(key.place, {.message = fmt::format("parameters.{}: {}", key.text, wrong)});
      is_good = false;
    }
    const YamlNode* value = section.find(key.text);
    auto parameter =
        value == nullptr ? std::nullopt : ParameterReader(*value, key.text, findings).read();
    is_good = is_good && parameter.has_value();
    if (parameter) space.parameters.push_back(std::move(*parameter));
  }
  if (!is_required && node->keys.empty()) return space;
  report_problems(space, *node, findings);
  return is_good && space.problems().empty() ? std::optional(std::move(space)) : std::nullopt;
}

}  // namespace hpo::config
