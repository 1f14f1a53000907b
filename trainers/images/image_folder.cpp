#include "trainers/images/image_folder.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <set>
#include <system_error>
#include <utility>

#include "objectives/plain_text.h"
#include "objectives/spelling.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;

bool is_hidden(const fs::path& path) { return path.filename().native().starts_with('.'); }

bool has_jpeg_name(const fs::path& path) {
  const std::string extension = lower(path.extension().native());
  return extension == ".jpg" || extension == ".jpeg";
}

Error unreadable(const fs::path& path, const std::error_code& error) {
  return Error{.code = ErrorCode::environment,
               .message = fmt::format("{}: cannot be listed: {}", path.string(), error.message())};
}

/// Folders directly below the root, sorted; `stray` tells whether photos lie there instead.
Result<std::vector<std::string>> class_names(const fs::path& root, bool& stray) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(root, error), end; !error && entry != end;
       entry.increment(error)) {
    if (is_hidden(entry->path())) continue;
    std::error_code ignored;  // a dangling link is no folder
    if (fs::is_directory(entry->path(), ignored)) {
      names.push_back(entry->path().filename().string());
    } else {
      stray = stray || has_jpeg_name(entry->path());
    }
  }
  if (error) return unreadable(root, error);
  std::sort(names.begin(), names.end());
  return names;
}

Result<void> add_class(ImageFolder& folder, int label) {
  const fs::path top = folder.root / folder.classes[static_cast<std::size_t>(label)];
  const std::size_t before = folder.files.size();
  std::error_code error;
  for (fs::recursive_directory_iterator entry(top, error), end; !error && entry != end;
       entry.increment(error)) {
    struct stat status = {};
    const bool known = stat(entry->path().c_str(), &status) == 0;
    const bool hidden = is_hidden(entry->path());
    if (hidden && known && S_ISDIR(status.st_mode)) entry.disable_recursion_pending();
    if (hidden || (known && S_ISDIR(status.st_mode))) continue;
    if (!has_jpeg_name(entry->path())) {
      ++folder.ignored;
      continue;
    }
    // A dangling link is listed, so that whoever opens it can name it.
    folder.files.push_back({.path = entry->path().lexically_relative(folder.root).generic_string(),
                            .label = label,
                            .bytes = static_cast<std::uint64_t>(status.st_size),
                            .modified_ns = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 +
                                           status.st_mtim.tv_nsec});
  }
  if (error) return unreadable(top, error);
  if (folder.files.size() == before) {
    return Error{.message = fmt::format("{}: class \"{}\" has no photo (.jpg or .jpeg)",
                                        folder.root.string(),
                                        folder.classes[static_cast<std::size_t>(label)]),
                 .hint = "add photos to it, or remove the folder"};
  }
  return {};
}

Error no_classes(const fs::path& root, bool stray) {
  return Error{
      .message = fmt::format("{}: {}; expected one folder of photos per class", root.string(),
                             stray ? "photos lie directly in it" : "no class folder in it"),
      .hint = "hpo prepare SOURCE --out DIR makes channels from CUB-200-2011 or class folders"};
}

}  // namespace

Result<ImageFolder> list_image_folder(const fs::path& root) {
  std::error_code error;
  if (!fs::is_directory(root, error)) {
    return Error{.code = ErrorCode::not_found,
                 .message = fmt::format("{}: no such folder", root.string())};
  }
  bool stray = false;
  auto names = class_names(root, stray);
  if (!names) return names.error();
  if (names->empty()) return no_classes(root, stray);
  ImageFolder folder{.root = root, .classes = *std::move(names)};
  for (int label = 0; label < static_cast<int>(folder.classes.size()); ++label) {
    if (auto added = add_class(folder, label); !added) return added.error();
  }
  std::sort(folder.files.begin(), folder.files.end(), [](const auto& a, const auto& b) {
    return std::pair(a.label, std::string_view(a.path)) <
           std::pair(b.label, std::string_view(b.path));
  });
  return folder;
}

Result<ImageFolder> with_classes(ImageFolder folder, const std::vector<std::string>& classes) {
  std::map<std::string, int> label_of;
  for (const auto& name : classes) label_of.emplace(name, static_cast<int>(label_of.size()));
  for (auto& file : folder.files) {
    const std::string& name = folder.classes[static_cast<std::size_t>(file.label)];
    const auto found = label_of.find(name);
    if (found == label_of.end()) {
      const std::string near = nearest_name(name, classes);
      return Error{.message = fmt::format("{}: class \"{}\" is not among the {} training classes",
                                          folder.root.string(), name, classes.size()),
                   .hint = near.empty() ? "every class needs photos in the train channel"
                                        : fmt::format("the training channel has \"{}\"", near)};
    }
    file.label = found->second;
  }
  std::stable_sort(folder.files.begin(), folder.files.end(),
                   [](const auto& a, const auto& b) { return a.label < b.label; });
  folder.classes = classes;
  return folder;
}

}  // namespace hpo
