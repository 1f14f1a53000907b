#include "trainers/images/prepare.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

#include "trainers/images/channels.h"
#include "trainers/images/new_folder.h"
#include "trainers/images/parallel.h"
#include "trainers/images/photo.h"
#include "trainers/images/photo_source.h"
#include "trainers/images/split.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;

Result<void> check_places(const fs::path& source, const fs::path& out) {
  std::error_code error;
  const fs::path from = fs::weakly_canonical(fs::absolute(source), error);
  const fs::path to = fs::weakly_canonical(fs::absolute(out), error);
  const fs::path between = to.lexically_relative(from);
  if (!between.empty() && *between.begin() != "..") {
    return Error{.message = fmt::format("{}: lies in the source folder, which is never changed",
                                        out.string()),
                 .hint = "give a folder beside it"};
  }
  return {};
}

/// Decodes every photo once; damaged ones move from the source to `skipped`.
Result<void> drop_damaged(PhotoSource& source, std::vector<SkippedFile>& skipped) {
  const std::size_t count = source.photos.size();
  std::vector<Result<std::string>> reasons(count);
  parallel_for(count, [&](std::size_t i) {
    auto photo = read_photo(source.root / source.photos[i].path);
    reasons[i] = photo ? Result<std::string>(photo->reason) : photo.error();
  });
  std::vector<SourcePhoto> good;
  for (std::size_t i = 0; i < count; ++i) {
    if (!reasons[i]) return reasons[i].error();
    if (reasons[i]->empty()) {
      good.push_back(std::move(source.photos[i]));
    } else {
      skipped.push_back({.path = source.photos[i].path, .reason = *reasons[i]});
    }
  }
  source.photos = std::move(good);
  return {};
}

Result<void> check_none_empty(const PhotoSource& source, const std::vector<SkippedFile>& skipped) {
  std::vector<int> left(source.classes.size());
  for (const auto& photo : source.photos) ++left[static_cast<std::size_t>(photo.label)];
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left[i] > 0) continue;
    const auto first = std::find_if(skipped.begin(), skipped.end(), [&](const auto& file) {
      return file.path.starts_with(source.classes[i] + "/");
    });
    return Error{.message = fmt::format("{}: class \"{}\" has no readable photo",
                                        source.root.string(), source.classes[i]),
                 .hint = first == skipped.end()
                             ? "leave it out with --exclude"
                             : fmt::format("for example {} {}; leave the class out with --exclude",
                                           first->path, first->reason)};
  }
  return {};
}

/// A hard link to the photo itself (not to a link to it), or a copy where that cannot be.
Result<void> place(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::create_directories(to.parent_path(), error);
  const fs::path photo = fs::canonical(from, error);
  if (!error) fs::create_hard_link(photo, to, error);
  if (!error) return {};
  fs::copy_file(from, to, error);
  if (!error) return {};
  return Error{.code = ErrorCode::environment,
               .message = fmt::format("cannot copy {} to {}: {}", from.string(), to.string(),
                                      error.message())};
}

}  // namespace

Result<PrepareSummary> prepare_channels(const PrepareOptions& options) {
  const double test = options.test.value_or(0.2);
  if (auto checked = check_fractions(options.validation, test); !checked) return checked.error();
  auto opened = open_photo_source(options.source);
  if (!opened) return opened.error();
  if (opened->has_test_split && options.test) {
    return Error{.message = fmt::format("{}: --test: {} keeps its own test split",
                                        options.source.string(), opened->kind),
                 .hint = "leave --test out"};
  }
  auto source = keep_classes(*std::move(opened), options.classes, options.exclude);
  if (!source) return source.error();
  if (auto apart = check_places(options.source, options.out); !apart) return apart.error();
  auto folder = NewFolder::create(options.out);
  if (!folder) return folder.error();
  PrepareSummary summary{.source = source->kind};
  if (auto dropped = drop_damaged(*source, summary.skipped); !dropped) return dropped.error();
  if (auto full = check_none_empty(*source, summary.skipped); !full) return full.error();
  const SplitFractions fractions{.validation = options.validation, .test = test};
  if (auto done = split(*source, fractions, options.seed, summary.skipped); !done) {
    return done.error();
  }
  for (const auto& photo : source->photos) {
    const fs::path to = (*folder)->part() / channel_name(photo.channel) / photo.path;
    if (auto placed = place(source->root / photo.path, to); !placed) return placed.error();
  }
  summary.classes = count_channels(*source);
  if (auto published = (*folder)->publish(); !published) return published.error();
  return summary;
}

}  // namespace hpo
