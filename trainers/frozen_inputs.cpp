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

/// Photos that pass the frozen layers together; larger groups are no faster and take more memory.
constexpr std::int64_t kGroup = 16;
/// What a process may keep in memory where there is no folder for it.
constexpr std::uint64_t kMostInMemory = std::uint64_t{4} << 30U;

/// Height, width and channels before block `cut`; channels alone where everything is frozen.
std::vector<std::int64_t> row_shape(const BirdNetwork& network, std::size_t cut,
                                    std::int64_t size) {
  std::int64_t channels = 3;
  for (std::size_t i = 0; i < cut; ++i) {
    for (const auto& layer : network.blocks[i].layers) {
      size = (size + layer.stride - 1) / layer.stride;  // every kernel is padded by its half
      channels = layer.out;
    }
    if (network.blocks[i].max_pool) size = (size + 1) / 2;
  }
  if (cut == network.blocks.size()) return {channels};
  return {size, size, channels};
}

std::int64_t product(const std::vector<std::int64_t>& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

/// Rows last in memory: N × C × H × W as N × H × W × C; N × C as it is.
at::Tensor as_rows(const at::Tensor& x) {
  return (x.dim() == 4 ? x.permute({0, 2, 3, 1}) : x).to(at::kCPU).contiguous();
}

/// Room for n rows.
at::Tensor empty_rows(std::size_t n, const std::vector<std::int64_t>& row) {
  std::vector<std::int64_t> shape = {static_cast<std::int64_t>(n)};
  shape.insert(shape.end(), row.begin(), row.end());
  return at::empty(shape, at::kFloat);
}

/// The rows at these places, each of the blob that `blob_of` names for it.
template <class BlobOf>
at::Tensor rows_at(std::span<const std::int64_t> places, const std::vector<std::int64_t>& row,
                   const BlobOf& blob_of) {
  at::Tensor rows = empty_rows(places.size(), row);
  const std::size_t bytes = static_cast<std::size_t>(product(row)) * sizeof(float);
  auto* to = static_cast<std::byte*>(rows.data_ptr());
  for (std::size_t i = 0; i < places.size(); ++i, to += bytes) {
    const MappedBlob& blob = blob_of(i);
    std::memcpy(to, blob.bytes().data() + static_cast<std::size_t>(places[i]) * bytes, bytes);
  }
  return rows;
}

}  // namespace

FrozenInputs::FrozenInputs(const CachedImages& images, const BirdNetwork& network,
                           const at::Device& device, FrozenOptions options)
    : images_(&images),
      network_(&network),
      device_(device),
      options_(std::move(options)),
      row_shape_(row_shape(network, options_.cut, images.size)) {}

std::uint64_t FrozenInputs::bytes_at(std::size_t cut) const {
  const std::int64_t row = product(row_shape(*network_, cut, images_->size));
  return images_->count() * static_cast<std::uint64_t>(row) * sizeof(float);
}

std::string FrozenInputs::key_of(std::size_t cut, std::uint64_t view) const {
  // The photo itself is the same view in every augmentation.
  const std::string name = view == 0 ? "the photo" : name_of(options_.views.augmentation);
  return fmt::format("frozen layers 2, photos {}, weights {}, before block {}, {} number {}, {}",
                     images_->key, options_.frozen, cut, name, view, device_signature(device_));
}

Result<FrozenInputs> FrozenInputs::prepare(const CachedImages& images, const BirdNetwork& network,
                                           const at::Device& device, const FrozenOptions& options) {
  FrozenInputs inputs(images, network, device, options);
  if (!options.cache || options.cut == 0 || options.views.fixed == 0) return inputs;
  const std::uint64_t all = inputs.bytes_at(options.cut) * options.views.fixed;
  const std::uint64_t most = options.folder.empty() ? kMostInMemory : options.max_bytes;
  if (all > most) {
    inputs.notice_ = fmt::format(
        "what the frozen layers make of {} photos in {} views would take {} MiB of at most {}: "
        "computed anew for each batch",
        images.count(), options.views.fixed, all >> 20U, most >> 20U);
    return inputs;
  }
  for (std::uint64_t view = 0; view < options.views.fixed; ++view) {
    auto blob = inputs.rows_of(view);
    if (!blob) return blob.error();
    if (!blob->warning().empty()) inputs.notice_ = blob->warning();
    inputs.rows_.push_back(std::move(*blob));
  }
  return inputs;
}

