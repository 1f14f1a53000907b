#include "engine/cli/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "engine/cli/text.h"
#include "engine/cli/verbs.h"
#include "engine/config/suggestions.h"

namespace hpo::cli {
namespace {

/// Help that shows a verb's own usage line instead of one made of its options.
class Help : public CLI::Formatter {
 public:
  std::string make_usage(const CLI::App* app, std::string name) const override {
    for (const auto& verb : all_verbs()) {
      if (app->get_name() == verb.name) {
        return fmt::format("\nUsage: hpo {}{}{}\n", verb.name, *verb.usage ? " " : "", verb.usage);
      }
    }
    return fmt::format("\nUsage: {} COMMAND [OPTIONS]\n", name);
  }
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override {
    std::string text = CLI::Formatter::make_help(app, name, mode);
    while (text.find("\n\n\n") != std::string::npos) text.erase(text.find("\n\n\n"), 1);
    return text;
  }
  // The usage line says it already.
  std::string make_positionals(const CLI::App*) const override { return {}; }
  std::string make_option_opts(const CLI::Option* option) const override {
    return option->get_option_text().empty() ? std::string() : " " + option->get_option_text();
  }
};

/// The format that the words ask for, for errors found before they are parsed.
Format format_of(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool is_pair = words[i] == "--format" && i + 1 < words.size() && words[i + 1] == "json";
    if (words[i] == "--json" || words[i] == "--format=json" || is_pair) return Format::json;
  }
  return Format::table;
}

std::vector<std::string> verb_names() {
  std::vector<std::string> names;
  for (const auto& verb : all_verbs()) names.emplace_back(verb.name);
  return names;
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* option : app.get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

Error unknown_verb(const std::string& word) {
  const auto near = config::did_you_mean(word, verb_names());
  return {.message = fmt::format("unknown command \"{}\"", printable(word)),
          .hint = near.empty() ? "`hpo --help` lists the commands" : near};
}

/// The parser's error in this program's words.
Error parse_error(const CLI::App& app, const CLI::ParseError& error) {
  const auto* verb = app.get_subcommands().empty() ? &app : app.get_subcommands().front();
  const std::string help = fmt::format("`hpo {}{}--help` shows what it takes", verb->get_name(),
                                       verb == &app ? "" : " ");
  const auto extras = app.remaining(true);
  if (extras.empty() || dynamic_cast<const CLI::ExtrasError*>(&error) == nullptr) {
    return {.message = error.what(), .hint = help};
  }
  const std::string word = extras.front();
  if (!word.starts_with("-")) {
    return {.message = fmt::format("unexpected word \"{}\"", printable(word)), .hint = help};
  }
  const std::string flag = word.substr(0, word.find('='));
  const auto near = config::did_you_mean(flag, option_names(*verb));
  return {.message = fmt::format("unknown option {}", printable(flag)),
          .hint = near.empty() ? help : near};
}

/// `hpo help VERB` as `hpo VERB --help`.
std::vector<std::string> without_help_verb(std::vector<std::string> words) {
  if (words.empty() || words[0] != "help") return words;
  words.erase(words.begin());
  words.emplace_back("--help");
  return words;
}

constexpr const char* kFooter =
    "First steps:\n"
    "  hpo validate tuning.yaml     what is wrong with the file, and advice\n"
    "  hpo run tuning.yaml          run the study, or go on with it\n"
    "  hpo best                     its best trial\n"
    "`hpo COMMAND --help` shows a command's options and examples.";

void declare_all(CLI::App& app, Action& action, bool& asks_version, bool& asks_json) {
  app.name("hpo");
  app.formatter(std::make_shared<Help>());
  app.set_help_flag("-h,--help", "this text");
  app.add_flag("--version", asks_version, "the version; with --json also of the JSON's schema");
  app.add_flag("--json", asks_json)->group("");
  app.footer(kFooter);
  for (const auto& verb : all_verbs()) {
    auto* sub = app.add_subcommand(verb.name, verb.description);
    sub->group(verb.group);
    sub->set_help_flag("-h,--help", "this text");
    if (*verb.examples != '\0') sub->footer(fmt::format("Examples:\n{}", verb.examples));
    verb.declare(*sub, action);
  }
}

}  // namespace

std::vector<Verb> all_verbs() {
  std::vector<Verb> verbs = acting_verbs();
  const std::string_view running = verbs.front().group;
  const auto rest = std::find_if(verbs.begin(), verbs.end(),
                                 [&](const Verb& verb) { return verb.group != running; });
  verbs.insert(rest, looking_verbs().begin(), looking_verbs().end());
  return verbs;
}

int run_command_line(const std::vector<std::string>& given) {
  const auto words = without_help_verb(given);
  const Format format = format_of(words);
  if (!words.empty() && !words[0].starts_with("-")) {
    const auto names = verb_names();
    if (std::find(names.begin(), names.end(), words[0]) == names.end()) {
      return fail(unknown_verb(words[0]), format);
    }
    if (is_model_verb(words)) return run_model({.words = words});
  }
  CLI::App app{"Tunes training programs: the best hyperparameters by Bayesian optimization."};
  Action action;
  bool asks_version = false;
  bool asks_json = false;
  declare_all(app, action, asks_version, asks_json);
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::Success&) {
    const auto verbs = app.get_subcommands();
    print(verbs.empty() ? app.help() : verbs.front()->help());
    return kDone;
  } catch (const CLI::ParseError& error) {
    return fail(parse_error(app, error), format);
  }
  if (asks_version) return run_version(asks_json ? Format::json : Format::table);
  if (action) return action();
  note(app.help());
  return kUsage;
}

}  // namespace hpo::cli
