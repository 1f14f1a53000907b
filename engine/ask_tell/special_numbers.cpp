#include "engine/ask_tell/special_numbers.h"

#include <algorithm>
#include <array>
#include <limits>

namespace hpo {
namespace {

constexpr std::array<std::string_view, 3> kBareWords = {"NaN", "Infinity", "-Infinity"};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// The bare word that `text` starts with; empty where it starts with none.
std::string_view bare_word(std::string_view text) {
  for (const auto word : kBareWords) {
    if (text.starts_with(word)) return word;
  }
  return {};
}

/// How long the string is that begins with the quote at the start of `text`.
std::size_t length_of_string(std::string_view text) {
  std::size_t i = 1;
  while (i < text.size() && text[i] != '"') i += text[i] == '\\' ? 2 : 1;
  return std::min(i + 1, text.size());
}

}  // namespace

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
    const auto word = bare_word(line);
    std::size_t taken = 1;
    if (!word.empty()) {
      text.append("\"").append(word).append("\"");
      line.remove_prefix(word.size());
      continue;
    }
    if (line.front() == '"') taken = length_of_string(line);
    text += line.substr(0, taken);
    line.remove_prefix(taken);
  }
  return text;
}

}  // namespace hpo
