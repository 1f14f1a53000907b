#include "storage/package_manifest.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "objectives/json.h"
#include "objectives/sha256.h"
#include "storage/file_io.h"
#include "storage/package_archive.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::int64_t kLargestManifest = std::int64_t{16} << 20U;

/// "files" of a manifest; empty where it has none. Nothing if it is not of that form.
std::optional<FileSums> sums_from(const json& manifest) {
  FileSums sums;
  if (!manifest.contains("files")) return sums;
  try {
    for (const auto& [name, sum] : manifest.at("files").items()) {
      sums.emplace(name, FileSum{.sha256 = sum.at("sha256"), .bytes = sum.at("bytes")});
    }
  } catch (const json::exception&) {
    return std::nullopt;
  }
  return sums;
}

Error bad_manifest(const fs::path& file, const std::string& what) {
  return {.code = ErrorCode::corrupt,
          .message = fmt::format("{}: {}", file.string(), what),
          .hint = "the model was not written to its end, or changed since; export another trial"};
}

Result<json> own_manifest(const fs::path& file, const FileSums& sums) {
  if (!fs::exists(file)) return json{{"format", "files"}, {"format_version", 1}};
  std::string text;
  const auto read = read_file(file, [&](std::string_view block) -> Result<void> {
    text += block;
    return {};
  });
  if (!read) return read.error();
  auto manifest = parse_json(text);
  if (!manifest) return bad_manifest(file, manifest.error().message);
  if (!manifest->is_object()) return bad_manifest(file, "is not a JSON object");
  const auto claimed = sums_from(*manifest);
  if (!claimed) return bad_manifest(file, "\"files\" is not {name: {\"sha256\", \"bytes\"}}");
  for (const auto& [name, sum] : *claimed) {
    const auto found = sums.find(name);
    if (found == sums.end()) return bad_manifest(file, name + " is missing");
    if (found->second != sum) return bad_manifest(file, name + " is not what it says (SHA-256)");
  }
  return manifest;
}

}  // namespace

std::string manifest_sum_text(const std::string& manifest) {
  Sha256 hash;
  hash.update(manifest);
  return fmt::format("{}  {}\n", hex(hash.digest()), kManifestName);
}

Result<std::string> complete_manifest(const fs::path& own, const json& provenance,
                                      const FileSums& sums) {
  auto manifest = own_manifest(own, sums);
  if (!manifest) return manifest.error();
  (*manifest)["provenance"] = provenance;
  auto files = json::object();
  for (const auto& [name, sum] : sums) {
    files[name] = {{"sha256", sum.sha256}, {"bytes", sum.bytes}};
  }
  (*manifest)["files"] = std::move(files);
  try {
    return manifest->dump(2) + "\n";
  } catch (const json::exception& error) {
    return Error{.message = fmt::format("the manifest cannot be written: {}", error.what()),
                 .hint = "names of files must be UTF-8 text"};
  }
}

Result<PackageManifest> read_package_manifest(const fs::path& package) {
  auto reader = PackageReader::open(package);
  if (!reader) return reader.error();
  std::optional<std::string> text;
  std::optional<std::string> sum;
  PackageEntry entry;
  while (!text || !sum) {
    const auto more = reader->next(entry);
    if (!more) return more.error();
    if (!*more) break;
    if (entry.name != kManifestName && entry.name != kManifestSumName) continue;
    auto& target = entry.name == kManifestName ? text : sum;
    target.emplace();
    const auto read = reader->read(kLargestManifest, [&](std::string_view block) -> Result<void> {
      *target += block;
      return {};
    });
    if (!read) return read.error();
  }
  const auto name = package.string();
  if (!text) return bad_package(name, "has no manifest.json");
  if (sum && *sum != manifest_sum_text(*text)) {
    return bad_package(name, "manifest.json is not what its sum says (SHA-256)");
  }
  const auto manifest = parse_json(*text);
  if (!manifest || !manifest->is_object()) return bad_package(name, "manifest.json is not JSON");
  auto files = sums_from(*manifest);
  if (!files) return bad_package(name, "manifest.json has no valid \"files\"");
  return PackageManifest{.text = std::move(*text), .files = std::move(*files)};
}

}  // namespace hpo
