// hpo --man: the manual page hpo.1, made from the verbs' table and the options that they declare.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cctype>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/cli/command_line.h"
#include "engine/cli/output.h"

namespace hpo::cli {
namespace {

using Entry = std::pair<const char*, const char*>;

constexpr Entry kExitCodes[] = {
    {"0", "done"},
    {"1", "the study ended with nothing usable"},
    {"2", "usage, or the tuning file"},
    {"3", "the surroundings: a device, credentials, the disk"},
    {"4", "the study is held by another process, which is named"},
    {"5", "ended without reaching --require-target"},
    {"130, 143", "interrupted by SIGINT, SIGTERM"},
};

constexpr Entry kFiles[] = {
    {"tuning.yaml",
     "what is searched and what a trial runs; the README describes it, hpo schema prints its keys"},
    {"hpo.db", "the storage: an SQLite database with every study, trial and report"},
    {"hpo.runs/STUDY/NUMBER/",
     "a trial's folder beside the storage, laid out as SageMaker lays out /opt/ml"},
};

constexpr Entry kEnvironmentNames[] = {
    {"HPO_STORAGE", "the storage where --storage does not name one"},
    {"HPO_MODEL_PROGRAM", "the program for models; otherwise hpo-model beside hpo"},
    {"HPO_SUPERVISOR", "the program that watches a trial; otherwise hpo-supervisor beside hpo"},
    {"HPO_LOCK_DIR", "where studies of this machine lease devices and CPUs from each other"},
    {"CUDA_VISIBLE_DEVICES", "the GPUs that may be used"},
    {"NO_COLOR, TERM", "no colour where NO_COLOR is set or TERM is dumb"},
};

/// Text of a page: nothing in it is an instruction to roff.
std::string escaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool starts_line = i == 0 || text[i - 1] == '\n';
    if (starts_line && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '\'') {
      out += "\\(aq";
    } else if (c == '`') {
      out += "\\(ga";
    } else if (c == '^') {
      out += "\\(ha";
    } else if (c == '~') {
      out += "\\(ti";
    } else {
      out += c;
    }
  }
  return out;
}

std::string entry(std::string_view term, std::string_view text) {
  return fmt::format(".TP\n.B {}\n{}\n", escaped(term), escaped(text));
}

template <class Entries>
std::string section(const char* title, const Entries& entries) {
  std::string out = fmt::format(".SH {}\n", title);
  for (const auto& [term, text] : entries) out += entry(term, text);
  return out;
}

/// `-o, --out FILE`, or nothing for a positional one, which the usage shows.
std::string names_of(const CLI::Option& option) {
  std::string names;
  for (const auto& name : option.get_snames()) names += (names.empty() ? "-" : ", -") + name;
  for (const auto& name : option.get_lnames()) names += (names.empty() ? "--" : ", --") + name;
  const std::string value = option.get_option_text();
  return names.empty() || value.empty() ? names : names + " " + value;
}

/// Examples: the indented lines as they are, others as text.
std::string examples_of(const Verb& verb) {
  std::string out;
  bool is_code = false;
  std::istringstream lines(verb.examples);
  for (std::string line; std::getline(lines, line);) {
    const bool is_indented = line.starts_with("  ");
    if (is_indented != is_code) out += is_indented ? ".PP\n.nf\n" : ".fi\n.PP\n";
    is_code = is_indented;
    if (!line.empty()) out += escaped(line) + "\n";
  }
  return out + (is_code ? ".fi\n" : "");
}

std::string page_of(const Verb& verb) {
  CLI::App app;
  Action ignored;
  app.set_help_flag();
  verb.declare(app, ignored);
  std::string out =
      fmt::format(".SS \"hpo {}{}{}\"\n{}.\n", escaped(verb.name), *verb.usage == '\0' ? "" : " ",
                  escaped(verb.usage), escaped(verb.description));
  const std::vector<std::string> name = {verb.name};
  if (verb.name != std::string_view("train") && is_model_verb(name)) {
    out +=
        fmt::format("{} lists its options.\n", escaped(fmt::format("`hpo {} --help`", verb.name)));
  }
  for (const auto* option : app.get_options()) {
    const std::string names = names_of(*option);
    if (!names.empty()) out += entry(names, option->get_description());
  }
  return out + examples_of(verb);
}

std::string commands() {
  std::string out;
  std::string_view group;
  for (const auto& verb : all_verbs()) {
    if (group != verb.group) {
      group = verb.group;
      std::string title(group);
      for (char& c : title) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      out += fmt::format(".SH \"{}\"\n", escaped(title));
    }
    out += page_of(verb);
  }
  return out;
}

}  // namespace

int run_man() {
  print(fmt::format(
      ".\\\" Made by `hpo --man`.\n"
      ".TH HPO 1 \"\" \"hpo {}\" \"User Commands\"\n"
      ".SH NAME\nhpo \\- tunes training programs by Bayesian optimization\n"
      ".SH SYNOPSIS\n.B hpo\n.I COMMAND\n[\\fIOPTIONS\\fR]\n.br\n"
      ".B hpo\n.I COMMAND\n.B \\-\\-help\n"
      ".SH DESCRIPTION\n{}\n.PP\n{}\n",
      HPO_VERSION,
      escaped("hpo proposes configurations of a training program by a Gaussian process, runs them "
              "in parallel on the GPUs or CPUs of this machine, each in a process of its own, and "
              "keeps every result in one SQLite file. The same command goes on where a study was "
              "interrupted."),
      escaped("Verbs that look take a STUDY where the storage holds several. "
              "TRIAL is a number, a range such as 3-7, best or last. Results go to stdout, "
              "everything else to stderr.")));
  print(commands());
  print(section("EXIT STATUS", kExitCodes));
  print(section("FILES", kFiles));
  print(section("ENVIRONMENT", kEnvironmentNames));
  return kDone;
}

}  // namespace hpo::cli
