#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "objectives/error.h"

namespace hpo {

/// The file's text. Error: not_found; environment where it cannot be read.
Result<std::string> read_text(const std::filesystem::path& file);

/// Writes the file under another name and renames it, so that a reader, also after this process
/// was killed, finds the old content or the new one. Creates the folder. Not flushed to the disk:
/// whoever reads it back after a power cut checks a sum. Error: environment, with the reason.
Result<void> write_atomically(const std::filesystem::path& file,
                              std::span<const std::uint8_t> bytes);
Result<void> write_atomically(const std::filesystem::path& file, std::string_view text);

/// SHA-256 as 64 lower-case hexadecimal digits.
std::string sha256_hex(std::span<const std::uint8_t> bytes);

}  // namespace hpo
