#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "objectives/error.h"

namespace hpo {

enum class Channel { train, validation, test };

/// One photo of a source, and the channel it goes to once that is decided.
struct SourcePhoto {
  std::string path = {};  ///< below PhotoSource::root, its class folder first
  int label = 0;
  Channel channel = Channel::train;
};

/// Photos to make channels of.
struct PhotoSource {
  std::string kind = {};  ///< `CUB-200-2011` or `class folders`
  std::filesystem::path root = {};
  std::vector<std::string> classes = {};
  std::vector<SourcePhoto> photos = {};  ///< sorted by class, then path
  bool has_test_split = false;           ///< the photos' channels say train or test already
};

/// A class folder's name without the number before it: `013.Bobolink` → `Bobolink`.
std::string without_number(const std::string& name);

/// Lists the photos of a CUB-200-2011 folder (or the folder it was unpacked in) or of class
/// folders. Error: not_found, usage, and corrupt where CUB's lists are damaged.
Result<PhotoSource> open_photo_source(const std::filesystem::path& folder);

/// Only `classes` (all where empty) without `exclude`. A class is named as its folder or without
/// the number before it (`013.Bobolink`, `bobolink`), whatever the case; - and blank stand for _.
/// Error: usage, for a name that fits none (with the nearest) or several, or fewer than two left.
Result<PhotoSource> keep_classes(PhotoSource source, const std::vector<std::string>& classes,
                                 const std::vector<std::string>& exclude);

}  // namespace hpo