Result<MappedBlob> FrozenInputs::rows_of(std::uint64_t view) const {
  return get_or_fill(
      options_.folder, key_of(options_.cut, view), bytes_at(options_.cut),
      [&](std::span<std::byte> payload) { return fill(view, payload); }, options_.max_bytes);
}

/// From the last earlier block whose rows the cache has, else from the photos.
Result<void> FrozenInputs::fill(std::uint64_t view, std::span<std::byte> payload) const {
  std::size_t first = options_.cut;
  std::optional<MappedBlob> base;
  while (!base && --first > 0)
    base = find_blob(options_.folder, key_of(first, view), bytes_at(first));
  const std::vector<std::int64_t> base_row = row_shape(*network_, first, images_->size);
  const auto count = static_cast<std::int64_t>(images_->count());
  auto* to = payload.data();
  for (std::int64_t begin = 0; begin < count; begin += kGroup) {
    std::vector<std::int64_t> photos(static_cast<std::size_t>(std::min(kGroup, count - begin)));
    std::iota(photos.begin(), photos.end(), begin);
    const std::vector<std::uint64_t> views(photos.size(), view);
    const at::Tensor x =
        base ? rows_at(photos, base_row, [&](std::size_t) -> const MappedBlob& { return *base; })
             : pixels_of(photos, views);
    const at::Tensor rows = as_rows(run_frozen(first, x));
    std::memcpy(to, rows.const_data_ptr(), rows.nbytes());
    to += rows.nbytes();
  }
  return {};
}

View FrozenInputs::view_of(std::int64_t photo, std::uint64_t view) const {
  const Augmentation& augmentation = options_.views.augmentation;
  if (options_.views.fixed == 0) return draw_view(augmentation, view);
  return fixed_view(augmentation, images_->paths[static_cast<std::size_t>(photo)], view);
}

/// n × S × S × 3 bytes.
at::Tensor FrozenInputs::pixels_of(std::span<const std::int64_t> photos,
                                   std::span<const std::uint64_t> views) const {
  const auto n = static_cast<std::int64_t>(photos.size());
  at::Tensor pixels = at::empty({n, images_->size, images_->size, 3}, at::kByte);
  auto* to = static_cast<std::uint8_t*>(pixels.data_ptr());
  for (std::size_t i = 0; i < photos.size(); ++i) {
    const auto image = images_->image(static_cast<std::size_t>(photos[i]));
    const View view = views.empty() ? View{} : view_of(photos[i], views[i]);
    show(image, images_->size, view, {to, image.size()});
    to += image.size();
  }
  return pixels;
}

/// The blocks first, ..., cut - 1 on pixels (first = 0) or rows, as the tuned layers want them.
at::Tensor FrozenInputs::run_frozen(std::size_t first, const at::Tensor& x) const {
  const at::NoGradGuard frozen;
  const std::int64_t count = x.size(0);
  std::vector<at::Tensor> done;
  for (std::int64_t begin = 0; begin < count; begin += kGroup) {
    at::Tensor group = x.slice(0, begin, std::min(begin + kGroup, count));
    const std::int64_t n = group.size(0);
    // Kernels are chosen by the batch's size and round differently: groups are always full.
    if (n < kGroup) group = at::constant_pad_nd(group, {0, 0, 0, 0, 0, 0, 0, kGroup - n});
    group = group.to(device_).permute({0, 3, 1, 2});
    if (first == 0) group = normalised(group.to(at::kFloat).div_(255));
    group = run_blocks(*network_, first, options_.cut, group, {});
    if (options_.cut == network_->blocks.size()) group = pool(group);
    done.push_back(group.slice(0, 0, n));
  }
  return done.size() == 1 ? done.front() : at::cat(done);
}

at::Tensor FrozenInputs::gather(std::span<const std::int64_t> photos,
                                std::span<const std::uint64_t> views) const {
  if (rows_.empty()) return pixels_of(photos, views);
  return rows_at(photos, row_shape_, [&](std::size_t i) -> const MappedBlob& {
    return rows_[views.empty() ? 0 : views[i]];
  });
}

at::Tensor FrozenInputs::finish(const at::Tensor& gathered) const {
  if (rows_.empty() && options_.cut > 0) return run_frozen(0, gathered);
  const at::Tensor x = gathered.to(device_);
  if (x.dim() == 2) return x;
  const at::Tensor planes = x.permute({0, 3, 1, 2});
  return rows_.empty() ? normalised(planes.to(at::kFloat).div_(255)) : planes;
}

}  // namespace hpo
