#include "engine/cli/trial_selection.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

#include "engine/cli/text.h"

namespace hpo::cli {
namespace {

struct Range {
  std::int64_t first = 0;
  std::int64_t last = 0;
};

std::optional<std::int64_t> number_from(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number < 0 ? std::nullopt : std::optional(number);
}

std::optional<Range> range_from(std::string_view text) {
  const auto dash = text.find('-');
  const auto first = number_from(text.substr(0, dash));
  if (!first) return std::nullopt;
  if (dash == std::string_view::npos) return Range{.first = *first, .last = *first};
  const auto last = number_from(text.substr(dash + 1));
  if (!last || *last < *first) return std::nullopt;
  return Range{.first = *first, .last = *last};
}

std::vector<std::string_view> parts_of(std::string_view word) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= word.size();) {
    const std::size_t end = std::min(word.find(',', begin), word.size());
    parts.push_back(word.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

bool is_trial_part(std::string_view part) {
  return part == "last" || part == "best" || range_from(part).has_value();
}

Error absent(const Study& study, std::string_view part) {
  const auto& trials = study.trials;
  const std::string there = trials.empty() ? std::string("it has none yet")
                            : trials.size() == 1
                                ? std::string("it has trial 0 only")
                                : fmt::format("it has 0 to {}", trials.back()->number);
  return {.code = ErrorCode::not_found,
          .message =
              fmt::format("study {} has no trial {}: {}", study.spec.name, printable(part), there)};
}

/// Appends the trials of one part.
Result<void> add_part(const Study& study, std::string_view part, Trials& chosen) {
  if (part == "best") {
    auto best = study.best_trial();
    if (!best && study.count(TrialState::complete) > 0 && !study.spec.constraints.empty()) {
      return Error{.code = ErrorCode::not_found,
                   .message = fmt::format("no complete trial of study {} keeps its constraints",
                                          study.spec.name),
                   .hint = "hpo trials says which each one breaks"};
    }
    if (!best) {
      return Error{
          .code = ErrorCode::not_found,
          .message = fmt::format("no trial of study {} has completed yet", study.spec.name)};
    }
    chosen.push_back(std::move(best));
    return {};
  }
  const auto count = static_cast<std::int64_t>(study.trials.size());
  const auto range = part == "last" ? Range{.first = count - 1, .last = count - 1}
                                    : range_from(part).value_or(Range{.first = count});
  if (range.first < 0 || range.first >= count) return absent(study, part);
  for (std::int64_t i = range.first; i <= std::min(range.last, count - 1); ++i) {
    chosen.push_back(study.trials[static_cast<std::size_t>(i)]);
  }
  return {};
}

}  // namespace

bool is_trial_word(std::string_view word) {
  const auto parts = parts_of(word);
  return std::all_of(parts.begin(), parts.end(), is_trial_part);
}

Result<Trials> select_trials(const Study& study, const std::vector<std::string>& words) {
  Trials chosen;
  for (const auto& word : words) {
    if (!is_trial_word(word)) {
      return Error{.message = fmt::format("\"{}\" names no trial", printable(word)),
                   .hint = "a trial is a number, a range such as 3-7, last, or best"};
    }
    for (const auto& part : parts_of(word)) {
      if (auto added = add_part(study, part, chosen); !added) return added.error();
    }
  }
  Trials once;
  std::set<std::int64_t> seen;
  for (auto& trial : chosen) {
    if (seen.insert(trial->number).second) once.push_back(std::move(trial));
  }
  return once;
}

Result<std::shared_ptr<const Trial>> select_trial(const Study& study, const std::string& word) {
  auto chosen = select_trials(study, {word});
  if (!chosen) return chosen.error();
  if (chosen->size() == 1) return chosen->front();
  return Error{.message = fmt::format("\"{}\" names {} trials, expected one", printable(word),
                                      chosen->size())};
}

}  // namespace hpo::cli
