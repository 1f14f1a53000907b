#include "trainers/images/orientation.h"

#include <libexif/exif-data.h>

#include <climits>
#include <memory>
#include <utility>

namespace hpo {
namespace {

struct FreeExif {
  void operator()(ExifData* data) const { exif_data_unref(data); }
};

}  // namespace

int exif_orientation(std::span<const std::uint8_t> jpeg) {
  if (jpeg.size() > UINT_MAX) return 1;
  const std::unique_ptr<ExifData, FreeExif> data(
      exif_data_new_from_data(jpeg.data(), static_cast<unsigned>(jpeg.size())));
  if (!data) return 1;
  const ExifEntry* entry = exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
  if (entry == nullptr || entry->format != EXIF_FORMAT_SHORT || entry->size < 2) return 1;
  const int orientation = exif_get_short(entry->data, exif_data_get_byte_order(data.get()));
  return orientation >= 1 && orientation <= 8 ? orientation : 1;
}

Image upright(Image image, int orientation) {
  if (orientation <= 1 || orientation > 8) return image;
  // EXIF 2.3, tag 0x0112: 2-4 mirror or turn by 180 degrees, 5-8 also swap rows and columns.
  const bool swapped = orientation >= 5;
  const bool flip_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool flip_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  Image out{.width = swapped ? image.height : image.width,
            .height = swapped ? image.width : image.height,
            .rgb = std::vector<std::uint8_t>(image.rgb.size())};
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      const int u = swapped ? y : x;
      const int v = swapped ? x : y;
      const int from_x = flip_x ? image.width - 1 - u : u;
      const int from_y = flip_y ? image.height - 1 - v : v;
      const std::size_t to = rgb_bytes(out.width, y) + static_cast<std::size_t>(x) * 3;
      const std::size_t from =
          rgb_bytes(image.width, from_y) + static_cast<std::size_t>(from_x) * 3;
      for (std::size_t c = 0; c < 3; ++c) out.rgb[to + c] = image.rgb[from + c];
    }
  }
  return out;
}

}  // namespace hpo
