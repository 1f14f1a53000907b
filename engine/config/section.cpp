#include "engine/config/section.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "engine/config/suggestions.h"
#include "engine/config/yaml_scalar.h"

namespace hpo::config {
namespace {

struct Home {
  std::string_view section;
  std::string_view keys;  ///< each between blanks
};

/// Where a key belongs that stands in the wrong section.
constexpr std::array kHomes = {
    Home{"objective", " metric goal value "},
    Home{"strategy", " seed early_stopping initial warm_start "},
    Home{"limits", " trials parallel runtime target no_improvement regret convergence "},
    Home{"trial",
         " trainer command channels hyperparameters metrics timeout retries retry_on grace "
         "environment "},
    Home{"resources", " gpus gpus_per_trial cpus_per_trial "},
    Home{"keep", " models checkpoints "},
    Home{"",
         " study objective objectives constraints parameters strategy limits trial resources keep "
         "cache storage export "},
};

std::string belongs_elsewhere(std::string_view key) {
  const std::string word = " " + std::string(key) + " ";
  for (const auto& home : kHomes) {
    if (home.keys.find(word) == std::string_view::npos) continue;
    return home.section.empty() ? fmt::format("\"{}\" belongs to the top level of the file", key)
                                : fmt::format("\"{0}\" belongs under \"{1}\"", key, home.section);
  }
  return {};
}

std::string integer_form(const IntegerRange& range) {
  const IntegerRange any;
  if (range.max != any.max) return fmt::format("an integer from {} to {}", range.min, range.max);
  return range.min != any.min ? fmt::format("an integer >= {}", range.min) : "an integer";
}

}  // namespace

Section::Section(const YamlNode* node, std::string path, const char* example, Findings& findings)
    : node_(node), path_(std::move(path)), findings_(&findings) {
  if (node_ == nullptr) return;
  place_ = node_->place;
  if (node_->is_map()) return;
  findings.error(place_, {.message = fmt::format("{}{}expected a map, got {}", path_,
                                                 path_.empty() ? "" : ": ", describe(*node_)),
                          .expected = example});
  node_ = nullptr;
}

const YamlNode* Section::find(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
  if (node_ == nullptr) return nullptr;
  const auto at = node_->index_of(key);
  if (!at) return nullptr;
  const YamlNode& value = node_->items[*at];
  if (!value.is_null()) return &value;
  error(key, {.message = "has no value", .hint = "give one, or remove the key"});
  return nullptr;
}

const YamlNode* Section::require(std::string_view key, const std::string& expected) {
  const YamlNode* value = find(key);
  if (value == nullptr && node_ != nullptr && !node_->index_of(key)) {
    findings_->error(place_, {.message = path(key) + ": is missing", .expected = expected});
  }
  return value;
}

std::optional<std::int64_t> Section::integer(std::string_view key, IntegerRange range) {
  const YamlNode* node = find(key);
  if (node == nullptr) return std::nullopt;
  const auto value = typed_scalar(*node);
  const auto* integer = value ? std::get_if<std::int64_t>(&*value) : nullptr;
  if (integer == nullptr) {
    wrong_type(key, *node, integer_form(range));
    return std::nullopt;
  }
  if (*integer >= range.min && *integer <= range.max) return *integer;
  const bool too_small = *integer < range.min;
  error(key, {.message = fmt::format("must be {} {}, got {}", too_small ? ">=" : "<=",
                                     too_small ? range.min : range.max, *integer),
              .expected = integer_form(range)});
  return std::nullopt;
}

std::optional<double> Section::number(std::string_view key) {
  const YamlNode* node = find(key);
  if (node == nullptr) return std::nullopt;
  const auto value = typed_scalar(*node);
  std::optional<double> number;
  if (value && std::holds_alternative<double>(*value)) number = std::get<double>(*value);
  if (value && std::holds_alternative<std::int64_t>(*value)) {
    number = static_cast<double>(std::get<std::int64_t>(*value));
  }
  if (!number) {
    const bool has_comma = node->is_scalar() && node->text.find(',') != std::string::npos;
    wrong_type(key, *node, "a number", has_comma ? "write decimals with a point" : "");
  } else if (!std::isfinite(*number)) {
    error(key, {.message = "must be a finite number, got " + node->text});
    number.reset();
  }
  return number;
}

std::optional<bool> Section::boolean(std::string_view key) {
  const YamlNode* node = find(key);
  if (node == nullptr) return std::nullopt;
  const auto value = typed_scalar(*node);
  const auto* boolean = value ? std::get_if<bool>(&*value) : nullptr;
  if (boolean != nullptr) return *boolean;
  wrong_type(key, *node, "true or false");
  return std::nullopt;
}

std::optional<double> Section::duration_s(std::string_view key) {
  const YamlNode* node = find(key);
  if (node == nullptr) return std::nullopt;
  const std::string form = "a duration such as 90s, 30m, 2h or 1h30m; plain numbers are seconds";
  const auto seconds = node->is_scalar() ? parse_duration_s(node->text) : std::nullopt;
  if (!seconds) {
    wrong_type(key, *node, form);
  } else if (!(*seconds > 0) || !std::isfinite(*seconds)) {
    error(key, {.message = "must be > 0, got " + node->text, .expected = form});
  } else {
    return seconds;
  }
  return std::nullopt;
}

std::optional<std::string> Section::text(std::string_view key) {
  const YamlNode* node = find(key);
  if (node == nullptr) return std::nullopt;
  const auto value = typed_scalar(*node);
  if (!value) {
    const bool is_colon = node->is_map() && node->place.override_index >= 0;
    wrong_type(key, *node, "a text",
               is_colon ? "quote the value once more for YAML: '\"a: b\"'" : "");
  } else if (!std::holds_alternative<std::string>(*value)) {
    wrong_type(key, *node, "a text", fmt::format("quote it: \"{}\"", node->text));
  } else if (node->text.empty()) {
    error(key, {.message = "must not be empty"});
  } else {
    return node->text;
  }
  return std::nullopt;
}

std::optional<std::string> Section::choice(std::string_view key,
                                           const std::vector<std::string>& words) {
  const YamlNode* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (node->is_scalar() && std::find(words.begin(), words.end(), node->text) != words.end()) {
    return node->text;
  }
  const bool is_word = node->is_scalar();
  error(key, {.message = fmt::format("{} {}", is_word ? "unknown value" : "expected a word, got",
                                     is_word ? "\"" + node->text + "\"" : describe(*node)),
              .expected = "one of " + join(words),
              .hint = is_word ? did_you_mean(node->text, words) : ""});
  return std::nullopt;
}

void Section::error(std::string_view key, Finding finding) {
  finding.message = path(key) + ": " + finding.message;
  findings_->error(place(key), std::move(finding));
}

void Section::advise(std::string_view key, Finding finding) {
  finding.message = path(key) + ": " + finding.message;
  findings_->advise(place(key), std::move(finding));
}

Place Section::place(std::string_view key) const {
  const auto at = node_ == nullptr ? std::nullopt : node_->index_of(key);
  return at ? node_->items[*at].place : place_;
}

Place Section::key_place(std::string_view key) const {
  const auto at = node_ == nullptr ? std::nullopt : node_->index_of(key);
  return at ? node_->keys[*at].place : place_;
}

std::string Section::path(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

void Section::finish() {
  if (node_ == nullptr) return;
  for (const auto& key : node_->keys) {
    if (std::find(known_.begin(), known_.end(), key.text) == known_.end()) unknown_key(key);
  }
}

void Section::wrong_type(std::string_view key, const YamlNode& got, const std::string& expected,
                         std::string hint) {
  error(key, {.message = fmt::format("expected {}, got {}",
                                     expected.substr(0, expected.find(" such")), describe(got)),
              .expected = expected,
              .hint = std::move(hint)});
}

void Section::unknown_key(const YamlNode& key) {
  std::string hint = did_you_mean(key.text, known_);
  if (hint.empty()) hint = belongs_elsewhere(key.text);
  findings_->error(key.place, {.message = path(key.text) + ": unknown key",
                               .expected = "one of " + join(known_),
                               .hint = std::move(hint)});
}

}  // namespace hpo::config
