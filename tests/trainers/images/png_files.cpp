#include "tests/trainers/images/png_files.h"

#include <png.h>
#include <zlib.h>

#include "objectives/error.h"

namespace hpo {
namespace {

Bytes written(int width, int height, png_uint_32 format, const std::uint8_t* pixels) {
  png_image image = {};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(width);
  image.height = static_cast<png_uint_32>(height);
  image.format = format;
  Bytes bytes(PNG_IMAGE_PNG_SIZE_MAX(image));
  png_alloc_size_t size = bytes.size();
  check(png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels, 0, nullptr) != 0,
        "the test cannot make a PNG");
  bytes.resize(size);
  return bytes;
}

void put_big_endian(Bytes& bytes, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) {
    bytes[at + i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
  }
}

}  // namespace

Bytes png_of(const Image& image) {
  return written(image.width, image.height, PNG_FORMAT_RGB, image.rgb.data());
}

Bytes rgba_png(int width, int height, std::uint8_t grey, std::uint8_t alpha) {
  Bytes pixels;
  for (int i = 0; i < width * height; ++i) {
    pixels.insert(pixels.end(), {grey, grey, grey, alpha});
  }
  return written(width, height, PNG_FORMAT_RGBA, pixels.data());
}

Bytes grey_png(int width, int height, std::uint8_t grey) {
  const Bytes pixels(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), grey);
  return written(width, height, PNG_FORMAT_GRAY, pixels.data());
}

Bytes with_size(Bytes png, std::uint32_t width, std::uint32_t height) {
  // 8 bytes of signature; the header's length, name, width, height, 5 more bytes, sum of all but
  // the length.
  constexpr std::size_t kName = 12;
  constexpr std::size_t kHeader = 17;
  put_big_endian(png, kName + 4, width);
  put_big_endian(png, kName + 8, height);
  const auto sum = crc32(0, png.data() + kName, kHeader);
  put_big_endian(png, kName + kHeader, static_cast<std::uint32_t>(sum));
  return png;
}

}  // namespace hpo
