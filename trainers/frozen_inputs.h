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
#include "trainers/views.h"

namespace hpo {

/// What frozen layers are asked for.
struct FrozenOptions {
  std::size_t cut = 0;                ///< blocks before it are frozen; all of them: pooled too
  std::span<const View> views = {};   ///< among which a batch may choose
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

  /// The inputs of the tuned layers for these photos in these views: indices into the options'
  /// views, as many as photos; empty: all view 0.
  [[nodiscard]] at::Tensor batch(std::span<const std::int64_t> photos,
                                 std::span<const std::int64_t> views) const;

  /// For the log: why they are not cached; empty where they are.
  [[nodiscard]] const std::string& notice() const { return notice_; }

 private:
  FrozenInputs(const CachedImages& images, const BirdNetwork& network, const at::Device& device,
               std::size_t cut, std::span<const View> views);
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
  std::span<const View> views_;
  std::vector<MappedBlob> rows_ = {};  ///< count × row, for each view; empty: not cached
  std::string notice_ = {};
};

}  // namespace hpo
