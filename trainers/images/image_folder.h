#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "objectives/error.h"

namespace hpo {

/// One photo of a class-per-folder data set.
struct ImageFile {
  std::string path = {};  ///< below the root, with slashes: `013.Bobolink/a.jpg`
  int label = 0;          ///< index into ImageFolder::classes
  std::uint64_t bytes = 0;
  std::int64_t modified_ns = 0;  ///< with path and bytes: whether a cache still holds this photo
};

/// A photo that cannot be used, and why.
struct SkippedFile {
  std::string path = {};    ///< as ImageFile::path
  std::string reason = {};  ///< `is a PNG, expected a JPEG`

  bool operator==(const SkippedFile&) const = default;
};

/// A data set with one folder of photos per class, listed but not yet decoded.
struct ImageFolder {
  std::filesystem::path root = {};
  std::vector<std::string> classes = {};  ///< sorted folder names
  std::vector<ImageFile> files = {};      ///< sorted by class, then path
  int ignored = 0;                        ///< files in class folders that are not .jpg or .jpeg
};

/// Lists the .jpg and .jpeg files (any case) of every class folder, also in folders below it.
///
/// Hidden files and folders are ignored; a file or class folder may be a symbolic link.
/// Error: not_found (no such folder), usage (no class folder, or a class without a photo).
Result<ImageFolder> list_image_folder(const std::filesystem::path& root);

/// The same photos labelled by another channel's classes, the training ones: a class may be missing
/// here but none may be new. Error: usage, naming the class that was never trained.
Result<ImageFolder> with_classes(ImageFolder folder, const std::vector<std::string>& classes);

}  // namespace hpo
