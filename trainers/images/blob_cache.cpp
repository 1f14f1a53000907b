// <cache_dir>/<SHA-256 of the key>.blob: one page of BlobHeader, then the payload. Written as .part
// by the holder of the .lock file (flock, which dies with its process) and renamed when whole.
// There is no fsync: after a power cut the checksums find whatever did not reach the disk.

#include "trainers/images/blob_cache.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>

#include "objectives/descriptor.h"
#include "objectives/sha256.h"
#include "trainers/images/blob_header.h"

namespace hpo {

namespace fs = std::filesystem;

MappedBlob::MappedBlob(void* mapping, std::size_t mapped, std::size_t offset)
    : mapping_(mapping), mapped_(mapped), offset_(offset) {}

MappedBlob::MappedBlob(MappedBlob&& other) noexcept { *this = std::move(other); }

MappedBlob& MappedBlob::operator=(MappedBlob&& other) noexcept {
  std::swap(mapping_, other.mapping_);
  std::swap(mapped_, other.mapped_);
  std::swap(offset_, other.offset_);
  std::swap(file_, other.file_);
  std::swap(filled_, other.filled_);
  std::swap(warning_, other.warning_);
  return *this;
}

MappedBlob::~MappedBlob() {
  if (mapping_ != nullptr) munmap(mapping_, mapped_);
}

std::span<const std::byte> MappedBlob::bytes() const {
  if (mapping_ == nullptr) return {};
  return {static_cast<const std::byte*>(mapping_) + offset_, mapped_ - offset_};
}

/// The steps of one get_or_fill.
class BlobCacheEntry {
 public:
  BlobCacheEntry(const fs::path& cache_dir, std::string_view key, std::size_t bytes,
                 std::uint64_t max_bytes)
      : digest_(sha256(key)),
        bytes_(bytes),
        max_bytes_(max_bytes),
        stem_(cache_dir / hex(digest_)) {}

