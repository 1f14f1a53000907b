#include "engine/config/suggestions.h"

#include <algorithm>
#include <array>

#include "objectives/plain_text.h"
#include "objectives/spelling.h"

namespace hpo::config {
namespace {

struct Synonym {
  std::string_view word;
  std::string_view ours;
};

/// What other tuners, and people in a hurry, call our names.
constexpr std::array kSynonyms = {
    Synonym{"low", "min"},
    Synonym{"lower", "min"},
    Synonym{"minimum", "min"},
    Synonym{"minvalue", "min"},
    Synonym{"high", "max"},
    Synonym{"upper", "max"},
    Synonym{"maximum", "max"},
    Synonym{"maxvalue", "max"},
    Synonym{"choices", "values"},
    Synonym{"options", "values"},
    Synonym{"categories", "values"},
    Synonym{"scaling", "scale"},
    Synonym{"log", "scale"},
    Synonym{"q", "step"},
    Synonym{"condition", "when"},
    Synonym{"conditions", "when"},
    Synonym{"if", "when"},
    Synonym{"direction", "goal"},
    Synonym{"mode", "goal"},
    Synonym{"n_trials", "trials"},
    Synonym{"max_trials", "trials"},
    Synonym{"num_trials", "trials"},
    Synonym{"jobs", "trials"},
    Synonym{"n_jobs", "parallel"},
    Synonym{"workers", "parallel"},
    Synonym{"concurrency", "parallel"},
    Synonym{"max_parallel", "parallel"},
    Synonym{"time", "runtime"},
    Synonym{"max_runtime", "runtime"},
    Synonym{"patience", "no_improvement"},
    Synonym{"sampler", "strategy"},
    Synonym{"algorithm", "strategy"},
    Synonym{"space", "parameters"},
    Synonym{"search_space", "parameters"},
    Synonym{"params", "parameters"},
    Synonym{"program", "command"},
    Synonym{"cmd", "command"},
    Synonym{"args", "command"},
    Synonym{"inputs", "channels"},
    Synonym{"data", "channels"},
    Synonym{"env", "environment"},
    Synonym{"pruner", "early_stopping"},
    Synonym{"database", "storage"},
    Synonym{"name", "study"},
    Synonym{"real", "float"},
    Synonym{"double", "float"},
    Synonym{"number", "float"},
    Synonym{"continuous", "float"},
    Synonym{"uniform", "float"},
    Synonym{"loguniform", "float"},
    Synonym{"integer", "int"},
    Synonym{"choice", "categorical"},
    Synonym{"enum", "categorical"},
    Synonym{"string", "categorical"},
    Synonym{"boolean", "bool"},
    Synonym{"logarithmic", "log"},
    Synonym{"reverse-log", "reverse_log"},
    Synonym{"reverselogarithmic", "reverse_log"},
    Synonym{"auto", "linear"},
    Synonym{"min", "minimize"},
    Synonym{"lower", "minimize"},
    Synonym{"max", "maximize"},
    Synonym{"higher", "maximize"},
    Synonym{"bo", "bayesian"},
    Synonym{"bayes", "bayesian"},
    Synonym{"gp", "bayesian"},
    Synonym{"qmc", "sobol"},
    Synonym{"crash", "exit_code"},
    Synonym{"memory", "oom"},
};

bool is_known(std::string_view word, const std::vector<std::string>& known) {
  return std::find(known.begin(), known.end(), word) != known.end();
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
  if (word.empty()) return {};
  const std::string lowered = lower(word);
  const std::string best = nearest_name(word, known);
  if (!best.empty() && edit_distance(word, best) <= 1) return best;
  for (const auto& [theirs, ours] : kSynonyms) {
    if (lowered == theirs && is_known(ours, known)) return std::string(ours);
  }
  if (!best.empty() || word.size() < 3) return best;
  for (const auto& name : known) {
    if (name.starts_with(lowered)) return name;
  }
  return {};
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
  const std::string name = nearest(word, known);
  return name.empty() ? std::string{} : "did you mean \"" + name + "\"?";
}

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace hpo::config
