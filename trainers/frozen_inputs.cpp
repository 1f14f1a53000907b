#include "trainers/frozen_inputs.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <numeric>

#include "trainers/device.h"

namespace hpo {
namespace {

constexpr std::size_t kMostCachedViews = 12;
constexpr std::int64_t kFillBatch = 16;  // larger ones are no faster and take more memory
constexpr std::uint64_t kMostCachedBytes = std::uint64_t{4} << 30U;

/// Height, width and channels before block `cut`; channels alone where everything is frozen.
std::vector<std::int64_t> row_shape(const BirdNetwork& network, std::size_t cut,
                                    std::int64_t size) {
  std::int64_t channels = 3;
  for (std::size_t i = 0; i < cut; ++i) {
    for (const auto& layer : network.blocks[i].layers) {
      size = (size + layer.stride - 1) / layer.stride;  // every kernel is padded by its half
      channels = layer.out;
    }
  }
  if (cut == network.blocks.size()) return {channels};
  return {size, size, channels};
}

/// Rows last in memory: N × C × H × W as N × H × W × C; N × C as it is.
at::Tensor as_rows(const at::Tensor& x) {
  return (x.dim() == 4 ? x.permute({0, 2, 3, 1}) : x).to(at::kCPU).contiguous();
}

}  // namespace

FrozenInputs::FrozenInputs(const CachedImages& images, const BirdNetwork& network,
                           const at::Device& device, std::size_t cut, std::span<const View> views)
    : images_(&images),
      network_(&network),
      device_(device),
      cut_(cut),
      row_shape_(row_shape(network, cut, images.size)),
      row_size_(std::accumulate(row_shape_.begin(), row_shape_.end(), std::int64_t{1},
                                std::multiplies<>())),
      views_(views) {}

Result<FrozenInputs> FrozenInputs::prepare(const CachedImages& images, const BirdNetwork& network,
                                           const at::Device& device, const FrozenOptions& options) {
  FrozenInputs inputs(images, network, device, options.cut, options.views);
  if (!options.cache || options.cut == 0) return inputs;
  const std::uint64_t bytes =
      images.count() * static_cast<std::uint64_t>(inputs.row_size_) * sizeof(float);
  const std::uint64_t all = bytes * options.views.size();
  if (options.views.size() > kMostCachedViews || all > kMostCachedBytes) {
    inputs.notice_ = fmt::format(
        "what the frozen layers make of {} photos in {} views would take {} MiB: computed anew for "
        "each batch",
        images.count(), options.views.size(), all >> 20U);
    return inputs;
  }
  for (std::size_t i = 0; i < options.views.size(); ++i) {
    const std::string key = fmt::format(
        "frozen layers 1, photos {}, weights {}, before block {}, {}, {}", images.key,
        options.frozen, options.cut, name_of(options.views[i]), device_signature(device));
    auto blob = get_or_fill(options.folder, key, bytes, [&](std::span<std::byte> payload) {
      return inputs.fill(static_cast<std::int64_t>(i), payload);
    });
    if (!blob) return blob.error();
    if (!blob->warning().empty()) inputs.notice_ = blob->warning();
    inputs.rows_.push_back(std::move(*blob));
  }
  return inputs;
}

Result<void> FrozenInputs::fill(std::int64_t view, std::span<std::byte> payload) const {
  const auto count = static_cast<std::int64_t>(images_->count());
  for (std::int64_t begin = 0; begin < count; begin += kFillBatch) {
    std::vector<std::int64_t> photos(static_cast<std::size_t>(std::min(kFillBatch, count - begin)));
    std::iota(photos.begin(), photos.end(), begin);
    const std::vector<std::int64_t> views(photos.size(), view);
    const at::Tensor rows = as_rows(compute(photos, views));
    std::memcpy(payload.data() + static_cast<std::size_t>(begin * row_size_) * sizeof(float),
                rows.const_data_ptr(), rows.nbytes());
  }
  return {};
}

at::Tensor FrozenInputs::photos_of(std::span<const std::int64_t> photos,
                                   std::span<const std::int64_t> views) const {
  const auto n = static_cast<std::int64_t>(photos.size());
  at::Tensor pixels = at::empty({n, images_->size, images_->size, 3}, at::kByte);
  auto* at = static_cast<std::uint8_t*>(pixels.data_ptr());
  for (const std::int64_t photo : photos) {
    const auto image = images_->image(static_cast<std::size_t>(photo));
    std::memcpy(at, image.data(), image.size());
    at += image.size();
  }
  at::Tensor x = pixels.to(device_).permute({0, 3, 1, 2}).to(at::kFloat).div_(255);
  const bool is_alike =
      std::adjacent_find(views.begin(), views.end(), std::not_equal_to<>()) == views.end();
  if (is_alike) return show(x, views_[static_cast<std::size_t>(views.empty() ? 0 : views[0])]);
  std::vector<at::Tensor> each;
  for (std::int64_t i = 0; i < n; ++i) {
    const auto view = static_cast<std::size_t>(views[static_cast<std::size_t>(i)]);
    each.push_back(show(x.slice(0, i, i + 1), views_[view]));
  }
  return at::cat(each);
}

at::Tensor FrozenInputs::compute(std::span<const std::int64_t> photos,
                                 std::span<const std::int64_t> views) const {
  const at::NoGradGuard frozen;
  at::Tensor x = normalised(photos_of(photos, views));
  x = run_blocks(*network_, 0, cut_, x, {});
  return cut_ == network_->blocks.size() ? pool(x) : x;
}

at::Tensor FrozenInputs::batch(std::span<const std::int64_t> photos,
                               std::span<const std::int64_t> views) const {
  if (rows_.empty()) return compute(photos, views);
  std::vector<std::int64_t> shape = {static_cast<std::int64_t>(photos.size())};
  shape.insert(shape.end(), row_shape_.begin(), row_shape_.end());
  at::Tensor rows = at::empty(shape, at::kFloat);
  const std::size_t bytes = static_cast<std::size_t>(row_size_) * sizeof(float);
  auto* at = static_cast<std::byte*>(rows.data_ptr());
  for (std::size_t i = 0; i < photos.size(); ++i, at += bytes) {
    const auto view = static_cast<std::size_t>(views.empty() ? 0 : views[i]);
    const auto all = rows_[view].bytes();
    std::memcpy(at, all.data() + static_cast<std::size_t>(photos[i]) * bytes, bytes);
  }
  rows = rows.to(device_);
  return rows.dim() == 4 ? rows.permute({0, 3, 1, 2}) : rows;
}

}  // namespace hpo
