#include "storage/package_archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <cerrno>
#include <optional>
#include <vector>

#include "storage/file_io.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = std::size_t{1} << 18U;
constexpr std::int64_t kTime = 315'532'800;  // 1980-01-01: tar warns of 1970

std::string message_of(archive* stream) {
  const char* text = archive_error_string(stream);
  return text != nullptr ? text : "unreadable";
}

/// The name below the root, `./a` as `a`; nothing if it leads elsewhere.
std::optional<std::string> safe_name(const char* raw) {
  if (raw == nullptr) return std::nullopt;
  const fs::path path(raw);
  if (path.is_absolute()) return std::nullopt;
  for (const auto& part : path) {
    if (part == "..") return std::nullopt;
  }
  auto name = path.lexically_normal().generic_string();
  if (name.ends_with('/')) name.pop_back();
  if (name.empty()) return std::nullopt;
  return name;
}

struct FreeEntry {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};

}  // namespace

Error bad_package(const std::string& package, const std::string& what) {
  return {.code = ErrorCode::corrupt,
          .message = fmt::format("{}: {}", package, what),
          .hint = "the package is damaged or not one of hpo's: copy or export it again"};
}

void PackageReader::Free::operator()(archive* reader) const { archive_read_free(reader); }
void PackageWriter::Free::operator()(archive* writer) const { archive_write_free(writer); }

Result<PackageReader> PackageReader::open(const fs::path& package) {
  std::unique_ptr<archive, Free> reader(archive_read_new());
  archive_read_support_filter_gzip(reader.get());
  archive_read_support_format_tar(reader.get());
  if (archive_read_open_filename(reader.get(), package.c_str(), kBlock) != ARCHIVE_OK) {
    const int code = archive_errno(reader.get());
    // EILSEQ is libarchive's own "file format".
    if (code > 0 && code != EILSEQ) return file_error(package, "cannot read", code);
    return bad_package(package.string(), "is no gzipped tar archive: " + message_of(reader.get()));
  }
  return PackageReader(std::move(reader), package.string());
}

Result<bool> PackageReader::next(PackageEntry& entry) {
  while (true) {
    archive_entry* header = nullptr;
    const int code = archive_read_next_header(reader_.get(), &header);
    if (code == ARCHIVE_EOF) return false;
    if (code != ARCHIVE_OK && code != ARCHIVE_WARN) {
      return bad_package(package_,
                         "is no gzipped tar archive, or damaged: " + message_of(reader_.get()));
    }
    const char* raw = archive_entry_pathname(header);
    if (raw == nullptr) raw = archive_entry_pathname_utf8(header);
    const auto name = safe_name(raw);
    const auto shown = fmt::format("entry \"{}\"", raw != nullptr ? raw : "");
    if (!name) return bad_package(package_, shown + " leads out of the package");
    const bool is_link = archive_entry_hardlink(header) != nullptr;
    if (archive_entry_filetype(header) == AE_IFDIR && !is_link) continue;
    if (archive_entry_filetype(header) != AE_IFREG || is_link) {
      return bad_package(package_, shown + " is a link or device, not a file");
    }
    entry = {.name = *name, .bytes = archive_entry_size(header)};
    return true;
  }
}

Result<void> PackageReader::read(std::int64_t limit,
                                 const std::function<Result<void>(std::string_view)>& use) {
  std::vector<char> block(kBlock);
  std::int64_t total = 0;
  while (true) {
    const auto length = archive_read_data(reader_.get(), block.data(), block.size());
    if (length == 0) return {};
    if (length < 0) return bad_package(package_, "is damaged: " + message_of(reader_.get()));
    total += length;
    if (total > limit) return bad_package(package_, "an entry is larger than it should be");
    if (auto used = use({block.data(), static_cast<std::size_t>(length)}); !used) return used;
  }
}

Result<PackageWriter> PackageWriter::open(int descriptor, const fs::path& package) {
  PackageWriter writer(std::unique_ptr<archive, Free>(archive_write_new()), package.string());
  auto* stream = writer.writer_.get();
  // The pax format would translate names from the locale's characters; this one keeps their bytes.
  const bool is_set =
      archive_write_set_format_gnutar(stream) == ARCHIVE_OK &&
      archive_write_add_filter_gzip(stream) == ARCHIVE_OK &&
      // Weights hardly shrink: the quickest level is as good.
      archive_write_set_options(stream, "gzip:!timestamp,compression-level=1") == ARCHIVE_OK;
  if (!is_set || archive_write_open_fd(stream, descriptor) != ARCHIVE_OK) {
    return writer.error("cannot be written");
  }
  return writer;
}

Error PackageWriter::error(const char* what) const {
  const int code = archive_errno(writer_.get());
  if (code > 0) return file_error(package_, what, code);
  return {.code = ErrorCode::environment,
          .message = fmt::format("{}: {} ({})", package_, what, message_of(writer_.get())),
          .hint = "check the disk that holds the file"};
}

Result<void> PackageWriter::begin(const PackageEntry& entry) {
  const std::unique_ptr<archive_entry, FreeEntry> header(archive_entry_new());
  archive_entry_set_pathname(header.get(), entry.name.c_str());
  archive_entry_set_filetype(header.get(), AE_IFREG);
  archive_entry_set_perm(header.get(), 0644);
  archive_entry_set_mtime(header.get(), kTime, 0);
  archive_entry_set_size(header.get(), entry.bytes);
  const int code = archive_write_header(writer_.get(), header.get());
  if (code == ARCHIVE_OK || code == ARCHIVE_WARN) return {};
  return error("cannot be written");
}

Result<void> PackageWriter::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto length = archive_write_data(writer_.get(), bytes.data(), bytes.size());
    if (length < 0) return error("cannot be written");
    if (length == 0) return error("a file grew while it was packed");
    bytes.remove_prefix(static_cast<std::size_t>(length));
  }
  return {};
}

Result<void> PackageWriter::finish() {
  if (archive_write_close(writer_.get()) == ARCHIVE_OK) return {};
  return error("cannot be written");
}

}  // namespace hpo
