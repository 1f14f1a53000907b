#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "objectives/error.h"
#include "trainers/images/image.h"

namespace hpo {

/// Larger pictures are refused before anything is allocated for them.
constexpr std::int64_t kMaxPixels = 100'000'000;

/// The JPEG's pixels as upright RGB: grey is spread over three channels, CMYK and YCCK are read as
/// Adobe writes them (inverted), and the EXIF orientation is applied, so that a phone's photo looks
/// to the network as it looks to people.
///
/// name: how messages call the data; empty for a bare reason ("is a PNG, expected a JPEG").
/// Error: corrupt, for anything but a whole, undamaged JPEG of at most max_pixels. A file that ends
/// early is refused, not shown with a grey lower half: a model must not learn from it.
Result<Image> decode_jpeg(std::span<const std::uint8_t> bytes, std::string_view name,
                          std::int64_t max_pixels = kMaxPixels);

/// decode_jpeg of a file. Error: not_found or environment where it cannot be read.
Result<Image> read_jpeg(const std::filesystem::path& path);

/// The image as a baseline JPEG with 4:2:0 subsampling. quality: 1 to 100.
Result<std::vector<std::uint8_t>> encode_jpeg(const Image& image, int quality);

/// encode_jpeg into a file. Error: environment where it cannot be written.
Result<void> write_jpeg(const std::filesystem::path& path, const Image& image, int quality = 90);

}  // namespace hpo
