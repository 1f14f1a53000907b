#include "tests/trainers/images/photo_files.h"

#include <turbojpeg.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "objectives/error.h"
#include "trainers/images/jpeg.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;

Bytes compress(const Bytes& pixels, int side, int format, int subsampling) {
  unsigned char* out = nullptr;
  unsigned long size = 0;
  void* handle = tjInitCompress();
  check(tjCompress2(handle, pixels.data(), side, 0, side, format, &out, &size, subsampling, 95,
                    0) == 0,
        "the test cannot make a JPEG");
  Bytes bytes(out, out + size);
  tjFree(out);
  tjDestroy(handle);
  return bytes;
}

}  // namespace

void write_file(const fs::path& path, std::span<const std::uint8_t> bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
}

void write_file(const fs::path& path, const std::string& text) {
  write_file(path, Bytes(text.begin(), text.end()));
}

Bytes file_content(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

Image plain(int width, int height, std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
  Image image{.width = width, .height = height};
  for (int i = 0; i < width * height; ++i) {
    image.rgb.insert(image.rgb.end(), {red, green, blue});
  }
  return image;
}

Bytes jpeg_bytes(int shade, int width, int height) {
  const auto value = static_cast<std::uint8_t>(shade * 37 % 256);
  auto bytes = encode_jpeg(plain(width, height, value, 128, 64), 90);
  check(bytes.has_value(), "the test cannot make a JPEG");
  return *std::move(bytes);
}

Bytes grey_jpeg(std::uint8_t value) {
  return compress(Bytes(16 * 16, value), 16, TJPF_GRAY, TJSAMP_GRAY);
}

Bytes cmyk_jpeg(std::uint8_t c, std::uint8_t m, std::uint8_t y, std::uint8_t k, bool ycck) {
  Bytes pixels;
  for (int i = 0; i < 16 * 16; ++i) pixels.insert(pixels.end(), {c, m, y, k});
  Bytes bytes = compress(pixels, 16, TJPF_CMYK, TJSAMP_444);
  const std::string adobe = "Adobe";
  const auto found = std::search(bytes.begin(), bytes.end(), adobe.begin(), adobe.end());
  check(found != bytes.end(), "no Adobe segment");
  check(*(found + 11) == 2, "libturbojpeg writes YCCK");
  if (!ycck) *(found + 11) = 0;  // the segment's last byte names the transform
  return bytes;
}

Bytes with_orientation(const Bytes& jpeg, std::uint8_t orientation) {
  const Bytes segment = {0xFF, 0xE1, 0,    34, 'E', 'x', 'i', 'f', 0,           0,  // APP1
                         'I',  'I',  0x2A, 0,  8,   0,   0,   0,                    // TIFF header
                         1,    0,                                                   // one entry
                         0x12, 0x01, 3,    0,  1,   0,   0,   0,   orientation, 0,
                         0,    0,    0,    0,  0,   0};
  Bytes bytes(jpeg.begin(), jpeg.begin() + 2);
  bytes.insert(bytes.end(), segment.begin(), segment.end());
  bytes.insert(bytes.end(), jpeg.begin() + 2, jpeg.end());
  return bytes;
}

Bytes png_bytes() { return {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n', 0, 0, 0, 13, 'I', 'H'}; }

}  // namespace hpo
