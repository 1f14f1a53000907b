#include "trainers/images/duplicates.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "objectives/sha256.h"
#include "trainers/images/file_bytes.h"
#include "trainers/images/jpeg.h"
#include "trainers/images/parallel.h"
#include "trainers/images/photo_hash.h"

namespace hpo {
namespace {

struct Fingerprint {
  Digest bytes = {};
  PhotoHash picture = {};
};

Result<std::optional<Fingerprint>> fingerprint_of(const std::filesystem::path& path) {
  const auto bytes = read_file_bytes(path);
  if (!bytes) {
    if (bytes.error().code == ErrorCode::environment) return bytes.error();
    return std::optional<Fingerprint>{};
  }
  const auto image = decode_jpeg(*bytes, "");
  if (!image) return std::optional<Fingerprint>{};
  const std::string_view text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  return std::optional(Fingerprint{.bytes = sha256(text), .picture = photo_hash(*image)});
}

Result<std::vector<std::optional<Fingerprint>>> fingerprints_of(const ImageFolder& folder) {
  std::vector<Result<std::optional<Fingerprint>>> read(folder.files.size());
  parallel_for(read.size(), [&](std::size_t i) {
    read[i] = fingerprint_of(folder.root / folder.files[i].path);
  });
  std::vector<std::optional<Fingerprint>> prints;
  for (const auto& print : read) {
    if (!print) return print.error();
    prints.push_back(*print);
  }
  return prints;
}

}  // namespace

Result<std::vector<DuplicatePair>> find_duplicates(const ImageFolder& first,
                                                   const ImageFolder& second) {
  const auto a = fingerprints_of(first);
  if (!a) return a.error();
  const auto b = fingerprints_of(second);
  if (!b) return b.error();
  std::vector<DuplicatePair> pairs;
  for (std::size_t i = 0; i < a->size(); ++i) {
    const auto& mine = (*a)[i];
    if (!mine) continue;
    std::optional<DuplicatePair> nearest;
    for (std::size_t j = 0; j < b->size(); ++j) {
      const auto& other = (*b)[j];
      if (!other) continue;
      DuplicatePair pair{
          .first = i, .second = j, .bits = differing_bits(mine->picture, other->picture)};
      if (mine->bytes != other->bytes) pair.likeness = Likeness::looks_alike;
      if (pair.bits > kAlikeBits) continue;
      if (!nearest ||
          std::tie(pair.bits, pair.likeness) < std::tie(nearest->bits, nearest->likeness)) {
        nearest = pair;
      }
    }
    if (nearest) pairs.push_back(*nearest);
  }
  return pairs;
}

}  // namespace hpo
