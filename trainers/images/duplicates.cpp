#include "trainers/images/duplicates.h"

#include <algorithm>
#include <optional>

#include "objectives/sha256.h"
#include "trainers/images/file_bytes.h"
#include "trainers/images/jpeg.h"
#include "trainers/images/parallel.h"
#include "trainers/images/photo_signature.h"

namespace hpo {
namespace {

struct Fingerprint {
  Digest bytes = {};
  PhotoSignature picture = {};
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
  return std::optional(Fingerprint{.bytes = sha256(text), .picture = photo_signature(*image)});
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

bool is_nearer(const DuplicatePair& a, const DuplicatePair& b) {
  if (a.likeness != b.likeness) return a.likeness == Likeness::same_bytes;
  return a.resemblance > b.resemblance;
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
      DuplicatePair pair{.first = i, .second = j};
      if (mine->bytes != other->bytes) {
        pair.likeness = Likeness::looks_alike;
        pair.resemblance = resemblance(mine->picture, other->picture);
        if (pair.resemblance < kAlike) continue;
      }
      if (!nearest || is_nearer(pair, *nearest)) nearest = pair;
    }
    if (nearest) pairs.push_back(*nearest);
  }
  return pairs;
}

}  // namespace hpo
