#include "engine/execution/metric_value.h"

#include <cctype>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "objectives/json.h"
#include "objectives/special_numbers.h"

namespace hpo {
namespace {

using nlohmann::json;

constexpr std::string_view kBefore = " \t\"'([{=:$";

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// Whether a number may end before this text: "0.5 - 12s" is 0.5, but "1.2.3" and "5abc" are none.
bool may_follow(std::string_view rest) {
  if (rest.empty()) return true;
  if (rest[0] == '.') return rest.size() == 1 || !is_word(rest[1]);
  return !is_word(rest[0]);
}

std::optional<double> number_of(const json& value) {
  if (value.is_number()) return value.get<double>();
  if (value.is_null()) return std::numeric_limits<double>::quiet_NaN();
  if (value.is_string()) return metric_value(value.get_ref<const std::string&>());
  return std::nullopt;
}

std::int64_t step_of(const json& report) {
  constexpr double kMost = 9007199254740992;  // 2^53: beyond it a double counts no more
  const auto at = report.find("step");
  if (at == report.end() || !at->is_number()) return -1;
  const auto step = at->get<double>();
  return step >= 0 && step <= kMost && step == std::floor(step) ? static_cast<std::int64_t>(step)
                                                                : -1;
}

}  // namespace

std::optional<double> metric_value(std::string_view text) {
  while (!text.empty() && kBefore.find(text.front()) != std::string_view::npos) {
    text.remove_prefix(1);
  }
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  const auto number = leading_number(text);
  if (!number || !may_follow(text.substr(number->length))) return std::nullopt;
  return number->value;
}

std::optional<JsonReport> json_report(std::string_view line) {
  const auto begin = line.find_first_not_of(" \t");
  if (begin == std::string_view::npos || line[begin] != '{') return std::nullopt;
  if (line.find("\"metric\"") == std::string_view::npos) return std::nullopt;
  const auto report = parse_json_line(line);
  if (!report || !report->is_object()) return std::nullopt;
  const auto metric = report->find("metric");
  const auto value = report->find("value");
  if (metric == report->end() || !metric->is_string() || value == report->end()) {
    return std::nullopt;
  }
  const auto number = number_of(*value);
  if (!number || metric->get_ref<const std::string&>().empty()) return std::nullopt;
  return JsonReport{
      .metric = metric->get<std::string>(), .value = *number, .step = step_of(*report)};
}

}  // namespace hpo
