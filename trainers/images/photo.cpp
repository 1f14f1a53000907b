#include "trainers/images/photo.h"

#include <utility>

#include "trainers/images/file_bytes.h"
#include "trainers/images/jpeg.h"

namespace hpo {

Result<Photo> read_photo(const std::filesystem::path& path) {
  const auto bytes = read_file_bytes(path);
  if (!bytes && bytes.error().code == ErrorCode::not_found) return Photo{.reason = "is missing"};
  if (!bytes && bytes.error().code == ErrorCode::corrupt) {
    return Photo{.reason = bytes.error().message.substr(path.string().size() + 2)};
  }
  if (!bytes) return bytes.error();
  auto image = decode_jpeg(*bytes, "");
  if (!image) return Photo{.reason = image.error().message};
  return Photo{.image = *std::move(image)};
}

}  // namespace hpo