  Result<MappedBlob> get_or_fill(const FillBlob& fill) {
    if (auto blob = open_whole()) return *std::move(blob);
    std::error_code error;
    fs::create_directories(stem_.parent_path(), error);
    const Descriptor lock(open(file(".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (!lock) return fill_memory(fill, system_reason("create", file(".lock")));
    while (flock(lock.get(), LOCK_EX) != 0) {
      if (errno != EINTR) return fill_memory(fill, system_reason("lock", file(".lock")));
    }
    if (auto blob = open_whole()) return *std::move(blob);  // another one filled it meanwhile
    auto filled = fill_file(fill);
    if (!filled) unlink(file(".part").c_str());
    return filled;
  }

  Result<MappedBlob> fill_memory(const FillBlob& fill, std::string warning) const {
    void* mapping =
        mmap(nullptr, mapped_bytes(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapping == MAP_FAILED) return no_memory();
    MappedBlob blob(mapping, mapped_bytes(), kBlobHeaderBytes);
    if (auto filled = fill(payload(mapping)); !filled) return filled.error();
    mprotect(mapping, mapped_bytes(), PROT_READ);
    blob.filled_ = true;
    blob.warning_ = std::move(warning);
    return blob;
  }

  /// The file's bytes, where it is there, belongs to the key and is undamaged.
  [[nodiscard]] std::optional<MappedBlob> open_whole() const {
    Descriptor fd(open(file(".blob").c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status = {};
    if (!fd || fstat(fd.get(), &status) != 0) return {};
    if (static_cast<std::size_t>(status.st_size) != mapped_bytes()) return {};
    use_now(fd);
    void* mapping = mmap(nullptr, mapped_bytes(), PROT_READ, MAP_SHARED, fd.get(), 0);
    if (mapping == MAP_FAILED) return {};
    MappedBlob blob(mapping, mapped_bytes(), kBlobHeaderBytes);
    BlobHeader header;
    std::memcpy(&header, mapping, sizeof header);
    if (!is_header_of(header, digest_, blob.bytes())) return {};
    blob.file_ = std::move(fd);
    return blob;
  }

 private:
  [[nodiscard]] fs::path file(const char* extension) const {
    return fs::path(stem_).concat(extension);
  }
  [[nodiscard]] std::size_t mapped_bytes() const { return kBlobHeaderBytes + bytes_; }
  [[nodiscard]] std::span<std::byte> payload(void* mapping) const {
    return {static_cast<std::byte*>(mapping) + kBlobHeaderBytes, bytes_};
  }
  [[nodiscard]] Error no_memory() const {
    return Error{.code = ErrorCode::environment,
                 .message = fmt::format("no memory for {} MiB of cached data", bytes_ >> 20U),
                 .hint = "use a smaller image size or fewer parallel trials"};
  }
  static std::string system_reason(const char* what, const fs::path& path) {
    return fmt::format("cannot {} {} ({}); the data are kept in memory", what, path.string(),
                       std::generic_category().message(errno));
  }

  /// Fills the .part file through a mapping and gives it its name; the lock is held.
  Result<MappedBlob> fill_file(const FillBlob& fill) const {
    std::string reason;
    auto blob = map_part(reason);
    if (!blob) {
      // Gone before the work starts: the space is needed more elsewhere.
      unlink(file(".part").c_str());
      return fill_memory(fill, reason);
    }
    if (auto filled = fill(payload(blob->mapping_)); !filled) return filled.error();
    const BlobHeader header = make_header(digest_, blob->bytes());
    std::memcpy(blob->mapping_, &header, sizeof header);
    mprotect(blob->mapping_, mapped_bytes(), PROT_READ);
    blob->filled_ = true;
    if (std::rename(file(".part").c_str(), file(".blob").c_str()) != 0) {
      blob->warning_ = system_reason("rename", file(".part"));
      unlink(file(".part").c_str());
    }
    return *std::move(blob);
  }

  /// A new, zeroed .part file of the blob's size, mapped for writing; or the reason why not.
  std::optional<MappedBlob> map_part(std::string& reason) const {
    const fs::path part = file(".part");
    unlink(part.c_str());  // what a killed process left
    const auto room = CacheRoom::make(stem_.parent_path(), mapped_bytes(), max_bytes_, reason);
    if (!room) {
      reason += "; the data are kept in memory";
      return {};
    }
    Descriptor fd(open(part.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!fd) {
      reason = system_reason("create", part);
      return {};
    }
    // Reserves the blocks, so that a full disk shows here and not as SIGBUS in a page fault.
    errno = posix_fallocate(fd.get(), 0, static_cast<off_t>(mapped_bytes()));
    if (errno != 0) {
      reason = system_reason("make room for", part);
      return {};
    }
    void* mapping = mmap(nullptr, mapped_bytes(), PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
    if (mapping == MAP_FAILED) {
      reason = system_reason("map", part);
      return {};
    }
    use_now(fd);
    MappedBlob blob(mapping, mapped_bytes(), kBlobHeaderBytes);
    blob.file_ = std::move(fd);
    return blob;
  }

  Digest digest_;
  std::size_t bytes_;
  std::uint64_t max_bytes_;
  fs::path stem_;
};

Result<MappedBlob> get_or_fill(const fs::path& cache_dir, std::string_view key, std::size_t bytes,
                               const FillBlob& fill, std::uint64_t max_bytes) {
  BlobCacheEntry entry(cache_dir, key, bytes, max_bytes);
  if (cache_dir.empty()) return entry.fill_memory(fill, "");
  return entry.get_or_fill(fill);
}

std::optional<MappedBlob> find_blob(const fs::path& cache_dir, std::string_view key,
                                    std::size_t bytes) {
  if (cache_dir.empty()) return {};
  return BlobCacheEntry(cache_dir, key, bytes, kNoLimit).open_whole();
}

}  // namespace hpo
