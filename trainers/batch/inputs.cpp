#include "trainers/batch/inputs.h"

#include <fmt/format.h>
#include <glob.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>

#include "objectives/glyphs.h"
#include "objectives/plain_text.h"
#include "trainers/batch/list.h"
#include "trainers/files.h"

namespace hpo::batch {
namespace {

namespace fs = std::filesystem;

std::string extension_of(const fs::path& file) { return lower(file.extension().native()); }

bool is_photo_name(const fs::path& file) {
  const std::string extension = extension_of(file);
  return extension == ".jpg" || extension == ".jpeg" || extension == ".png";
}

bool is_list_name(const fs::path& file) {
  constexpr std::array<std::string_view, 6> kLists = {".txt",      ".list", ".lst",
                                                      ".manifest", ".json", ".jsonl"};
  return std::find(kLists.begin(), kLists.end(), extension_of(file)) != kLists.end();
}

bool is_folder(const fs::path& path) {
  std::error_code ignored;  // of a dangling link, which is none
  return fs::is_directory(path, ignored);
}

bool is_hidden(const fs::path& path) { return path.filename().native().starts_with('.'); }

/// Adds the photos of a folder, sorted, named from `base`.
Result<void> add_folder(const fs::path& folder, const fs::path& base, std::vector<Input>& inputs) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (fs::recursive_directory_iterator
           entry(folder, fs::directory_options::follow_directory_symlink, failed),
       end;
       !failed && entry != end; entry.increment(failed)) {
    const bool is_inner = is_folder(entry->path());
    if (is_inner && is_hidden(entry->path())) entry.disable_recursion_pending();
    // A dangling link, or a FIFO, is listed with the photos that cannot be read.
    if (!is_inner && !is_hidden(entry->path()) && is_photo_name(entry->path())) {
      files.push_back(entry->path());
    }
  }
  if (failed) {
    return Error{
        .code = ErrorCode::environment,
        .message = fmt::format("{}: cannot be listed: {}", folder.string(), failed.message())};
  }
  std::sort(files.begin(), files.end());
  for (auto& file : files) {
    std::string name = file.lexically_relative(base).generic_string();
    inputs.push_back({.file = std::move(file), .name = std::move(name)});
  }
  return {};
}

/// The last folder above a pattern's first wildcard; empty: the current one.
fs::path folder_of(const std::string& pattern) {
  return fs::path(pattern.substr(0, pattern.find_first_of("*?["))).parent_path();
}

Result<void> add_pattern(const std::string& pattern, std::vector<Input>& inputs) {
  glob_t found = {};
  const int failed = ::glob(pattern.c_str(), 0, nullptr, &found);
  std::vector<fs::path> paths(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  if (failed != 0) {
    return Error{.code = ErrorCode::not_found,
                 .message = fmt::format("{}: matches no file", printable(pattern)),
                 .hint = "a folder is searched at any depth"};
  }
  const fs::path base = folder_of(pattern);
  for (auto& path : paths) {
    if (is_folder(path)) {
      if (auto added = add_folder(path, base, inputs); !added) return added;
      continue;
    }
    std::string name = path.lexically_relative(base).generic_string();
    inputs.push_back({.file = std::move(path), .name = std::move(name)});
  }
  return {};
}

Result<void> add_list(std::string_view text, const fs::path& base, std::string_view name,
                      std::vector<Input>& inputs) {
  auto listed = read_list(text, base, name);
  if (!listed) return listed.error();
  std::move(listed->begin(), listed->end(), std::back_inserter(inputs));
  return {};
}

Result<void> add_word(const std::string& word, const std::function<std::string()>& read_stdin,
                      std::vector<Input>& inputs) {
  if (word == "-") return add_list(read_stdin(), {}, "the list on stdin", inputs);
  const fs::path path = word;
  std::error_code failed;
  if (is_folder(path)) return add_folder(path, path, inputs);
  if (fs::is_regular_file(path, failed) && is_list_name(path)) {
    const auto text = read_text(path);
    if (!text) return text.error();
    return add_list(*text, path.parent_path(), word, inputs);
  }
  if (fs::exists(path, failed)) {
    inputs.push_back({.file = path, .name = path.filename().string()});
    return {};
  }
  if (word.find_first_of("*?[") != std::string::npos) return add_pattern(word, inputs);
  return Error{.code = ErrorCode::not_found,
               .message = fmt::format("{}: no such photo or folder", printable(word))};
}

/// Leaves a photo out that is there already. Error: usage, where another has its name.
Result<std::vector<Input>> without_repeats(std::vector<Input> inputs) {
  std::map<std::string_view, const fs::path*> seen;
  std::vector<bool> is_new;
  for (const Input& input : inputs) {
    const auto [at, added] = seen.emplace(input.name, &input.file);
    is_new.push_back(added);
    if (added || *at->second == input.file) continue;
    return Error{.message = fmt::format("{} and {} would both be written as {}",
                                        printable(at->second->string()),
                                        printable(input.file.string()), printable(input.name)),
                 .hint = "predict them into two folders, or name the folder above both"};
  }
  std::vector<Input> kept;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (is_new[i]) kept.push_back(std::move(inputs[i]));
  }
  return kept;
}

}  // namespace

Result<std::vector<Input>> find_inputs(const std::vector<std::string>& words,
                                       const std::function<std::string()>& read_stdin) {
  std::vector<Input> inputs;
  for (const auto& word : words) {
    if (auto added = add_word(word, read_stdin, inputs); !added) return added.error();
  }
  if (inputs.empty()) {
    return Error{.message = fmt::format("{}: no .jpg, .jpeg or .png file",
                                        words.empty() ? "" : printable(words.front()))};
  }
  return without_repeats(std::move(inputs));
}

}  // namespace hpo::batch
