#include "storage/model_package.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "objectives/json.h"
#include "objectives/sha256.h"
#include "storage/file_io.h"
#include "storage/package_archive.h"
#include "storage/package_manifest.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// The files of a model's folder by name, without the manifest and its sum.
Result<std::map<std::string, fs::path>> files_of(const fs::path& folder) {
  std::error_code failed;
  const auto root = fs::canonical(folder, failed);
  if (failed || !fs::is_directory(root)) {
    return Error{.message = fmt::format("{}: is not a folder", folder.string()),
                 .hint = "name the folder that holds the model's files"};
  }
  std::map<std::string, fs::path> files;
  for (auto at = fs::recursive_directory_iterator(root, failed);
       !failed && at != fs::recursive_directory_iterator(); at.increment(failed)) {
    const auto name = at->path().lexically_relative(root).generic_string();
    if (name == kManifestName || name == kManifestSumName) continue;
    if (fs::is_directory(at->symlink_status())) continue;
    const auto target = fs::weakly_canonical(at->path(), failed);
    const auto inside = target.lexically_relative(root).generic_string();
    if (inside.starts_with("..") || !fs::is_regular_file(target)) {
      return Error{
          .message = fmt::format("{}: cannot be packed: it is neither a file of the model's "
                                 "folder nor a link to one",
                                 at->path().string()),
          .hint = "a model's folder may hold only its own files"};
    }
    files.emplace(name, target);
  }
  if (failed) return file_error(folder, "cannot be read", failed.value());
  if (!files.empty()) return files;
  return Error{.message = fmt::format("{}: holds no model", folder.string()),
               .hint = "a trial's program writes its model to SM_MODEL_DIR"};
}

Result<FileSums> sums_of(const std::map<std::string, fs::path>& files) {
  FileSums sums;
  for (const auto& [name, path] : files) {
    Sha256 hash;
    std::int64_t bytes = 0;
    auto read = read_file(path, [&](std::string_view block) -> Result<void> {
      hash.update(block);
      bytes += static_cast<std::int64_t>(block.size());
      return {};
    });
    if (!read) return read.error();
    sums.emplace(name, FileSum{.sha256 = hex(hash.digest()), .bytes = bytes});
  }
  return sums;
}

Result<void> pack_text(PackageWriter& writer, const char* name, const std::string& text) {
  const PackageEntry entry{.name = name, .bytes = static_cast<std::int64_t>(text.size())};
  if (auto begun = writer.begin(entry); !begun) return begun;
  return writer.write(text);
}

Result<void> pack(OutputFile& output, const fs::path& out, const std::string& manifest,
                  const std::map<std::string, fs::path>& files, const FileSums& sums) {
  auto writer = PackageWriter::open(output.descriptor(), out);
  if (!writer) return writer.error();
  if (auto packed = pack_text(*writer, kManifestName, manifest); !packed) return packed;
  const auto sum = manifest_sum_text(manifest);
  if (auto packed = pack_text(*writer, kManifestSumName, sum); !packed) return packed;
  for (const auto& [name, path] : files) {
    const PackageEntry entry{.name = name, .bytes = sums.at(name).bytes};
    if (auto begun = writer->begin(entry); !begun) return begun;
    auto packed = read_file(path, [&](std::string_view block) { return writer->write(block); });
    if (!packed) return packed;
  }
  if (auto finished = writer->finish(); !finished) return finished;
  return output.sync();
}

/// Where the entries of a package go while they are checked.
class Destination {
 public:
  /// An empty root: nowhere, they are only checked.
  explicit Destination(fs::path root) : root_(std::move(root)) {}

  Result<void> receive(PackageReader& reader, const std::string& package, const PackageEntry& entry,
                       const FileSum& expected) {
    std::optional<OutputFile> output;
    if (!root_.empty()) {
      const auto file = root_ / entry.name;
      std::error_code failed;
      fs::create_directories(file.parent_path(), failed);
      if (failed) return file_error(file, "cannot write", failed.value());
      auto created = OutputFile::create(file, file);
      if (!created) return created.error();
      output.emplace(std::move(*created));
    }
    Sha256 hash;
    auto read = reader.read(expected.bytes, [&](std::string_view block) -> Result<void> {
      hash.update(block);
      return output ? output->write(block) : Result<void>();
    });
    if (!read) return read;
    if (entry.bytes == expected.bytes && hex(hash.digest()) == expected.sha256) return {};
    return bad_package(package, entry.name + " is not what the manifest says (SHA-256 or size)");
  }

