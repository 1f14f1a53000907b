#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "objectives/error.h"
#include "trainers/images/augment.h"
#include "trainers/images/image_cache.h"
#include "trainers/network.h"

namespace hpo {

/// Which views of a photo a training draws from.
struct ViewPlan {
  Augmentation augmentation = {};
  std::size_t fixed = 1;  ///< views of each photo, the same in all trainings; 0: ever new ones

  bool operator==(const ViewPlan&) const = default;
};

/// What frozen layers are asked for.
struct FrozenOptions {
  std::size_t cut = 0;  ///< blocks before it are frozen; all of them: pooled too
  ViewPlan views = {};
  bool cache = true;                  ///< false: computed anew for each batch
  std::filesystem::path folder = {};  ///< of the cache
  std::uint64_t max_bytes = kNoLimit;
  std::string frozen = {};  ///< names the frozen tensors: their file's SHA-256
};

/// The photos of a channel as the tuned layers see them: what the frozen layers make of each view.
///
/// With the cache every photo and view passes the frozen layers once per study; the rows then lie
/// in a mapped file and a batch is copied from it. Cached or not, the frozen layers see photos in
/// groups of the same size, so that both give the same bits.
class FrozenInputs {
 public:
  /// images and network outlive the object; the network's frozen tensors never change.
  /// Errors: environment (no memory).
  static Result<FrozenInputs> prepare(const CachedImages& images, const BirdNetwork& network,
                                      const at::Device& device, const FrozenOptions& options);

  /// What lies ready of the photos in these views: their numbers below ViewPlan::fixed, or a seed
  /// for each where that is 0; empty: the photos themselves. Pixels, or rows of the cache. Runs no
  /// layer, so any thread may do it ahead of finish.
  [[nodiscard]] at::Tensor gather(std::span<const std::int64_t> photos,
                                  std::span<const std::uint64_t> views) const;

  /// The inputs of the tuned layers for what gather gave.
  [[nodiscard]] at::Tensor finish(const at::Tensor& gathered) const;

  [[nodiscard]] at::Tensor batch(std::span<const std::int64_t> photos,
                                 std::span<const std::uint64_t> views) const {
    return finish(gather(photos, views));
  }

  [[nodiscard]] bool is_cached() const { return !rows_.empty(); }
  /// For the log: why they are not cached; empty where they are.
  [[nodiscard]] const std::string& notice() const { return notice_; }

 private:
  FrozenInputs(const CachedImages& images, const BirdNetwork& network, const at::Device& device,
               FrozenOptions options);
  [[nodiscard]] std::string key_of(std::size_t cut, std::uint64_t view) const;
  [[nodiscard]] std::uint64_t bytes_at(std::size_t cut) const;
  [[nodiscard]] at::Tensor pixels_of(std::span<const std::int64_t> photos,
                                     std::span<const std::uint64_t> views) const;
  [[nodiscard]] View view_of(std::int64_t photo, std::uint64_t view) const;
  [[nodiscard]] at::Tensor run_frozen(std::size_t first, const at::Tensor& x) const;
  Result<MappedBlob> rows_of(std::uint64_t view) const;
  Result<void> fill(std::uint64_t view, std::span<std::byte> payload) const;

  const CachedImages* images_;
  const BirdNetwork* network_;
  at::Device device_;
  FrozenOptions options_;
  std::vector<std::int64_t> row_shape_ = {};  ///< height, width, channels; or channels when pooled
  std::vector<MappedBlob> rows_ = {};         ///< count × row, for each view; empty: not cached
  std::string notice_ = {};
};

}  // namespace hpo
