#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "objectives/sha256.h"

namespace hpo {

/// The payload follows on its own page, so that it can be used as an array of anything.
constexpr std::size_t kBlobHeaderBytes = 4096;

/// What a cache file begins with, in the machine's byte order (a cache never leaves its machine).
/// A persistent format: change `version` with it.
struct BlobHeader {
  std::array<char, 8> magic = {'h', 'p', 'o', '-', 'b', 'l', 'o', 'b'};
  std::uint32_t version = 1;
  std::uint32_t header_bytes = kBlobHeaderBytes;
  std::uint64_t payload_bytes = 0;
  Digest key = {};
  std::uint64_t payload_hash = 0;  ///< XXH3, 64 bits
  std::uint64_t header_hash = 0;   ///< XXH3 of the fields above
};
static_assert(std::is_trivially_copyable_v<BlobHeader> && sizeof(BlobHeader) == 72);

/// The header of a payload.
BlobHeader make_header(const Digest& key, std::span<const std::byte> payload);

/// Whether the header is whole, of this version and key, and the payload is the one it was made
/// for.
bool is_header_of(const BlobHeader& header, const Digest& key, std::span<const std::byte> payload);

}  // namespace hpo
