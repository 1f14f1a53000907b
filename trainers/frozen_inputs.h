#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "objectives/error.h"
#include "trainers/images/image_cache.h"
#include "trainers/network.h"

namespace hpo {

/// How many views of a photo an augmentation draws from: none 1, flip 2, zoom 12. View 0 is the
/// photo itself; odd ones are mirrored; from 2 on five crops of 85 % of the sides, corners first.
std::int64_t view_count(std::string_view augment);

/// The view of photos (N × 3 × S × S in [0, 1]), of the same size.
at::Tensor view_of(const at::Tensor& photos, std::int64_t view);

/// What frozen layers are asked for.
struct FrozenOptions {
  std::size_t cut = 0;                ///< blocks before it are frozen; all of them: pooled too
  std::int64_t views = 1;             ///< prepared beforehand
  bool cache = true;                  ///< false: computed anew for each batch
  std::filesystem::path folder = {};  ///< of the cache
  std::string frozen = {};            ///< names the frozen tensors: their file's SHA-256
};

/// The photos of a channel as the tuned layers see them: what the frozen layers make of each view.
///
/// With the cache every photo and view passes the frozen layers once per study; the rows then lie
/// in a mapped file and a batch is copied from it.
class FrozenInputs {
 public:
  /// images and network outlive the object; the network's frozen tensors never change.
  /// Errors: environment (no memory).
  static Result<FrozenInputs> prepare(const CachedImages& images, const BirdNetwork& network,
                                      const at::Device& device, const FrozenOptions& options);

  /// The inputs of the tuned layers for these photos in these views (as many, or all view 0 where
  /// views is empty).
  [[nodiscard]] at::Tensor batch(std::span<const std::int64_t> photos,
                                 std::span<const std::int64_t> views) const;

  /// For the log: why they are not cached; empty where they are.
  [[nodiscard]] const std::string& notice() const { return notice_; }

 private:
  FrozenInputs(const CachedImages& images, const BirdNetwork& network, const at::Device& device,
               std::size_t cut);
  [[nodiscard]] at::Tensor compute(std::span<const std::int64_t> photos,
                                   std::span<const std::int64_t> views) const;
  [[nodiscard]] at::Tensor photos_of(std::span<const std::int64_t> photos,
                                     std::span<const std::int64_t> views) const;
  Result<void> fill(std::int64_t view, std::span<std::byte> payload) const;

  const CachedImages* images_;
  const BirdNetwork* network_;
  at::Device device_;
  std::size_t cut_;
  std::vector<std::int64_t> row_shape_ = {};  ///< height, width, channels; or channels when pooled
  std::int64_t row_size_ = 1;
  std::vector<MappedBlob> views_ = {};  ///< count × row, for each view; empty: not cached
  std::string notice_ = {};
};

}  // namespace hpo
