#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace hpo {

/// The last `count` lines of a file, without their line breaks; of a very long tail only the last
/// 256 KiB are looked at. Empty where the file cannot be read.
std::vector<std::string> last_lines(const std::filesystem::path& file, std::size_t count);

}  // namespace hpo
