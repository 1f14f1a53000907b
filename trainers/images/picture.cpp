#include "trainers/images/picture.h"

#include "trainers/images/jpeg.h"
#include "trainers/images/png.h"

namespace hpo {

Result<Image> decode_picture(std::span<const std::uint8_t> bytes, std::string_view name,
                             std::int64_t max_pixels) {
  return is_png(bytes) ? decode_png(bytes, name, max_pixels) : decode_jpeg(bytes, name, max_pixels);
}

}  // namespace hpo
