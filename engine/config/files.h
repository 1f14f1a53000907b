#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "engine/config/findings.h"

namespace hpo::config {

/// `path` as the file means it: relative to the file's folder; `~/` is the home folder.
std::filesystem::path resolve(const std::filesystem::path& folder, const std::string& path);

/// Why a command's program cannot be started from `folder`; an empty message where it can. A name
/// with a slash is a file (relative to `folder`), any other is searched in `search_path` (PATH).
Finding check_program(const std::string& program, const std::filesystem::path& folder,
                      std::string_view search_path);

/// Why `path` is no folder that can be read; an empty message where it is.
Finding check_folder(const std::filesystem::path& path);

/// Why `path` cannot be a file to write: its folder is missing, or it is a folder itself.
Finding check_output_file(const std::filesystem::path& path);

}  // namespace hpo::config
