#include "objectives/special_numbers.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace hpo {
namespace {

constexpr std::array<std::string_view, 3> kBareWords = {"NaN", "Infinity", "-Infinity"};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// A special number at the start of a text: how long it is there, and its name.
struct Special {
  std::size_t length = 0;
  std::string_view name = {};
};

/// An empty name where `text` starts with a number that a double holds; `length` is then its.
Special special_at(std::string_view text) {
  for (const auto word : kBareWords) {
    if (text.starts_with(word)) return {.length = word.size(), .name = word};
  }
  const auto number = leading_number(text);
  if (!number) return {};
  if (!number->is_out_of_range || !std::isinf(number->value)) return {.length = number->length};
  return {.length = number->length, .name = number->value > 0 ? "Infinity" : "-Infinity"};
}

/// How long the string is that begins with the quote at the start of `text`.
std::size_t length_of_string(std::string_view text) {
  std::size_t i = 1;
  while (i < text.size() && text[i] != '"') i += text[i] == '\\' ? 2 : 1;
  return std::min(i + 1, text.size());
}

}  // namespace

std::optional<LeadingNumber> leading_number(std::string_view text) {
  LeadingNumber number;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number.value);
  if (parsed.ec == std::errc::invalid_argument) return std::nullopt;
  number.length = static_cast<std::size_t>(parsed.ptr - text.data());
  number.is_out_of_range = parsed.ec == std::errc::result_out_of_range;
  if (number.is_out_of_range) {
    // from_chars does not say which of the two it is; strtod does, as infinity or zero.
    number.value = std::strtod(std::string(text.substr(0, number.length)).c_str(), nullptr);
  }
  return number;
}

std::optional<double> special_number(std::string_view name) {
  const bool is_negative = name.starts_with('-');
  if (is_negative || name.starts_with('+')) name.remove_prefix(1);
  constexpr std::size_t kLongest = 8;  // infinity
  if (name.size() > kLongest) return std::nullopt;
  std::string word(name);
  std::transform(word.begin(), word.end(), word.begin(), lower);
  if (word == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (word != "inf" && word != "infinity") return std::nullopt;
  const double infinity = std::numeric_limits<double>::infinity();
  return is_negative ? -infinity : infinity;
}

std::string with_quoted_specials(std::string_view line) {
  std::string text;
  text.reserve(line.size() + 2);
  while (!line.empty()) {
    const bool in_string = line.front() == '"';
    const Special special = in_string ? Special{} : special_at(line);
    const std::size_t taken =
        in_string ? length_of_string(line) : std::max<std::size_t>(special.length, 1);
    if (special.name.empty()) {
      text += line.substr(0, taken);
    } else {
      text.append("\"").append(special.name).append("\"");
    }
    line.remove_prefix(taken);
  }
  return text;
}

}  // namespace hpo
