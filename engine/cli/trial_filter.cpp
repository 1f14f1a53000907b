#include "engine/cli/trial_filter.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "engine/cli/text.h"
#include "engine/cli/trial_fields.h"
#include "objectives/plain_text.h"

namespace hpo::cli {
namespace {

struct Condition {
  std::string field = {};
  std::string sign = {};  ///< one of kSigns
  std::string text = {};
  std::optional<double> number = {};  ///< the text, where it is one
};

/// The longer ones first: `<=` is no `<`.
constexpr std::array kSigns = {"<=", ">=", "!=", "==", "<", ">", "="};

std::optional<double> number_from(const std::string& text) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number);
  return text.empty() || error != std::errc() || at != end ? std::nullopt : std::optional(number);
}

/// Cuts at the first sign; nothing where there is none, or nothing before it.
std::optional<Condition> parsed(const std::string& text) {
  const auto at = text.find_first_of("<>=!", 1);
  if (text.empty() || at == std::string::npos) return std::nullopt;
  const std::string_view whole = text;
  for (const std::string sign : kSigns) {
    if (text.compare(at, sign.size(), sign) != 0) continue;
    Condition made{.field = std::string(trimmed(whole.substr(0, at), " ")),
                   .sign = sign == "==" ? "=" : sign,
                   .text = std::string(trimmed(whole.substr(at + sign.size()), " "))};
    made.number = number_from(made.text);
    return made.field.empty() ? std::nullopt : std::optional(made);
  }
  return std::nullopt;
}

/// Words that a field can have; empty: any.
std::vector<std::string> words_of(const Study& study, const std::string& field) {
  if (field == "state") return state_words();
  const auto* parameter = study.spec.space.find(field);
  if (parameter == nullptr || is_number_field(study, field)) return {};
  std::vector<std::string> words;
  for (const auto& value : finite_values(parameter->domain)) words.push_back(to_text(value));
  return words;
}

/// Whether all of the words are numbers: an ordinal parameter such as an image's size.
bool are_numbers(const std::vector<std::string>& words) {
  return !words.empty() && std::all_of(words.begin(), words.end(), [](const std::string& word) {
    return number_from(word).has_value();
  });
}

/// Whether the value can be one of the field's, and has an order where one is asked for.
Result<void> check_value(const Study& study, const Condition& condition) {
  const auto words = words_of(study, condition.field);
  const bool has_numbers = is_number_field(study, condition.field) || are_numbers(words);
  const bool is_equality = condition.sign == "=" || condition.sign == "!=";
  if (!is_equality && !has_numbers) {
    return Error{.message = fmt::format("--where: {} is no number, so {} cannot be asked of it",
                                        printable(condition.field), condition.sign),
                 .hint = "= and != can"};
  }
  if (has_numbers && !condition.number) {
    return Error{.message = fmt::format("--where: {} is a number, got \"{}\"",
                                        printable(condition.field), printable(condition.text)),
                 .hint = condition.field == "duration" || condition.field == "started"
                             ? "in seconds"
                             : "such as 0.5 or 1e-3"};
  }
  if (has_numbers || words.empty()) return {};
  if (std::find(words.begin(), words.end(), condition.text) != words.end()) return {};
  return unknown_word("value of " + printable(condition.field), condition.text, words);
}

Result<Condition> condition_from(const Study& study, const std::string& text) {
  auto made = parsed(text);
  if (!made) {
    return Error{.message = fmt::format("--where: \"{}\" is no condition", printable(text)),
                 .hint =
                     "such as 'optimizer=sgd' or 'lr<1e-3'; = != < <= > >= compare, and "
                     "several --where must all hold"};
  }
  auto field = field_named(study, made->field, "field in --where");
  if (!field) return field.error();
  made->field = std::move(*field);
  if (auto fits = check_value(study, *made); !fits) return fits.error();
  return *made;
}

std::optional<double> number_of(const ParameterValue& value) {
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  return std::nullopt;
}

/// A number is the same as its text in a table: nobody types all its digits.
bool is_same(const ParameterValue& value, const Condition& condition) {
  const auto number = number_of(value);
  if (!number || !condition.number) return to_text(value) == condition.text;
  return *number == *condition.number || number_from(value_text(value)) == condition.number ||
         number_from(number_text(*number)) == condition.number;
}

bool holds(const Condition& condition, const ParameterValue& value) {
  const std::string& sign = condition.sign;
  const bool same = is_same(value, condition);
  if (sign == "=") return same;
  if (sign == "!=") return !same;
  const auto number = number_of(value);
  if (!number || !condition.number) return false;
  if (same) return sign.size() == 2;
  return sign.front() == '<' ? *number < *condition.number : *number > *condition.number;
}

}  // namespace

Result<Trials> where(const Study& study, Trials trials,
                     const std::vector<std::string>& conditions) {
  const TimePoint now = current_time();
  for (const auto& text : conditions) {
    const auto condition = condition_from(study, text);
    if (!condition) return condition.error();
    std::erase_if(trials, [&](const auto& trial) {
      const auto value = field_value(*trial, condition->field, now);
      return !value || !holds(*condition, *value);
    });
  }
  return trials;
}

}  // namespace hpo::cli
