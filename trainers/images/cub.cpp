#include "trainers/images/cub.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

namespace hpo {
namespace {

namespace fs = std::filesystem;

/// One of CUB's lists: `<id> <value>` a line.
struct List {
  fs::path file = {};
  std::map<std::int64_t, std::string> values = {};

  [[nodiscard]] const std::string* find(std::int64_t id) const {
    const auto found = values.find(id);
    return found == values.end() ? nullptr : &found->second;
  }
};

Error damaged(const fs::path& file, const std::string& what) {
  return Error{.code = ErrorCode::corrupt,
               .message = fmt::format("{}: {}", file.string(), what),
               .hint = "unpack CUB_200_2011.tgz again"};
}

std::optional<std::int64_t> to_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return number;
}

Result<List> read_list(const fs::path& file) {
  std::ifstream in(file);
  if (!in) {
    return Error{
        .code = ErrorCode::not_found,
        .message = fmt::format("{}: cannot be read, but CUB-200-2011 has it", file.string()),
        .hint = "unpack CUB_200_2011.tgz again"};
  }
  List list{.file = file};
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (line.empty()) continue;
    const auto blank = line.find(' ');
    const auto id = to_number(std::string_view(line).substr(0, blank));
    if (blank == std::string::npos || !id) {
      return damaged(fs::path(file).concat(fmt::format(":{}", number)),
                     fmt::format("expected \"<id> <value>\", got \"{:.60}\"", line));
    }
    if (!list.values.emplace(*id, line.substr(blank + 1)).second) {
      return damaged(fs::path(file).concat(fmt::format(":{}", number)),
                     fmt::format("id {} is there twice", *id));
    }
  }
  return list;
}

/// Whether the path stays below the folder it is joined to.
bool stays_inside(const fs::path& path) {
  return path.is_relative() && std::find(path.begin(), path.end(), "..") == path.end();
}

/// The value of `id`, which `images.txt` has.
Result<std::int64_t> number_of(const List& list, std::int64_t id) {
  const std::string* text = list.find(id);
  if (text == nullptr) return damaged(list.file, fmt::format("has no line for image {}", id));
  const auto number = to_number(*text);
  if (!number) return damaged(list.file, fmt::format("image {}: \"{}\" is no number", id, *text));
  return *number;
}

struct Lists {
  List images, classes, labels, split;
};

Result<Lists> read_lists(const fs::path& folder) {
  Lists lists;
  const std::pair<List*, const char*> files[] = {{&lists.images, "images.txt"},
                                                 {&lists.classes, "classes.txt"},
                                                 {&lists.labels, "image_class_labels.txt"},
                                                 {&lists.split, "train_test_split.txt"}};
  for (const auto& [list, name] : files) {
    auto read = read_list(folder / name);
    if (!read) return read.error();
    *list = *std::move(read);
  }
  return lists;
}

Result<void> add_classes(const List& classes, PhotoSource& source,
                         std::map<std::int64_t, int>& label_of) {
  for (const auto& [id, name] : classes.values) {
    if (name.find('/') != std::string::npos || name.starts_with('.')) {
      return damaged(classes.file, fmt::format("class {}: \"{}\" is no folder name", id, name));
    }
    label_of[id] = static_cast<int>(source.classes.size());
    source.classes.push_back(name);
  }
  return {};
}

Result<SourcePhoto> make_photo(const Lists& lists, std::int64_t id, const std::string& path,
                               const std::map<std::int64_t, int>& label_of) {
  if (!stays_inside(path)) {
    return damaged(lists.images.file, fmt::format("image {}: \"{}\" leaves its folder", id, path));
  }
  const auto class_id = number_of(lists.labels, id);
  if (!class_id) return class_id.error();
  const auto label = label_of.find(*class_id);
  if (label == label_of.end()) {
    return damaged(lists.labels.file,
                   fmt::format("image {}: classes.txt has no class {}", id, *class_id));
  }
  const std::string& name = *lists.classes.find(*class_id);
  if (!path.starts_with(name + "/")) {
    return damaged(lists.images.file,
                   fmt::format("image {}: \"{}\" is not in its class's folder {}", id, path, name));
  }
  const auto is_training = number_of(lists.split, id);
  if (!is_training) return is_training.error();
  return SourcePhoto{.path = path,
                     .label = label->second,
                     .channel = *is_training == 1 ? Channel::train : Channel::test};
}

}  // namespace

bool is_cub_folder(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder / "images.txt", ignored) && fs::exists(folder / "classes.txt", ignored);
}

Result<PhotoSource> open_cub(const fs::path& folder) {
  const auto lists = read_lists(folder);
  if (!lists) return lists.error();
  PhotoSource source{.kind = "CUB-200-2011", .root = folder / "images", .has_test_split = true};
  std::map<std::int64_t, int> label_of;
  if (auto added = add_classes(lists->classes, source, label_of); !added) return added.error();
  for (const auto& [id, path] : lists->images.values) {
    auto photo = make_photo(*lists, id, path, label_of);
    if (!photo) return photo.error();
    source.photos.push_back(*std::move(photo));
  }
  std::sort(source.photos.begin(), source.photos.end(), [](const auto& a, const auto& b) {
    return std::tie(a.label, a.path) < std::tie(b.label, b.path);
  });
  const auto twin =
      std::adjacent_find(source.photos.begin(), source.photos.end(),
                         [](const auto& a, const auto& b) { return a.path == b.path; });
  if (twin != source.photos.end()) {
    return damaged(lists->images.file, fmt::format("\"{}\" is there twice", twin->path));
  }
  return source;
}

}  // namespace hpo
