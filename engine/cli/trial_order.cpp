#include "engine/cli/trial_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/cli/text.h"
#include "engine/cli/trial_fields.h"
#include "objectives/front.h"

namespace hpo::cli {
namespace {

/// Stable, those without a key last whatever the direction.
Trials ordered(const Trials& trials, const std::string& field, bool is_descending) {
  std::vector<std::pair<FieldValue, std::shared_ptr<const Trial>>> keyed;
  const TimePoint now = current_time();
  for (const auto& trial : trials) keyed.emplace_back(field_value(*trial, field, now), trial);
  std::stable_sort(keyed.begin(), keyed.end(), [&](const auto& a, const auto& b) {
    if (!a.first || !b.first) return a.first.has_value() && !b.first.has_value();
    return is_descending ? *b.first < *a.first : *a.first < *b.first;
  });
  Trials out;
  for (auto& [key, trial] : keyed) out.push_back(std::move(trial));
  return out;
}

}  // namespace

Result<Trials> with_states(Trials trials, const std::vector<std::string>& states) {
  std::vector<TrialState> wanted;
  for (const auto& word : states) {
    const auto state = trial_state_from(word);
    if (!state) return unknown_word("state", word, state_words());
    wanted.push_back(*state);
  }
  if (wanted.empty()) return trials;
  std::erase_if(trials, [&](const auto& trial) {
    return std::find(wanted.begin(), wanted.end(), trial->state) == wanted.end();
  });
  return trials;
}

Trials best_first(const Study& study, Trials trials, std::int64_t count) {
  std::erase_if(trials, [](const auto& trial) {
    return trial->state != TrialState::complete || !trial->value;
  });
  std::set<std::int64_t> wanted;
  for (const auto& trial : trials) wanted.insert(trial->number);
  Trials out;
  for (auto& trial : hpo::best_first(study)) {
    if (wanted.count(trial->number) > 0) out.push_back(std::move(trial));
  }
  if (static_cast<std::int64_t>(out.size()) > count) out.resize(static_cast<std::size_t>(count));
  return out;
}

Result<Trials> sorted_by(const Study& study, const Trials& trials, const std::string& field) {
  const bool is_descending = field.starts_with('-');
  const auto name = field_named(study, field.substr(is_descending ? 1 : 0), "field to sort by");
  if (!name) return name.error();
  return ordered(trials, *name, is_descending);
}

}  // namespace hpo::cli
