#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "objectives/error.h"

namespace hpo::cli {

/// `hpo-model`, the program with libtorch, beside this one. Error: environment, where it is
/// missing.
Result<std::filesystem::path> model_program();

/// Runs it with these arguments and waits; of what it prints only stderr is shown. Error:
/// environment, where it is missing or fails.
Result<void> run_model_program(const std::vector<std::string>& arguments);

/// The first line that it prints with these arguments. Error: environment, where it is missing or
/// does not start.
Result<std::string> first_line_of_model_program(const std::vector<std::string>& arguments);

}  // namespace hpo::cli
