#pragma once

#include <string>
#include <vector>

#include "objectives/error.h"
#include "trainers/images/image_folder.h"

namespace hpo {

/// How two photos are the same.
enum class Likeness {
  same_bytes,  ///< the files' SHA-256 are equal
  looks_alike  ///< the pictures' resemblance is at least kAlike
};

/// Among 240 photos of six species no two that are unrelated come nearer than 0.865; copies halved
/// in size and saved at quality 50, or stretched to 224² and saved at 30, stay above 0.998.
constexpr float kAlike = 0.98F;

/// One photo that lies in both folders.
struct DuplicatePair {
  std::size_t first = 0;   ///< index into the first folder's files
  std::size_t second = 0;  ///< and into the second's
  Likeness likeness = Likeness::same_bytes;
  float resemblance = 1;
};

/// The photos of `first` that `second` holds too, each with its nearest counterpart; in the order
/// of the first's files. Files that are no photos are passed over. Error: environment.
Result<std::vector<DuplicatePair>> find_duplicates(const ImageFolder& first,
                                                   const ImageFolder& second);

}  // namespace hpo
