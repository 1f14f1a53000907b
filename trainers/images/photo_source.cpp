#include "trainers/images/photo_source.h"

#include <fmt/format.h>

#include <cctype>
#include <set>
#include <utility>

#include "objectives/spelling.h"
#include "trainers/images/cub.h"
#include "trainers/images/image_folder.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;

Result<PhotoSource> open_class_folders(const fs::path& folder) {
  auto listed = list_image_folder(folder);
  if (!listed) return listed.error();
  PhotoSource source{
      .kind = "class folders", .root = folder, .classes = std::move(listed->classes)};
  for (auto& file : listed->files) {
    source.photos.push_back({.path = std::move(file.path), .label = file.label});
  }
  return source;
}

/// `bobolink` of `013.Bobolink`: without the number.
std::string normal_form(std::string name) {
  for (char& c : name) {
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (c == '-' || c == ' ') c = '_';
  }
  return name;
}

std::string comma_list(const std::vector<std::string>& names, std::size_t at_most) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < at_most; ++i) {
    text += (i == 0 ? "" : ", ") + names[i];
  }
  return names.size() > at_most ? text + ", ..." : text;
}

Error unknown_class(const std::string& word, const std::vector<std::string>& known) {
  std::vector<std::string> names = known;
  for (const auto& name : known) names.push_back(without_number(name));
  const std::string near = nearest_name(word, names);
  return Error{.message = fmt::format("unknown class \"{}\"", word),
               .hint = near.empty() ? fmt::format("there are {}", comma_list(known, 20))
                                    : fmt::format("did you mean \"{}\"?", near)};
}

Result<int> find_class(const std::string& word, const std::vector<std::string>& known) {
  const std::string wanted = normal_form(word);
  std::vector<std::string> fitting;
  int label = 0;
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (known[i] == word) return static_cast<int>(i);
    const std::string name = normal_form(known[i]);
    if (name != wanted && without_number(name) != wanted) continue;
    fitting.push_back(known[i]);
    label = static_cast<int>(i);
  }
  if (fitting.empty()) return unknown_class(word, known);
  if (fitting.size() > 1) {
    return Error{
        .message = fmt::format("class \"{}\" fits several: {}", word, comma_list(fitting, 20)),
        .hint = "write one as its folder is named"};
  }
  return label;
}

Result<std::set<int>> find_classes(const std::vector<std::string>& words,
                                   const std::vector<std::string>& known) {
  std::set<int> labels;
  for (const auto& word : words) {
    const auto label = find_class(word, known);
    if (!label) return label.error();
    labels.insert(*label);
  }
  return labels;
}

}  // namespace

std::string without_number(const std::string& name) {
  std::size_t digits = 0;
  while (digits < name.size() && std::isdigit(static_cast<unsigned char>(name[digits])) != 0) {
    ++digits;
  }
  const bool numbered = digits > 0 && digits + 1 < name.size() && name[digits] == '.';
  return numbered ? name.substr(digits + 1) : name;
}

Result<PhotoSource> open_photo_source(const fs::path& folder) {
  if (is_cub_folder(folder)) return open_cub(folder);
  if (is_cub_folder(folder / "CUB_200_2011")) return open_cub(folder / "CUB_200_2011");
  return open_class_folders(folder);
}

Result<PhotoSource> keep_classes(PhotoSource source, const std::vector<std::string>& classes,
                                 const std::vector<std::string>& exclude) {
  const auto wanted = find_classes(classes, source.classes);
  if (!wanted) return wanted.error();
  const auto unwanted = find_classes(exclude, source.classes);
  if (!unwanted) return unwanted.error();
  PhotoSource kept{
      .kind = source.kind, .root = source.root, .has_test_split = source.has_test_split};
  std::vector<int> new_label(source.classes.size(), -1);
  for (std::size_t i = 0; i < source.classes.size(); ++i) {
    const int label = static_cast<int>(i);
    if (unwanted->contains(label) || (!wanted->empty() && !wanted->contains(label))) continue;
    new_label[i] = static_cast<int>(kept.classes.size());
    kept.classes.push_back(source.classes[i]);
  }
  if (kept.classes.size() < 2) {
    return Error{
        .message = fmt::format("{} of the {} classes of {} left, a classifier needs two",
                               kept.classes.size(), source.classes.size(), source.root.string()),
        .hint = "name more classes, or exclude fewer"};
  }
  for (auto& photo : source.photos) {
    photo.label = new_label[static_cast<std::size_t>(photo.label)];
    if (photo.label >= 0) kept.photos.push_back(std::move(photo));
  }
  return kept;
}

}  // namespace hpo
