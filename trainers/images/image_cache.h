#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "objectives/error.h"
#include "trainers/images/blob_cache.h"
#include "trainers/images/image_folder.h"

namespace hpo {

/// All readable photos of a channel at one size, decoded.
struct CachedImages {
  MappedBlob blob = {};                    ///< owns the pixels
  std::span<const std::uint8_t> rgb = {};  ///< count × size × size × 3
  int size = 0;
  std::vector<std::string> classes = {};  ///< as in the ImageFolder
  std::vector<int> labels = {};           ///< count, indices into classes
  std::vector<std::string> paths = {};    ///< count, below the channel's folder
  std::vector<SkippedFile> skipped = {};  ///< photos that are no JPEG or damaged
  std::string key = {};      ///< names these pixels; for caches of what is made from them
  std::string warning = {};  ///< for the log, where the cache could not be used

  [[nodiscard]] std::size_t count() const { return labels.size(); }
  [[nodiscard]] std::span<const std::uint8_t> image(std::size_t i) const {
    const std::size_t bytes = rgb.size() / labels.size();
    return rgb.subspan(i * bytes, bytes);
  }
};

/// Decodes and resizes every photo to size × size, once for all trials that share cache_dir.
///
/// cache_dir: HPO_CACHE_DIR, bounded by max_bytes; empty keeps the pixels in memory. Uses
/// OMP_NUM_THREADS threads. Photos that are damaged are left out and listed in `skipped`. Error:
/// usage where no photo of a class is left, environment where a photo cannot be read.
Result<CachedImages> load_images(const ImageFolder& folder, int size,
                                 const std::filesystem::path& cache_dir,
                                 std::uint64_t max_bytes = kNoLimit);

}  // namespace hpo
