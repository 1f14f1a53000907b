#include "trainers/serving/pictures.h"

#include <fmt/format.h>

#include <span>

#include "trainers/images/picture.h"
#include "trainers/images/resize.h"
#include "trainers/serving/base64.h"
#include "trainers/serving/tensor_json.h"

namespace hpo::serving {
namespace {

Result<Image> decoded(std::span<const std::uint8_t> bytes, const PictureLimits& limits) {
  auto image = decode_picture(bytes, "the picture", limits.max_pixels);
  if (!image) {
    Error error = image.error();
    error.hint = "send the bytes of a whole JPEG or PNG file";
    return error;
  }
  return resize(*image, limits.image_size, limits.image_size);
}

Result<Image> decoded_base64(std::string_view text, const PictureLimits& limits) {
  const auto bytes = decode_base64(text);
  if (!bytes) return bytes.error();
  return decoded(*bytes, limits);
}

Result<Pictures> decoded_json(std::string_view body, const PictureLimits& limits) {
  auto found = read_json_photos(body, limits.max_photos);
  if (!found) return found.error();
  Pictures pictures{.is_list = found->is_list};
  for (JsonPhoto& photo : found->photos) {
    if (const auto* file = std::get_if<std::string>(&photo)) {
      auto image = decoded_base64(*file, limits);
      if (!image) {
        Error error = image.error();
        error.message = fmt::format("photo {}: {}", pictures.photos.size(), error.message);
        return error;
      }
      pictures.photos.push_back(std::move(*image));
    } else {
      pictures.photos.push_back(
          resize(std::get<Image>(photo), limits.image_size, limits.image_size));
    }
  }
  return pictures;
}

}  // namespace

Result<Pictures> read_pictures(Payload payload, std::string_view body,
                               const PictureLimits& limits) {
  if (payload == Payload::tensors) return decoded_json(body, limits);
  auto image =
      payload == Payload::base64_picture
          ? decoded_base64(body, limits)
          : decoded({reinterpret_cast<const std::uint8_t*>(body.data()), body.size()}, limits);
  if (!image) return image.error();
  Pictures pictures;
  pictures.photos.push_back(std::move(*image));
  return pictures;
}

}  // namespace hpo::serving
