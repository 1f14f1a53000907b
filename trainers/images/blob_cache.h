#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "objectives/descriptor.h"
#include "objectives/error.h"
#include "trainers/images/cache_room.h"

namespace hpo {

/// Bytes that lie in memory or in a mapped cache file; they stay valid while this object lives.
class MappedBlob {
 public:
  MappedBlob() = default;
  /// Takes over a mapping whose first `offset` bytes are not payload.
  MappedBlob(void* mapping, std::size_t mapped, std::size_t offset);
  MappedBlob(MappedBlob&& other) noexcept;
  MappedBlob& operator=(MappedBlob&& other) noexcept;
  MappedBlob(const MappedBlob&) = delete;
  MappedBlob& operator=(const MappedBlob&) = delete;
  ~MappedBlob();

  /// The payload, aligned to a page; read-only memory.
  [[nodiscard]] std::span<const std::byte> bytes() const;
  /// Whether this call computed the bytes (else they came from the cache).
  [[nodiscard]] bool filled() const { return filled_; }
  /// Why the bytes are not kept on disk, for the log; empty where they are.
  [[nodiscard]] const std::string& warning() const { return warning_; }

 private:
  friend class BlobCacheEntry;
  void* mapping_ = nullptr;
  std::size_t mapped_ = 0;
  std::size_t offset_ = 0;
  Descriptor file_ = {};  ///< locked, so that it is not removed from the disk meanwhile
  bool filled_ = false;
  std::string warning_ = {};
};

/// Writes the whole payload (all of it, zeroed before); may use several threads.
using FillBlob = std::function<Result<void>(std::span<std::byte> payload)>;

/// The `bytes` bytes that belong to `key`: from cache_dir, or computed by `fill` and kept there.
///
/// key: text of any length that names everything the bytes depend on, with a format version.
/// Any number of processes and threads may ask at once: one fills, the others wait for it; where it
/// dies, the next one fills. A file appears under its name only when it is whole, and every reader
/// checks its checksum, so neither a crash nor a damaged disk can hand out wrong bytes: a bad file
/// is replaced. max_bytes bounds the folder: the files that were used longest ago make room, never
/// one that lives in a MappedBlob. An empty cache_dir, a full disk, a read-only folder or no room
/// falls back to memory (`warning()` says so).
/// Error: only what `fill` returned, or environment without memory.
Result<MappedBlob> get_or_fill(const std::filesystem::path& cache_dir, std::string_view key,
                               std::size_t bytes, const FillBlob& fill,
                               std::uint64_t max_bytes = kNoLimit);

/// The bytes where the folder has them already.
std::optional<MappedBlob> find_blob(const std::filesystem::path& cache_dir, std::string_view key,
                                    std::size_t bytes);

}  // namespace hpo
