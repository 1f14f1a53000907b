#include "engine/config/yaml_scalar.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

namespace hpo::config {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t skip_digits(std::string_view text, std::size_t from) {
  while (from < text.size() && is_digit(text[from])) ++from;
  return from;
}

std::optional<std::int64_t> parse_integer(std::string_view digits, int base) {
  std::int64_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto [at, error] = std::from_chars(digits.data(), end, value, base);
  if (error != std::errc{} || at != end || digits.empty()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> core_integer(std::string_view text) {
  if (text.starts_with("0x")) return parse_integer(text.substr(2), 16);
  if (text.starts_with("0o")) return parse_integer(text.substr(2), 8);
  if (text.starts_with('+') && text.size() > 1 && is_digit(text[1])) text.remove_prefix(1);
  return parse_integer(text, 10);
}

/// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool has_float_form(std::string_view text) {
  std::size_t i = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  const std::size_t whole = skip_digits(text, i);
  std::size_t digits = whole - i;
  i = whole;
  if (i < text.size() && text[i] == '.') {
    const std::size_t fraction = skip_digits(text, i + 1);
    digits += fraction - (i + 1);
    i = fraction;
  }
  if (digits == 0) return false;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
    const std::size_t exponent = skip_digits(text, i);
    if (exponent == i) return false;
    i = exponent;
  }
  return i == text.size();
}

/// The number of a text that has_float_form; infinite beyond the range of a double.
double float_value(std::string_view text) {
  const std::string_view unsigned_text = text.starts_with('+') ? text.substr(1) : text;
  double value = 0;
  const auto end = unsigned_text.data() + unsigned_text.size();
  if (std::from_chars(unsigned_text.data(), end, value).ec == std::errc::result_out_of_range) {
    return std::strtod(std::string(text).c_str(), nullptr);
  }
  return value;
}

std::optional<double> special_float(std::string_view text) {
  if (text == ".nan" || text == ".NaN" || text == ".NAN") return std::nan("");
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text != ".inf" && text != ".Inf" && text != ".INF") return std::nullopt;
  const double infinity = std::numeric_limits<double>::infinity();
  return negative ? -infinity : infinity;
}

/// Seconds of a unit; 0 for what is none.
double unit_s(std::string_view unit) {
  if (unit == "ms") return 1e-3;
  if (unit == "s" || unit == "sec") return 1;
  if (unit == "m" || unit == "min") return 60;
  if (unit == "h") return 3600;
  return unit == "d" ? 86400 : 0;
}

}  // namespace

std::optional<ParameterValue> typed_scalar(const YamlNode& node) {
  if (!node.is_scalar()) return std::nullopt;
  const std::string& text = node.text;
  if (node.quoted) return ParameterValue{text};
  if (text == "true" || text == "True" || text == "TRUE") return ParameterValue{true};
  if (text == "false" || text == "False" || text == "FALSE") return ParameterValue{false};
  if (const auto integer = core_integer(text)) return ParameterValue{*integer};
  if (has_float_form(text)) return ParameterValue{float_value(text)};
  if (const auto special = special_float(text)) return ParameterValue{*special};
  return ParameterValue{text};
}

std::optional<double> parse_duration_s(std::string_view text) {
  if (has_float_form(text)) return float_value(text);
  double total = 0;
  std::size_t i = 0;
  while (i < text.size()) {
    std::size_t number_end = i;
    while (number_end < text.size() && (is_digit(text[number_end]) || text[number_end] == '.')) {
      ++number_end;
    }
    std::size_t unit_end = number_end;
    while (unit_end < text.size() && text[unit_end] >= 'a' && text[unit_end] <= 'z') ++unit_end;
    const std::string_view number = text.substr(i, number_end - i);
    const double unit = unit_s(text.substr(number_end, unit_end - number_end));
    if (!has_float_form(number) || unit == 0) return std::nullopt;
    total += float_value(number) * unit;
    i = unit_end;
    while (i < text.size() && text[i] == ' ') ++i;
  }
  if (text.empty()) return std::nullopt;
  return total;
}

}  // namespace hpo::config
