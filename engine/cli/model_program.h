#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "objectives/error.h"

namespace hpo::cli {

/// `hpo-model`, the program with libtorch, beside this one. Error: environment, where it is
/// missing.
Result<std::filesystem::path> model_program();

/// Runs it with these arguments and waits; what it prints goes to stderr. Error: environment, where
/// it is missing or fails.
Result<void> run_model_program(const std::vector<std::string>& arguments);

/// What it prints on stdout, first line only: `hpo-model --version`.
Result<std::string> model_program_version();

}  // namespace hpo::cli
