#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "objectives/error.h"

namespace hpo {

inline constexpr const char* kManifestName = "manifest.json";
inline constexpr const char* kManifestSumName = "manifest.json.sha256";

/// What the manifest says of one file.
struct FileSum {
  std::string sha256 = {};
  std::int64_t bytes = 0;
  bool operator==(const FileSum&) const = default;
};
using FileSums = std::map<std::string, FileSum>;

/// A package's manifest.
struct PackageManifest {
  std::string text = {};  ///< JSON
  FileSums files = {};
};

/// The manifest of a folder's package: its own manifest.json where there is one (else one of format
/// "files"), with the provenance and the sums of all files. Error: corrupt, if its own is no JSON
/// object or contradicts the sums.
Result<std::string> complete_manifest(const std::filesystem::path& own,
                                      const nlohmann::json& provenance, const FileSums& sums);

/// Reads it from a package, and compares its sum where there is one. Errors: not_found, corrupt,
/// environment.
Result<PackageManifest> read_package_manifest(const std::filesystem::path& package);

/// A line as sha256sum writes it, for manifest.json.sha256.
std::string manifest_sum_text(const std::string& manifest);

}  // namespace hpo
