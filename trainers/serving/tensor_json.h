#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "objectives/error.h"
#include "trainers/images/image.h"

namespace hpo::serving {

/// One photo of a JSON body: its pixels, or a file in base64.
using JsonPhoto = std::variant<Image, std::string>;

struct JsonPhotos {
  std::vector<JsonPhoto> photos = {};
  bool is_list = false;  ///< they came in {"instances": [...]}
};

/// The photos of an application/json body: one photo as nested lists, height × width × 3 numbers
/// from 0 to 255, or {"instances": [PHOTO, ...]} as TensorFlow Serving has it, where a photo may
/// also be {"b64": "a JPEG or PNG in base64"}. Read as a stream: a body costs its pixels, whatever
/// its nesting. Error: usage.
Result<JsonPhotos> read_json_photos(std::string_view body, std::size_t max_photos);

}  // namespace hpo::serving
