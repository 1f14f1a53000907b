#include "trainers/images/blob_header.h"

#include <xxhash.h>

namespace hpo {
namespace {

std::uint64_t header_hash(const BlobHeader& header) {
  return XXH3_64bits(&header, offsetof(BlobHeader, header_hash));
}

}  // namespace

BlobHeader make_header(const Digest& key, std::span<const std::byte> payload) {
  BlobHeader header;
  header.payload_bytes = payload.size();
  header.key = key;
  header.payload_hash = XXH3_64bits(payload.data(), payload.size());
  header.header_hash = header_hash(header);
  return header;
}

bool is_header_of(const BlobHeader& header, const Digest& key, std::span<const std::byte> payload) {
  const BlobHeader ours;
  return header.magic == ours.magic && header.version == ours.version &&
         header.header_bytes == ours.header_bytes && header.payload_bytes == payload.size() &&
         header.key == key && header.header_hash == header_hash(header) &&
         header.payload_hash == XXH3_64bits(payload.data(), payload.size());
}

}  // namespace hpo
