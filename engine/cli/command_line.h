#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace hpo::cli {

/// What the command line asks for; gives the exit code.
using Action = std::function<int()>;

/// One verb of the command line.
struct Verb {
  const char* name;
  const char* group;        ///< heading in `hpo --help`
  const char* description;  ///< one line
  const char* usage;        ///< what follows `hpo NAME`
  const char* examples;     ///< lines of `hpo NAME --help`
  /// Declares the verb's options on `app`; parsing them sets `action`.
  void (*declare)(CLI::App& app, Action& action);
};

/// The verbs that run and change studies, and those that look at them.
const std::vector<Verb>& acting_verbs();
const std::vector<Verb>& looking_verbs();
/// All of them, in the order of the help.
std::vector<Verb> all_verbs();

/// Whether `hpo-model` carries the verb out with the same words (predict, evaluate; train without
/// a file).
bool is_model_verb(const std::vector<std::string>& words);

/// A script for `bash`, `zsh` or `fish` that completes verbs, options and studies.
int run_completion(const std::string& shell);

/// Carries out a command line (without the program's name) and gives the exit code.
int run_command_line(const std::vector<std::string>& words_given);

}  // namespace hpo::cli
