#pragma once

#include <string>
#include <vector>

#include "objectives/error.h"
#include "trainers/images/image_folder.h"

namespace hpo {

/// How two photos are the same.
enum class Likeness {
  same_bytes,  ///< the files' SHA-256 are equal
  looks_alike  ///< the pictures' PhotoHashes differ in at most kAlikeBits
};

/// Of 256. On the 240 photos of six species unrelated pairs differ in 44 bits or more, and copies
/// that were halved in size and saved at quality 50 in at most 8.
constexpr int kAlikeBits = 16;

/// One photo that lies in both folders.
struct DuplicatePair {
  std::size_t first = 0;   ///< index into the first folder's files
  std::size_t second = 0;  ///< and into the second's
  Likeness likeness = Likeness::same_bytes;
  int bits = 0;  ///< in which the pictures differ
};

/// The photos of `first` that `second` holds too, each with its nearest counterpart; in the order
/// of the first's files. Files that are no photos are passed over. Error: environment.
Result<std::vector<DuplicatePair>> find_duplicates(const ImageFolder& first,
                                                   const ImageFolder& second);

}  // namespace hpo
