#include "trainers/images/split.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace hpo {
namespace {

/// round(fraction · count), at least one where anything is asked for.
std::size_t part_of(std::size_t count, double fraction) {
  if (fraction <= 0.0) return 0;
  const auto part = std::lround(fraction * static_cast<double>(count));
  return static_cast<std::size_t>(std::max(part, 1L));
}

/// The photos of one class that may be held out, in their random order.
std::vector<SourcePhoto*> shuffled(PhotoSource& source, int label, std::uint64_t seed) {
  std::vector<std::pair<std::uint64_t, SourcePhoto*>> order;
  for (auto& photo : source.photos) {
    if (photo.label != label || photo.channel != Channel::train) continue;
    order.emplace_back(XXH64(photo.path.data(), photo.path.size(), seed), &photo);
  }
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : a.second->path < b.second->path;
  });
  std::vector<SourcePhoto*> photos;
  for (const auto& [hash, photo] : order) photos.push_back(photo);
  return photos;
}

/// `; refused: crow/a.jpg (is empty), ... and 3 more`; empty where none of the class was.
std::string refused_photos(const std::string& name, const std::vector<SkippedFile>& skipped) {
  constexpr int kShown = 10;
  std::string text;
  int count = 0;
  for (const auto& photo : skipped) {
    if (!photo.path.starts_with(name + "/") || ++count > kShown) continue;
    text += fmt::format("{}{} ({})", count == 1 ? "; refused: " : ", ", photo.path, photo.reason);
  }
  if (count > kShown) text += fmt::format(" and {} more", count - kShown);
  return text;
}

}  // namespace

Result<void> split(PhotoSource& source, const SplitFractions& fractions, std::uint64_t seed,
                   const std::vector<SkippedFile>& skipped) {
  const double test_fraction = source.has_test_split ? 0.0 : fractions.test;
  for (int label = 0; label < static_cast<int>(source.classes.size()); ++label) {
    const auto& name = source.classes[static_cast<std::size_t>(label)];
    const auto photos = shuffled(source, label, seed);
    const std::size_t test = part_of(photos.size(), test_fraction);
    const std::size_t rest = photos.size() - std::min(photos.size(), test);
    const std::size_t validation = part_of(rest, fractions.validation);
    if (rest <= validation) {
      return Error{.message = fmt::format(
                       "class \"{}\" has {} {}{}: too few to hold out {} and still train{}", name,
                       photos.size(), source.has_test_split ? "training " : "",
                       photos.size() == 1 ? "photo" : "photos", test + validation,
                       refused_photos(name, skipped)),
                   .hint = "leave it out with --exclude, or hold out less"};
    }
    for (std::size_t i = 0; i < test + validation; ++i) {
      photos[i]->channel = i < test ? Channel::test : Channel::validation;
    }
  }
  return {};
}

}  // namespace hpo
