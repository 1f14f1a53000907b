#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "objectives/error.h"
#include "trainers/images/image.h"
#include "trainers/serving/negotiation.h"

namespace hpo::serving {

/// What a request may ask for.
struct PictureLimits {
  int image_size = 224;
  std::int64_t max_pixels = 50'000'000;  ///< of one photo: 150 MB of RGB in each worker
  std::size_t max_photos = 64;           ///< of one request
};

/// A request's photos, stretched to image_size² already, so that a batch of them stays small.
struct Pictures {
  std::vector<Image> photos = {};
  bool is_list = false;
};

/// Decodes a body. Error: usage or corrupt, what is wrong with it.
Result<Pictures> read_pictures(Payload payload, std::string_view body, const PictureLimits& limits);

}  // namespace hpo::serving
