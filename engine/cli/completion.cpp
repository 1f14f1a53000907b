// hpo completion: a script that completes verbs, options and studies, made from the verbs' table.

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "engine/cli/command_line.h"
#include "engine/cli/output.h"
#include "engine/config/suggestions.h"

namespace hpo::cli {
namespace {

/// A verb as a shell sees it.
struct Word {
  std::string name = {};
  std::string description = {};
  std::vector<std::string> options = {};
  bool takes_study = false;
  bool takes_file = false;
};

std::vector<Word> words() {
  std::vector<Word> list;
  for (const auto& verb : all_verbs()) {
    CLI::App app;
    Action ignored;
    app.set_help_flag("-h,--help");
    verb.declare(app, ignored);
    const std::string_view usage = verb.usage;
    Word word{.name = verb.name,
              .description = verb.description,
              .takes_study = usage.find("STUDY") != std::string_view::npos,
              .takes_file = usage.find("STUDY") == std::string_view::npos && !usage.empty()};
    for (const auto* option : app.get_options()) {
      for (const auto& name : option->get_lnames()) word.options.push_back("--" + name);
    }
    list.push_back(std::move(word));
  }
  return list;
}

std::string names_of(const std::vector<Word>& list) {
  std::string names;
  for (const auto& word : list) names += (names.empty() ? "" : " ") + word.name;
  return names;
}

constexpr const char* kStudies = "hpo studies --format csv 2>/dev/null | tail -n +2 | cut -d, -f1";

std::string bash_script(const std::vector<Word>& list) {
  std::string cases;
  for (const auto& word : list) {
    const std::string studies = word.takes_study ? fmt::format("$({})", kStudies) : "";
    cases += fmt::format("    {})\n      options=\"{}\"\n      words=\"{}\"\n      ;;\n", word.name,
                         fmt::join(word.options, " "), studies);
  }
  return fmt::format(
      "# bash completion of hpo\n"
      "_hpo() {{\n"
      "  local current=${{COMP_WORDS[COMP_CWORD]}} options=\"\" words=\"\"\n"
      "  if [ \"$COMP_CWORD\" = 1 ]; then\n"
      "    COMPREPLY=($(compgen -W \"{} help --help --version\" -- \"$current\"))\n"
      "    return\n"
      "  fi\n"
      "  case ${{COMP_WORDS[1]}} in\n{}  esac\n"
      "  case $current in\n"
      "    -*) COMPREPLY=($(compgen -W \"$options\" -- \"$current\")) ;;\n"
      "    *) COMPREPLY=($(compgen -W \"$words\" -- \"$current\")) ;;\n"
      "  esac\n"
      "}}\n"
      "complete -o default -F _hpo hpo\n",
      names_of(list), cases);
}

/// Text inside single quotes of zsh and fish, without what their descriptions give a meaning.
std::string plain(std::string text) {
  for (char& c : text) {
    if (c == '\'' || c == ':' || c == '[' || c == ']' || c == '\\') c = ' ';
  }
  return text;
}

std::string zsh_script(const std::vector<Word>& list) {
  std::string verbs;
  std::string cases;
  for (const auto& word : list) {
    verbs += fmt::format("    '{}:{}'\n", word.name, plain(word.description));
    const std::string rest =
        word.takes_study ? fmt::format("compadd -- ${{(f)\"$({})\"}}; _files", kStudies) : "_files";
    cases += fmt::format(
        "    {})\n      if [[ $PREFIX == -* ]]; then compadd -- {}; else {}; fi\n      ;;\n",
        word.name, fmt::join(word.options, " "), rest);
  }
  return fmt::format(
      "#compdef hpo\n"
      "_hpo() {{\n"
      "  local -a verbs=(\n{}  )\n"
      "  if (( CURRENT == 2 )); then\n"
      "    _describe command verbs\n"
      "    return\n"
      "  fi\n"
      "  case $words[2] in\n{}  esac\n"
      "}}\n"
      "_hpo \"$@\"\n",
      verbs, cases);
}

std::string fish_script(const std::vector<Word>& list) {
  std::string out = "# fish completion of hpo\n";
  for (const auto& word : list) {
    const std::string here =
        fmt::format("complete -c hpo -n '__fish_seen_subcommand_from {}'", word.name);
    out += fmt::format("complete -c hpo -n __fish_use_subcommand -f -a {} -d '{}'\n", word.name,
                       plain(word.description));
    for (const auto& option : word.options)
      out += fmt::format("{} -l {}\n", here, option.substr(2));
    if (word.takes_study) out += fmt::format("{} -f -a '({})'\n", here, kStudies);
  }
  return out;
}

}  // namespace

int run_completion(const std::string& shell) {
  const auto list = words();
  print(shell == "bash"  ? bash_script(list)
        : shell == "zsh" ? zsh_script(list)
                         : fish_script(list));
  return kDone;
}

}  // namespace hpo::cli
