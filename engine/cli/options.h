#pragma once

#include <string>
#include <vector>

#include "engine/cli/verbs.h"

namespace CLI {
class App;
}

// Options that several verbs share, each declared in one place.

namespace hpo::cli {

void declare_format(CLI::App& app, Format& format);
/// --format without its short form --json.
void declare_format_only(CLI::App& app, Format& format);
void declare_storage(CLI::App& app, std::string& storage);
/// --storage and --format.
void declare_look(CLI::App& app, LookArgs& look);
/// `[STUDY]`, --storage and --format.
void declare_study(CLI::App& app, StudyArgs& args);
/// `[STUDY] [TRIAL...]`, --storage and --format.
void declare_words(CLI::App& app, std::vector<std::string>& words, LookArgs& look);

}  // namespace hpo::cli
