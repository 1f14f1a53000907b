#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "tests/support/temp_folder.h"
#include "trainers/images/image.h"

namespace hpo {

using Bytes = std::vector<std::uint8_t>;

/// Writes a file, with the folders above it.
void write_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);
void write_file(const std::filesystem::path& path, const std::string& text);
Bytes file_content(const std::filesystem::path& path);

/// A picture of one colour.
Image plain(int width, int height, std::uint8_t red, std::uint8_t green, std::uint8_t blue);
/// A small JPEG of a colour that `shade` decides.
Bytes jpeg_bytes(int shade = 0, int width = 24, int height = 18);
Bytes grey_jpeg(std::uint8_t value);
/// As Adobe writes it: 255 is no ink. Stored as YCCK; ycck = false says that the bytes are inks.
Bytes cmyk_jpeg(std::uint8_t c, std::uint8_t m, std::uint8_t y, std::uint8_t k, bool ycck);
/// The JPEG with an EXIF segment that says how the camera was held.
Bytes with_orientation(const Bytes& jpeg, std::uint8_t orientation);
/// The first bytes of a PNG, enough to know it.
Bytes png_bytes();

}  // namespace hpo
