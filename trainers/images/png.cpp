#include "trainers/images/png.h"

#include <fmt/format.h>
#include <png.h>

#include <algorithm>
#include <string>

namespace hpo {
namespace {

constexpr std::string_view kSignature("\x89PNG\r\n\x1a\n", 8);

/// libpng's simplified reader, which frees what it holds.
class Reader {
 public:
  Reader() { image_.version = PNG_IMAGE_VERSION; }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() { png_image_free(&image_); }

  bool begin(std::span<const std::uint8_t> bytes) {
    return png_image_begin_read_from_memory(&image_, bytes.data(), bytes.size()) != 0;
  }
  bool finish(std::uint8_t* rgb) {
    image_.format = PNG_FORMAT_RGB;
    const png_color white = {255, 255, 255};
    return png_image_finish_read(&image_, &white, rgb, 0, nullptr) != 0;
  }
  [[nodiscard]] const png_image& image() const { return image_; }

 private:
  png_image image_ = {};
};

Error bad_image(std::string_view name, const std::string& reason) {
  return Error{.code = ErrorCode::corrupt,
               .message = name.empty() ? reason : fmt::format("{}: {}", name, reason),
               .hint = name.empty() ? "" : "convert it again, or remove it"};
}

}  // namespace

bool is_png(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= kSignature.size() &&
         std::equal(kSignature.begin(), kSignature.end(), bytes.begin(),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

Result<Image> decode_png(std::span<const std::uint8_t> bytes, std::string_view name,
                         std::int64_t max_pixels) {
  Reader reader;
  if (!reader.begin(bytes)) {
    return bad_image(name, fmt::format("is a damaged PNG ({})", reader.image().message));
  }
  const png_image& header = reader.image();
  if (std::int64_t{header.width} * header.height > max_pixels) {
    return bad_image(name, fmt::format("has {} x {} pixels, at most {} million are read",
                                       header.width, header.height, max_pixels / 1'000'000));
  }
  Image image{.width = static_cast<int>(header.width), .height = static_cast<int>(header.height)};
  image.rgb.resize(rgb_bytes(image.width, image.height));
  if (!reader.finish(image.rgb.data())) {
    return bad_image(name, fmt::format("is a damaged PNG ({})", reader.image().message));
  }
  return image;
}

}  // namespace hpo
