#include "engine/trial_arguments.h"

#include <algorithm>
#include <cctype>

namespace hpo {
namespace {

bool is_plain(char c) {
  constexpr std::string_view kPlain = "@%+=:,./-_";
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         kPlain.find(c) != std::string_view::npos;
}

std::string quoted(const std::string& word) {
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

}  // namespace

Configuration trial_hyperparameters(const TrialSpec& trial, const Configuration& suggested) {
  Configuration all = suggested;
  all.insert(trial.hyperparameters.begin(), trial.hyperparameters.end());
  return all;
}

Configuration with_budget(const StrategySpec& strategy, Configuration suggested,
                          std::optional<std::int64_t> budget) {
  if (strategy.budget && budget) suggested[strategy.budget->parameter] = *budget;
  return suggested;
}

std::vector<std::string> trial_arguments(const TrialSpec& trial, const Configuration& suggested) {
  if (!trial.trainer.empty()) return {"hpo-model", "train"};
  std::vector<std::string> words = trial.command;
  if (words.empty()) return words;
  for (const auto& [name, value] : trial_hyperparameters(trial, suggested)) {
    words.push_back("--" + name);
    words.push_back(to_text(value));
  }
  return words;
}

const std::filesystem::path& command_folder(const TuningConfig& config) {
  return config.trial.source.empty() ? config.folder : config.trial.source;
}

std::string shell_line(const std::vector<std::string>& words) {
  std::string line;
  for (const auto& word : words) line += (line.empty() ? "" : " ") + quoted(word);
  return line;
}

}  // namespace hpo
