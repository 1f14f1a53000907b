#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "objectives/error.h"
#include "objectives/study.h"

namespace hpo::cli {

using Trials = std::vector<std::shared_ptr<const Trial>>;

/// Whether the word can name trials: `7`, `3-7`, `1,4,6-8`, `last`, `best`.
bool is_trial_word(std::string_view word);

/// The trials that the words name, in their order, each once. Errors: usage for a word that is
/// none; not_found for a trial that does not exist, with those there are.
Result<Trials> select_trials(const Study& study, const std::vector<std::string>& words);

/// The one trial that the word names. Error: usage, if it names several.
Result<std::shared_ptr<const Trial>> select_trial(const Study& study, const std::string& word);

}  // namespace hpo::cli
