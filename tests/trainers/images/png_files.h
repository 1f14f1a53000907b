#pragma once

#include "tests/trainers/images/photo_files.h"

namespace hpo {

/// The picture as a PNG.
Bytes png_of(const Image& image);
/// A PNG of one colour with its alpha channel.
Bytes rgba_png(int width, int height, std::uint8_t grey, std::uint8_t alpha);
/// A PNG of one grey channel.
Bytes grey_png(int width, int height, std::uint8_t grey);
/// The PNG with another size in its header (and the header's sum made right): a bomb.
Bytes with_size(Bytes png, std::uint32_t width, std::uint32_t height);

}  // namespace hpo
