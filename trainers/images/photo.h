#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "objectives/error.h"
#include "trainers/images/image.h"

namespace hpo {

/// A decoded photo of a data set, or the reason to leave it out.
struct Photo {
  std::optional<Image> image = {};
  std::string reason = {};
};

/// Reads one file of many: what is wrong with its bytes is a reason, not an Error. Error:
/// environment, where the file could not be read but might be tomorrow.
Result<Photo> read_photo(const std::filesystem::path& path);

}  // namespace hpo