 private:
  fs::path root_;
};

/// Reads the whole package against its manifest; writes the files below `root`, if it is not empty.
Result<void> walk(const fs::path& package, const PackageManifest& manifest, const fs::path& root) {
  auto reader = PackageReader::open(package);
  if (!reader) return reader.error();
  Destination destination(root);
  std::set<std::string> seen;
  PackageEntry entry;
  while (true) {
    const auto more = reader->next(entry);
    if (!more) return more.error();
    if (!*more) break;
    if (!seen.insert(entry.name).second) {
      return bad_package(package.string(), entry.name + " is there twice");
    }
    if (entry.name == kManifestName || entry.name == kManifestSumName) continue;
    const auto expected = manifest.files.find(entry.name);
    if (expected == manifest.files.end()) {
      return bad_package(package.string(), entry.name + " is not in the manifest");
    }
    auto received = destination.receive(*reader, package.string(), entry, expected->second);
    if (!received) return received;
  }
  for (const auto& [name, sum] : manifest.files) {
    if (!seen.contains(name)) return bad_package(package.string(), name + " is missing");
  }
  return {};
}

}  // namespace

Result<PackageSummary> write_model_package(const fs::path& model_folder, const json& provenance,
                                           const fs::path& out) {
  const auto files = files_of(model_folder);
  if (!files) return files.error();
  const auto sums = sums_of(*files);
  if (!sums) return sums.error();
  const auto manifest = complete_manifest(model_folder / kManifestName, provenance, *sums);
  if (!manifest) return manifest.error();
  Draft draft(out);
  auto output = OutputFile::create(draft.path(), out);
  if (!output) return output.error();
  if (auto packed = pack(*output, out, *manifest, *files, *sums); !packed) return packed.error();
  if (auto verified = verify_model_package(draft.path()); !verified) {
    return bad_package(out.string(), "could not be read back: " + verified.error().message);
  }
  auto sum = sha256_of_file(draft.path());
  if (!sum) return sum.error();
  PackageSummary summary{.files = static_cast<std::int64_t>(files->size()),
                         .bytes = static_cast<std::int64_t>(fs::file_size(draft.path())),
                         .sha256 = std::move(*sum)};
  if (auto published = draft.publish(); !published) return published.error();
  return summary;
}

Result<void> extract_model_package(const fs::path& package, const fs::path& into) {
  std::error_code failed;
  if (fs::exists(into) && !(fs::is_directory(into) && fs::is_empty(into, failed))) {
    return Error{.message = fmt::format("{}: is not an empty folder", into.string()),
                 .hint = "name a new one"};
  }
  const auto manifest = read_package_manifest(package);
  if (!manifest) return manifest.error();
  const auto target = fs::absolute(into).lexically_normal();
  fs::create_directories(target.parent_path(), failed);
  Draft draft(target);
  if (!failed) fs::create_directory(draft.path(), failed);
  if (failed) return file_error(into, "cannot be made", failed.value());
  if (auto walked = walk(package, *manifest, draft.path()); !walked) return walked;
  auto output = OutputFile::create(draft.path() / kManifestName, into / kManifestName);
  if (!output) return output.error();
  if (auto written = output->write(manifest->text); !written) return written;
  return draft.publish();
}

Result<json> read_manifest(const fs::path& package) {
  const auto manifest = read_package_manifest(package);
  if (!manifest) return manifest.error();
  return parse_json(manifest->text);
}

Result<void> verify_model_package(const fs::path& package) {
  const auto manifest = read_package_manifest(package);
  if (!manifest) return manifest.error();
  return walk(package, *manifest, {});
}

Result<std::string> sha256_of_file(const fs::path& file) {
  Sha256 hash;
  auto read = read_file(file, [&](std::string_view block) -> Result<void> {
    hash.update(block);
    return {};
  });
  if (!read) return read.error();
  return hex(hash.digest());
}

}  // namespace hpo
