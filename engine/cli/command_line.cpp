#include "engine/cli/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>

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
        return fmt::format("\nUsage: hpo {}{}{}\n", verb.name, *verb.usage != '\0' ? " " : "",
                           verb.usage);
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
  const std::string help = fmt::format("`hpo {}{}--help` shows what it takes",
                                       app.get_name() == "hpo" ? "" : app.get_name(),
                                       app.get_name() == "hpo" ? "" : " ");
  const auto extras = app.remaining();
  if (extras.empty() || dynamic_cast<const CLI::ExtrasError*>(&error) == nullptr) {
    return {.message = error.what(), .hint = help};
  }
  const std::string& word = extras.front();
  if (!word.starts_with("-")) {
    return {.message = fmt::format("unexpected word \"{}\"", printable(word)), .hint = help};
  }
  const std::string flag = word.substr(0, word.find('='));
  const auto near = config::did_you_mean(flag, option_names(app));
  return {.message = fmt::format("unknown option {}", printable(flag)),
          .hint = near.empty() ? help : near};
}

/// `hpo help VERB` as `hpo VERB --help`, `hpo help --man` as `hpo --man`.
std::vector<std::string> without_help_verb(std::vector<std::string> words) {
  if (words.empty() || words[0] != "help") return words;
  words.erase(words.begin());
  if (!words.empty() && words[0] == "--man") return words;
  words.emplace_back("--help");
  return words;
}

constexpr const char* kFooter =
    "First steps:\n"
    "  hpo validate tuning.yaml     what is wrong with the file, and advice\n"
    "  hpo run tuning.yaml          run the study, or go on with it\n"
    "  hpo best                     its best trial\n"
    "`hpo COMMAND --help` shows a command's options and examples.";

void set_up(CLI::App& app, const char* name) {
  app.name(name);
  app.formatter(std::make_shared<Help>());
  app.set_help_flag("-h,--help", "this text");
}

/// Parses the words; the exit code where that is the end already: help, or an error.
std::optional<int> parse(CLI::App& app, const std::vector<std::string>& words, Format format) {
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
    return std::nullopt;
  } catch (const CLI::Success&) {
    print(app.help());
    return kDone;
  } catch (const CLI::ParseError& error) {
    return fail(parse_error(app, error), format);
  }
}

/// What the system refused: threads, memory, descriptors.
Error out_of(const std::string& what) {
  return {.code = ErrorCode::environment,
          .message = "the system gave no more: " + what,
          .hint = "look at its limits (ulimit -a); the study is safe, run it again"};
}

/// A verb has a parser of its own, so that studies and trials may be called like other verbs
/// (`hpo show birds best`).
int run_verb(const Verb& verb, const std::vector<std::string>& words, Format format) {
  CLI::App app{verb.description};
  set_up(app, verb.name);
  if (*verb.examples != '\0') app.footer(fmt::format("Examples:\n{}", verb.examples));
  Action action;
  verb.declare(app, action);
  if (const auto code = parse(app, words, format)) return *code;
  return action();
}

/// `hpo --help`, `hpo --version`, and `hpo` alone.
int run_without_verb(const std::vector<std::string>& words, Format format) {
  CLI::App app{"Tunes training programs: the best hyperparameters by Bayesian optimization."};
  set_up(app, "hpo");
  bool asks_version = false;
  bool asks_json = false;
  bool asks_man = false;
  app.add_flag("--version", asks_version, "the version; with --json also of the JSON's schema");
  app.add_flag("--json", asks_json)->group("");
  app.add_flag("--man", asks_man, "the manual page, for man: hpo --man > hpo.1");
  app.footer(kFooter);
  for (const auto& verb : all_verbs()) {
    app.add_subcommand(verb.name, verb.description)->group(verb.group);
  }
  if (const auto code = parse(app, words, format)) return *code;
  if (asks_version) return run_version(asks_json ? Format::json : Format::table);
  if (asks_man) return run_man();
  note(app.help());
  return kUsage;
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

namespace {

int run_words(const std::vector<std::string>& words, Format format) {
  if (words.empty() || words[0].starts_with("-")) return run_without_verb(words, format);
  const auto verbs = all_verbs();
  const auto verb = std::find_if(verbs.begin(), verbs.end(),
                                 [&](const Verb& known) { return words[0] == known.name; });
  if (verb == verbs.end()) return fail(unknown_verb(words[0]), format);
  if (is_model_verb(words)) return run_model({.words = words});
  return run_verb(*verb, {words.begin() + 1, words.end()}, format);
}

}  // namespace

int run_command_line(const std::vector<std::string>& words_given) {
  const auto words = without_help_verb(words_given);
  const Format format = format_of(words);
  try {
    return run_words(words, format);
  } catch (const std::bad_alloc&) {
    return fail(out_of("memory"), format);
  } catch (const std::runtime_error& error) {  // the standard library's system_error, and Boost's
    return fail(out_of(error.what()), format);
  }
}

}  // namespace hpo::cli
