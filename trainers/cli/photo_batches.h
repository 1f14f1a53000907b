#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "objectives/error.h"
#include "trainers/images/image.h"
#include "trainers/images/image_folder.h"

namespace hpo::cli {

/// Photos that were read together. `indices` are those of the files; bad photos are not among them.
struct PhotoBatch {
  std::vector<std::size_t> indices = {};
  std::vector<Image> photos = {};
};

/// Reads the files (in parallel, at most 16 photos in memory) and hands them on in their order.
/// Answers the files that are no readable JPEGs. Errors: environment, and whatever `use` returned.
Result<std::vector<SkippedFile>> for_each_batch(
    const std::vector<std::filesystem::path>& files,
    const std::function<Result<void>(const PhotoBatch&)>& use);

}  // namespace hpo::cli
