#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "objectives/error.h"

namespace hpo {

/// The whole file. Error: not_found, corrupt (no regular file, or beyond 512 MiB), environment.
Result<std::vector<std::uint8_t>> read_file_bytes(const std::filesystem::path& path);

/// Writes the whole file, replacing it. Error: environment.
Result<void> write_file_bytes(const std::filesystem::path& path,
                              std::span<const std::uint8_t> bytes);

}  // namespace hpo
