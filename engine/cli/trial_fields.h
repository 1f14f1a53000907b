#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/cli/trial_selection.h"
#include "objectives/error.h"
#include "objectives/study.h"

// The fields of a trial by name: what `hpo trials` sorts by, filters and shows.

namespace hpo::cli {

/// A field's value; nothing where the trial has none (NaN counts as none).
using FieldValue = std::optional<ParameterValue>;

/// `number`, `state`, `value`, ..., then the parameters, then every metric of the study.
std::vector<std::string> field_names(const Study& study);

/// The field that the word names, also by the title of its column in a table (`took` is
/// `duration`). Error: usage, with the nearest name or all there are; `what` says what it was for:
/// `field to sort by`.
Result<std::string> field_named(const Study& study, const std::string& word,
                                const std::string& what);

/// Times are seconds, a duration that runs on is counted to `now`.
FieldValue field_value(const Trial& trial, const std::string& field, TimePoint now);

/// The field as a table shows it; empty where the trial has none.
std::string field_text(const Trial& trial, const std::string& field, TimePoint now);
/// The field as CSV has it.
std::string field_exact_text(const Trial& trial, const std::string& field, TimePoint now);
/// The field as JSON has it: null where the trial has none.
nlohmann::ordered_json field_json(const Trial& trial, const std::string& field, TimePoint now);

/// Whether its values are numbers.
bool is_number_field(const Study& study, const std::string& field);

/// `unknown state "fialed"`, with the nearest of the known words, or all of them.
Error unknown_word(const std::string& what, const std::string& word,
                   const std::vector<std::string>& known);

/// The words for a trial's state.
const std::vector<std::string>& state_words();

}  // namespace hpo::cli
