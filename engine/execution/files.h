#pragma once

#include <filesystem>
#include <string_view>

#include "objectives/error.h"

namespace hpo::execution {

/// What to do where a system call failed for want of something; empty for other reasons.
const char* hint_for(int error);

/// `cannot write FILE: No space left on device`, with what to do about it.
Error write_error(const std::filesystem::path& file, int error);

/// Writes the file whole or not at all, also if this process is killed meanwhile.
Result<void> write_file(const std::filesystem::path& file, std::string_view text);

/// Makes the folder and those above it.
Result<void> make_folder(const std::filesystem::path& folder);

/// Makes `link` point to `target`, whatever link was there.
Result<void> make_link(const std::filesystem::path& link, const std::filesystem::path& target);

/// The program `name` beside the one that runs, or where the environment's `variable` says. Error:
/// environment, if there is none.
Result<std::filesystem::path> helper_program(const char* name, const char* variable);

/// The last `most` bytes of a file; less where it is shorter, nothing where it cannot be read.
std::string tail_of(const std::filesystem::path& file, std::size_t most);

/// Text for people and for JSON: valid UTF-8 without control characters but newline and tab; other
/// bytes become U+FFFD, several in a row one.
std::string printable(std::string_view bytes);

}  // namespace hpo::execution
