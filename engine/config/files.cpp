#include "engine/config/files.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "engine/config/suggestions.h"

namespace hpo::config {
namespace fs = std::filesystem;
namespace {

bool is_executable(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error) && access(path.c_str(), X_OK) == 0;
}

/// The entry of `path`'s folder whose name is nearest.
std::string similar_entry(const fs::path& path) {
  constexpr std::size_t kMostToLookAt = 1000;
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(path.parent_path(), error), end; !error && at != end;
       at.increment(error)) {
    names.push_back(at->path().filename().string());
    if (names.size() >= kMostToLookAt) break;
  }
  std::sort(names.begin(), names.end());  // the folder's order is no order
  return did_you_mean(path.filename().string(), names);
}

Finding check_program_file(const std::string& program, const fs::path& file) {
  std::error_code error;
  if (!fs::exists(file, error)) {
    return {.message = fmt::format("there is no program {}", file.string()),
            .hint = similar_entry(file)};
  }
  if (is_executable(file)) return {};
  if (fs::is_directory(file, error)) {
    return {.message = fmt::format("{} is a folder, not a program", file.string())};
  }
  return {.message = fmt::format("{} is not executable", file.string()),
          .hint = fmt::format("chmod +x {}, or name its interpreter first: [python3, {}]", program,
                              program)};
}

}  // namespace

fs::path resolve(const fs::path& folder, const std::string& path) {
  const char* home = std::getenv("HOME");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  if (path.starts_with("~/") && home != nullptr) {
    return (fs::path(home) / path.substr(2)).lexically_normal();
  }
  return (folder / path).lexically_normal();
}

Finding check_program(const std::string& program, const fs::path& folder,
                      std::string_view search_path) {
  if (program.find('/') != std::string::npos) {
    return check_program_file(program, (folder / program).lexically_normal());
  }
  std::string_view rest = search_path;
  while (true) {
    const auto colon = rest.find(':');
    const std::string_view entry = rest.substr(0, colon);
    // An empty entry of PATH is the working directory; a command's is the file's folder.
    if (is_executable(folder / entry / program)) return {};
    if (colon == std::string_view::npos) break;
    rest.remove_prefix(colon + 1);
  }
  std::error_code error;
  Finding finding{.message = fmt::format("there is no program \"{}\" in PATH", program)};
  if (fs::exists(folder / program, error)) {
    finding.hint = fmt::format("write ./{} for the file beside this one", program);
  } else if (program.find(' ') != std::string::npos) {
    finding.hint = "program and arguments are separate: [python3, train.py]";
  } else if (program == "python") {
    finding.hint = "did you mean \"python3\"?";
  }
  return finding;
}

Finding check_folder(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path, error)) {
    return {.message = fmt::format("there is no folder {}", path.string()),
            .hint = similar_entry(path)};
  }
  if (!fs::is_directory(path, error)) {
    return {.message = fmt::format("{} is a file", path.string()), .expected = "a folder"};
  }
  if (access(path.c_str(), R_OK | X_OK) != 0) {
    return {.message = fmt::format("{} cannot be read", path.string()),
            .hint = "check its permissions"};
  }
  return {};
}

Finding check_output_file(const fs::path& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) {
    return {.message = fmt::format("{} is a folder", path.string()), .expected = "a file"};
  }
  const fs::path parent = path.parent_path();
  if (fs::is_directory(parent, error)) return {};
  return {.message = fmt::format("there is no folder {}", parent.string()),
          .hint = fmt::format("mkdir -p {}", parent.string())};
}

}  // namespace hpo::config
