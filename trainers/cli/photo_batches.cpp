#include "trainers/cli/photo_batches.h"

#include <algorithm>

#include "trainers/images/parallel.h"
#include "trainers/images/photo.h"

namespace hpo::cli {

Result<std::vector<SkippedFile>> for_each_batch(
    const std::vector<std::filesystem::path>& files,
    const std::function<Result<void>(const PhotoBatch&)>& use) {
  constexpr std::size_t kBatch = 16;
  std::vector<SkippedFile> skipped;
  for (std::size_t begin = 0; begin < files.size(); begin += kBatch) {
    const std::size_t n = std::min(kBatch, files.size() - begin);
    std::vector<Result<Photo>> read(n);
    parallel_for(n, [&](std::size_t i) { read[i] = read_photo(files[begin + i]); });
    PhotoBatch batch;
    for (std::size_t i = 0; i < n; ++i) {
      if (!read[i]) return read[i].error();
      if (!read[i]->image) {
        skipped.push_back({.path = files[begin + i].string(), .reason = read[i]->reason});
        continue;
      }
      batch.indices.push_back(begin + i);
      batch.photos.push_back(std::move(*read[i]->image));
    }
    if (batch.photos.empty()) continue;
    if (auto used = use(batch); !used) return used.error();
  }
  return skipped;
}

}  // namespace hpo::cli
