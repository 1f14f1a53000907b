// The blob of a channel: a Record per listed file, then the pixels of the good ones, close
// together.

#include "trainers/images/image_cache.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>

#include "objectives/sha256.h"
#include "trainers/images/parallel.h"
#include "trainers/images/photo.h"
#include "trainers/images/resize.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;

/// Why a file was skipped, cut to fit; empty for a good one.
using Record = std::array<char, 256>;

/// Changes when the same photos give other pixels (decoder, filter, layout).
constexpr int kPixelVersion = 1;

std::size_t image_bytes(int size) { return rgb_bytes(size, size); }

/// Everything the pixels depend on.
std::string pixel_key(const ImageFolder& folder, int size) {
  std::error_code error;
  // Trials reach one channel through links of their own; the folder behind them is what counts.
  const fs::path root = fs::weakly_canonical(folder.root, error);
  std::string key = fmt::format("images {} size {} of {}\n", kPixelVersion, size, root.string());
  for (const auto& file : folder.files) {
    key += fmt::format("{} {} {}\n", file.bytes, file.modified_ns, file.path);
  }
  return hex(sha256(key));
}

/// Decodes one file into its slot. A damaged one leaves its reason in the record; what may be cured
/// (no permission, a disk's error) is an Error, because a cached skip would outlive the cure.
Result<void> decode_into(const ImageFolder& folder, std::size_t i, int size, Record& record,
                         std::span<std::uint8_t> slot) {
  const auto photo = read_photo(folder.root / folder.files[i].path);
  if (!photo) return photo.error();
  if (photo->image) {
    resize_square_into(*photo->image, size, slot);
  } else {
    const std::size_t length = std::min(photo->reason.size(), record.size() - 1);
    std::memcpy(record.data(), photo->reason.data(), length);
  }
  return {};
}

Result<void> decode_all(const ImageFolder& folder, int size, std::span<std::byte> payload) {
  const std::size_t count = folder.files.size();
  auto* records = reinterpret_cast<Record*>(payload.data());
  auto* pixels = reinterpret_cast<std::uint8_t*>(payload.data() + count * sizeof(Record));
  std::vector<std::optional<Error>> errors(count);
  std::atomic<bool> failed = false;
  parallel_for(count, [&](std::size_t i) {
    if (failed) return;
    const std::span slot(pixels + i * image_bytes(size), image_bytes(size));
    const auto decoded = decode_into(folder, i, size, records[i], slot);
    if (decoded) return;
    errors[i] = decoded.error();
    failed = true;
  });
  for (const auto& error : errors) {
    if (error) return *error;
  }
  std::size_t good = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (records[i][0] != '\0') continue;
    if (good != i) {
      std::memcpy(pixels + good * image_bytes(size), pixels + i * image_bytes(size),
                  image_bytes(size));
    }
    ++good;
  }
  return {};
}

/// Labels, paths and skipped files from the records.
CachedImages describe(const ImageFolder& folder, int size, MappedBlob blob) {
  CachedImages images;
  images.size = size;
  images.classes = folder.classes;
  const std::size_t count = folder.files.size();
  const auto* records = reinterpret_cast<const Record*>(blob.bytes().data());
  for (std::size_t i = 0; i < count; ++i) {
    const auto& file = folder.files[i];
    if (records[i][0] != '\0') {
      images.skipped.push_back({.path = file.path, .reason = records[i].data()});
      continue;
    }
    images.labels.push_back(file.label);
    images.paths.push_back(file.path);
  }
  const auto* pixels = blob.bytes().data() + count * sizeof(Record);
  images.rgb = {reinterpret_cast<const std::uint8_t*>(pixels), images.count() * image_bytes(size)};
  images.warning = blob.warning();
  images.blob = std::move(blob);
  return images;
}

/// A class that had photos and has none left.
std::optional<Error> emptied_class(const ImageFolder& folder, const CachedImages& images) {
  std::vector<int> listed(folder.classes.size());
  for (const auto& file : folder.files) ++listed[static_cast<std::size_t>(file.label)];
  std::vector<int> left(folder.classes.size());
  for (const int label : images.labels) ++left[static_cast<std::size_t>(label)];
  for (std::size_t label = 0; label < listed.size(); ++label) {
    if (listed[label] == 0 || left[label] > 0) continue;
    const std::string& name = folder.classes[label];
    const auto first =
        std::find_if(images.skipped.begin(), images.skipped.end(),
                     [&](const auto& file) { return file.path.starts_with(name + "/"); });
    return Error{.message = fmt::format("{}: none of the {} photos of class \"{}\" can be read",
                                        folder.root.string(), listed[label], name),
                 .hint = fmt::format("for example {} {}", first->path, first->reason)};
  }
  return {};
}

}  // namespace

Result<CachedImages> load_images(const ImageFolder& folder, int size, const fs::path& cache_dir,
                                 std::uint64_t max_bytes) {
  check(size > 0, "load_images at no size");
  if (folder.files.empty()) {
    return Error{.message = fmt::format("{}: no photo in it", folder.root.string())};
  }
  const std::string key = pixel_key(folder, size);
  const std::size_t bytes = folder.files.size() * (sizeof(Record) + image_bytes(size));
  const auto fill = [&](std::span<std::byte> payload) { return decode_all(folder, size, payload); };
  auto blob = get_or_fill(cache_dir, key, bytes, fill, max_bytes);
  if (!blob) return blob.error();
  CachedImages images = describe(folder, size, *std::move(blob));
  images.key = key;
  if (auto emptied = emptied_class(folder, images)) return *emptied;
  return images;
}

}  // namespace hpo
