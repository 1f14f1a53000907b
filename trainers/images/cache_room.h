#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>

#include "objectives/descriptor.h"

namespace hpo {

/// No bound on a cache folder's size.
constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

/// Room for a new file in a cache folder; while it lives no other process makes room there, so the
/// file's size has to be reserved before it ends.
class CacheRoom {
 public:
  /// Removes the files that were used longest ago (by their times of modification, which use_now
  /// renews) until `bytes` more stay within `max_bytes`. A file that is in use is never removed;
  /// what a killed process left half written is removed first. Nothing where it does not fit:
  /// `reason` says why.
  static std::optional<CacheRoom> make(const std::filesystem::path& folder, std::uint64_t bytes,
                                       std::uint64_t max_bytes, std::string& reason);

 private:
  explicit CacheRoom(Descriptor lock) : lock_(std::move(lock)) {}
  Descriptor lock_;
};

/// Marks the open file as used now and as in use while the descriptor lives. Where the file system
/// or its rights do not allow that, it is merely the sooner removed.
void use_now(const Descriptor& file);

}  // namespace hpo
