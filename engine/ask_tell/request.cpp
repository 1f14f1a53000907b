#include "engine/ask_tell/request.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "objectives/json.h"
#include "objectives/special_numbers.h"
#include "objectives/spelling.h"

namespace hpo {
namespace {

using nlohmann::json;
using Metrics = std::map<std::string, double>;

/// The start of a value's text, for messages.
std::string shown(const json& value) {
  constexpr std::size_t kMostShown = 60;
  std::string text = value.dump(-1, ' ', true, json::error_handler_t::replace);
  if (text.size() > kMostShown) text = text.substr(0, kMostShown) + "...";
  return text;
}

Error wrong(std::string_view key, std::string_view expected, const json& got) {
  return {.message = fmt::format("\"{}\" must be {}, got {}", key, expected, shown(got))};
}

Error missing(std::string_view key, std::string_view expected) {
  return {.message = fmt::format("\"{}\" is missing: {}", key, expected)};
}

/// Success iff the object has no other keys than "op" and these.
Result<void> check_keys(const json& object, const std::vector<std::string>& known) {
  for (const auto& [key, value] : object.items()) {
    if (key == "op" || std::find(known.begin(), known.end(), key) != known.end()) continue;
    const auto near = nearest_name(key, known);
    const std::string takes =
        known.empty() ? "nothing else" : fmt::format("{}", fmt::join(known, ", "));
    return Error{.message = fmt::format("unknown key {}; {} takes {}{}", shown(json(key)),
                                        object["op"].get<std::string>(), takes,
                                        near.empty() ? "" : ", did you mean " + near + "?")};
  }
  return {};
}

Result<std::int64_t> integer(const json& object, const char* key, std::int64_t least,
                             const char* expected) {
  const auto at = object.find(key);
  if (at == object.end()) return missing(key, expected);
  const bool fits = at->is_number_integer() &&
                    (!at->is_number_unsigned() || at->get<std::uint64_t>() <= INT64_MAX);
  if (!fits || at->get<std::int64_t>() < least) return wrong(key, expected, *at);
  return at->get<std::int64_t>();
}

Result<std::int64_t> trial_number(const json& object) {
  return integer(object, "number", 0, "the number of a trial that was asked");
}

std::optional<double> number(const json& value) {
  if (value.is_number()) return value.get<double>();
  if (value.is_string()) return special_number(value.get_ref<const std::string&>());
  return std::nullopt;
}

/// `value`: of the objective, or an object of metrics. Empty where it is absent.
Result<Metrics> metrics_of(const json& object, const std::string& metric) {
  constexpr const char* kForm = "a number (or \"nan\", \"inf\"), or an object of metrics";
  Metrics metrics;
  const auto at = object.find("value");
  if (at == object.end()) return metrics;
  if (!at->is_object()) {
    const auto value = number(*at);
    if (!value) return wrong("value", kForm, *at);
    metrics.emplace(metric, *value);
    return metrics;
  }
  if (at->empty()) return wrong("value", kForm, *at);
  for (const auto& [name, item] : at->items()) {
    const auto value = number(item);
    if (!value) return wrong("value." + name, "a number (or \"nan\", \"inf\")", item);
    metrics.emplace(name, *value);
  }
  return metrics;
}

Result<std::string> text_or_nothing(const json& object, const char* key) {
  const auto at = object.find(key);
  if (at == object.end()) return std::string();
  if (!at->is_string()) return wrong(key, "text", *at);
  return at->get<std::string>();
}

/// `state`, complete where it is absent.
Result<TrialState> told_state(const json& object) {
  const auto at = object.find("state");
  if (at == object.end()) return TrialState::complete;
  if (at->is_string()) {
    const auto state = trial_state_from(at->get_ref<const std::string&>());
    if (state && is_finished(*state)) return *state;
  }
  return wrong("state", "\"complete\", \"failed\" or \"pruned\"", *at);
}

Result<Request> parse_ask(const json& object, const std::string&) {
  if (auto known = check_keys(object, {"count"}); !known) return known.error();
  if (!object.contains("count")) return Request{AskRequest{}};
  static const std::string form = fmt::format("a whole number from 1 to {}", AskRequest::kMost);
  const auto count = integer(object, "count", 1, form.c_str());
  if (!count) return count.error();
  if (*count > AskRequest::kMost) return wrong("count", form, object["count"]);
  return Request{AskRequest{.count = *count}};
}

Result<Request> parse_tell(const json& object, const std::string& metric) {
  if (auto known = check_keys(object, {"number", "value", "state", "reason"}); !known) {
    return known.error();
  }
  auto tried = trial_number(object);
  if (!tried) return tried.error();
  auto state = told_state(object);
  if (!state) return state.error();
  auto metrics = metrics_of(object, metric);
  if (!metrics) return metrics.error();
  auto reason = text_or_nothing(object, "reason");
  if (!reason) return reason.error();
  return Request{TellRequest{.number = *tried,
                             .state = *state,
                             .metrics = std::move(*metrics),
                             .reason = std::move(*reason)}};
}

Result<Request> parse_report(const json& object, const std::string& metric) {
  if (auto known = check_keys(object, {"number", "step", "value"}); !known) return known.error();
  auto tried = trial_number(object);
  if (!tried) return tried.error();
  auto step = integer(object, "step", 0, "a whole number from 0 (the epoch, for example)");
  if (!step) return step.error();
  auto metrics = metrics_of(object, metric);
  if (!metrics) return metrics.error();
  if (metrics->empty()) return missing("value", "a number, or an object of metrics");
  return Request{ReportRequest{.number = *tried, .step = *step, .metrics = std::move(*metrics)}};
}

Result<Request> parse_enqueue(const json& object, const std::string&) {
  if (auto known = check_keys(object, {"parameters"}); !known) return known.error();
  constexpr const char* kForm = "an object with a value for every active parameter";
  const auto at = object.find("parameters");
  if (at == object.end()) return missing("parameters", kForm);
  if (!at->is_object()) return wrong("parameters", kForm, *at);
  EnqueueRequest request;
  for (const auto& [name, item] : at->items()) {
    auto value = parameter_value_from(item);
    if (!value) return wrong("parameters." + name, "text, a number, true or false", item);
    request.parameters.emplace(name, std::move(*value));
  }
  return Request{std::move(request)};
}

template <class T>
Result<Request> parse_bare(const json& object, const std::string&) {
  if (auto known = check_keys(object, {}); !known) return known.error();
  return Request{T{}};
}

struct Operation {
  const char* name;
  Result<Request> (*parse)(const json& object, const std::string& metric);
};

constexpr std::array kOperations = {
    Operation{"ask", parse_ask},
    Operation{"tell", parse_tell},
    Operation{"report", parse_report},
    Operation{"best", parse_bare<BestRequest>},
    Operation{"pending", parse_bare<PendingRequest>},
    Operation{"enqueue", parse_enqueue},
};

Error unknown_operation(const json& op) {
  std::vector<std::string> names;
  for (const auto& operation : kOperations) names.emplace_back(operation.name);
  return wrong("op", fmt::format("one of {}", fmt::join(names, ", ")), op);
}

}  // namespace

Result<Request> parse_request(std::string_view line, const std::string& metric) {
  if (line.size() > kLongestRequest) {
    return Error{.message = fmt::format("the line is longer than {} bytes", kLongestRequest)};
  }
  const auto parsed = parse_json_line(line);
  if (!parsed) return parsed.error();
  if (!parsed->is_object()) {
    return Error{.message = fmt::format("expected an object such as {{\"op\":\"ask\"}}, got {}",
                                        shown(*parsed))};
  }
  const auto op = parsed->find("op");
  if (op == parsed->end()) return missing("op", "what to do, such as \"ask\"");
  for (const auto& operation : kOperations) {
    if (*op == operation.name) return operation.parse(*parsed, metric);
  }
  return unknown_operation(*op);
}

}  // namespace hpo
