#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "objectives/error.h"

namespace hpo {

// A model package is a gzipped tar archive, as SageMaker wants a model:
//   manifest.json          what the model is; provenance; "files": {name: {"sha256", "bytes"}}
//   manifest.json.sha256   its sum, as sha256sum writes it
//   <every other file>     weights and what else the model's folder held, with its sub-folders
// Equal content gives equal bytes: sorted names, one fixed time, no owner.

/// What was written.
struct PackageSummary {
  std::int64_t files = 0;   ///< without the manifest
  std::int64_t bytes = 0;   ///< of the package
  std::string sha256 = {};  ///< of the package
};

/// Packs a model's folder. Its manifest.json, if there is one, is kept and completed (else one of
/// format "files" is made). `out` appears whole and read back once, or is left as it was. Errors:
/// usage (no such folder, nothing in it, a link out of it, no regular file); corrupt (a file is not
/// what manifest.json says); environment.
Result<PackageSummary> write_model_package(const std::filesystem::path& model_folder,
                                           const nlohmann::json& provenance,
                                           const std::filesystem::path& out);

/// Unpacks into `into`, which must be new or empty and appears whole or not at all. Errors:
/// not_found; usage (`into` holds something); corrupt (sums, sizes, names that lead elsewhere,
/// links, devices, no manifest); environment.
Result<void> extract_model_package(const std::filesystem::path& package,
                                   const std::filesystem::path& into);

/// The manifest alone, as it is. Errors: not_found, corrupt, environment.
Result<nlohmann::json> read_manifest(const std::filesystem::path& package);

/// Reads the whole package and compares every sum and size. Errors as extract_model_package.
Result<void> verify_model_package(const std::filesystem::path& package);

/// 64 hexadecimal digits. Errors: not_found, environment.
Result<std::string> sha256_of_file(const std::filesystem::path& file);

}  // namespace hpo
