#include "trainers/frozen_inputs.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "trainers/device.h"

namespace hpo {
namespace {

constexpr double kZoom = 0.85;
constexpr std::int64_t kViewsWithCrops = 12;
constexpr std::int64_t kFillBatch = 32;
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

std::int64_t view_count(std::string_view augment) {
  if (augment == "none") return 1;
  return augment == "flip" ? 2 : kViewsWithCrops;
}

at::Tensor view_of(const at::Tensor& photos, std::int64_t view) {
  at::Tensor x = photos;
  if (const std::int64_t crop = view / 2; crop > 0) {
    const std::int64_t size = x.size(3);
    const std::int64_t side = std::llround(kZoom * static_cast<double>(size));
    const std::int64_t rest = size - side;
    const bool is_centre = crop == 5;
    const std::int64_t top = is_centre ? rest / 2 : (crop - 1) / 2 * rest;
    const std::int64_t left = is_centre ? rest / 2 : (crop - 1) % 2 * rest;
    x = x.slice(2, top, top + side).slice(3, left, left + side);
    x = at::upsample_bilinear2d(x.contiguous(), {size, size}, false);
  }
  return view % 2 == 1 ? x.flip({3}) : x;
}

FrozenInputs::FrozenInputs(const CachedImages& images, const BirdNetwork& network,
                           const at::Device& device, std::size_t cut)
    : images_(&images),
      network_(&network),
      device_(device),
      cut_(cut),
      row_shape_(row_shape(network, cut, images.size)),
      row_size_(std::accumulate(row_shape_.begin(), row_shape_.end(), std::int64_t{1},
                                std::multiplies<>())) {}

Result<FrozenInputs> FrozenInputs::prepare(const CachedImages& images, const BirdNetwork& network,
                                           const at::Device& device, const FrozenOptions& options) {
  FrozenInputs inputs(images, network, device, options.cut);
  if (!options.cache || options.cut == 0) return inputs;
  const std::uint64_t bytes =
      images.count() * static_cast<std::uint64_t>(inputs.row_size_) * sizeof(float);
  if (bytes * static_cast<std::uint64_t>(options.views) > kMostCachedBytes) {
    inputs.notice_ = fmt::format(
        "what the frozen layers give for {} photos in {} views takes {} MiB: computed per batch",
        images.count(), options.views, bytes * static_cast<std::uint64_t>(options.views) >> 20U);
    return inputs;
  }
  for (std::int64_t view = 0; view < options.views; ++view) {
    const std::string key =
        fmt::format("frozen layers 1, photos {}, weights {}, before block {}, view {}, {}",
                    images.key, options.frozen, options.cut, view, device_signature(device));
    auto blob = get_or_fill(options.folder, key, bytes, [&](std::span<std::byte> payload) {
      return inputs.fill(view, payload);
    });
    if (!blob) return blob.error();
    if (!blob->warning().empty()) inputs.notice_ = blob->warning();
    inputs.views_.push_back(std::move(*blob));
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
  if (std::all_of(views.begin(), views.end(), [](std::int64_t view) { return view == 0; })) {
    return x;
  }
  if (std::all_of(views.begin(), views.end(), [&](std::int64_t v) { return v == views[0]; })) {
    return view_of(x, views[0]);
  }
  std::vector<at::Tensor> each;
  for (std::int64_t i = 0; i < n; ++i) {
    each.push_back(view_of(x.slice(0, i, i + 1), views[static_cast<std::size_t>(i)]));
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
  if (views_.empty()) return compute(photos, views);
  std::vector<std::int64_t> shape = {static_cast<std::int64_t>(photos.size())};
  shape.insert(shape.end(), row_shape_.begin(), row_shape_.end());
  at::Tensor rows = at::empty(shape, at::kFloat);
  const std::size_t bytes = static_cast<std::size_t>(row_size_) * sizeof(float);
  auto* at = static_cast<std::byte*>(rows.data_ptr());
  for (std::size_t i = 0; i < photos.size(); ++i, at += bytes) {
    const auto view = static_cast<std::size_t>(views.empty() ? 0 : views[i]);
    const auto all = views_[view].bytes();
    std::memcpy(at, all.data() + static_cast<std::size_t>(photos[i]) * bytes, bytes);
  }
  rows = rows.to(device_);
  return rows.dim() == 4 ? rows.permute({0, 3, 1, 2}) : rows;
}

}  // namespace hpo
