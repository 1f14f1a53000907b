// The cache under several processes, kill -9, damage and full disks.

#include "trainers/images/blob_cache.h"

#include <gmock/gmock.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "tests/trainers/images/child_process.h"
#include "tests/trainers/images/photo_files.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::size_t kBytes = 300'000;

/// Fills with a pattern and leaves a mark in a file for every call.
FillBlob marking_fill(const fs::path& marks, std::byte value = std::byte{7}) {
  return [marks, value](std::span<std::byte> payload) -> Result<void> {
    std::ofstream(marks, std::ios::app) << 'x';
    std::fill(payload.begin(), payload.end(), value);
    return {};
  };
}

bool holds(const Result<MappedBlob>& blob, std::byte value = std::byte{7}) {
  if (!blob || blob->bytes().size() != kBytes) return false;
  return std::all_of(blob->bytes().begin(), blob->bytes().end(),
                     [&](std::byte byte) { return byte == value; });
}

std::size_t marks_in(const fs::path& file) {
  return fs::exists(file) ? static_cast<std::size_t>(fs::file_size(file)) : 0;
}

std::vector<fs::path> files_of(const fs::path& folder, const std::string& extension) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == extension) found.push_back(entry.path());
  }
  return found;
}

void flip_byte(const fs::path& file, std::size_t offset) {
  Bytes bytes = file_content(file);
  bytes.at(offset) ^= 0x10;
  fs::remove(file);
  write_file(file, bytes);
}

TEST(BlobCache, FillsOnceAndReadsAfterwards) {
  TempFolder folder;
  const auto first = get_or_fill(folder / "cache", "key", kBytes, marking_fill(folder / "marks"));
  EXPECT_TRUE(holds(first));
  EXPECT_TRUE(first->filled());
  const auto second = get_or_fill(folder / "cache", "key", kBytes, marking_fill(folder / "marks"));
  EXPECT_TRUE(holds(second));
  EXPECT_FALSE(second->filled());
  EXPECT_THAT(second->warning(), IsEmpty());
  EXPECT_EQ(marks_in(folder / "marks"), 1U);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(second->bytes().data()) % 4096, 0U);
}

TEST(BlobCache, KeepsKeysAndSizesApart) {
  TempFolder folder;
  const auto cache = folder / "cache";
  ASSERT_TRUE(get_or_fill(cache, "a", kBytes, marking_fill(folder / "marks", std::byte{1})));
  EXPECT_TRUE(holds(get_or_fill(cache, "b", kBytes, marking_fill(folder / "marks", std::byte{2})),
                    std::byte{2}));
  EXPECT_TRUE(holds(get_or_fill(cache, "a", kBytes, marking_fill(folder / "marks")), std::byte{1}));
  const auto longer = get_or_fill(cache, "a", kBytes + 1, marking_fill(folder / "marks"));
  ASSERT_TRUE(longer);
  EXPECT_TRUE(longer->filled());
  const auto nothing = get_or_fill(cache, "none", 0, marking_fill(folder / "marks"));
  ASSERT_TRUE(nothing);
  EXPECT_EQ(nothing->bytes().size(), 0U);
}

TEST(BlobCache, SeveralProcessesFillOnce) {
  TempFolder folder;
  Gate start;
  std::vector<ChildProcess> children;
  for (int i = 0; i < 6; ++i) {
    children.emplace_back([&] {
      start.wait();
      const auto fill = marking_fill(folder / "marks");
      return holds(get_or_fill(folder / "cache", "key", kBytes, fill)) ? 0 : 1;
    });
  }
  for (int i = 0; i < 6; ++i) start.open();
  for (auto& child : children) EXPECT_EQ(child.wait(), 0);
  EXPECT_EQ(marks_in(folder / "marks"), 1U);
  EXPECT_THAT(files_of(folder / "cache", ".part"), IsEmpty());
}

TEST(BlobCache, AKilledFillerLeavesTheWorkToTheNext) {
  TempFolder folder;
  Gate halfway;
  Gate never;
  ChildProcess filler([&] {
    const auto blob = get_or_fill(folder / "cache", "key", kBytes, [&](std::span<std::byte> bytes) {
      std::fill(bytes.begin(), bytes.begin() + kBytes / 2, std::byte{9});
      halfway.open();
      never.wait();
      return Result<void>{};
    });
    return blob ? 0 : 1;
  });
  halfway.wait();
  ChildProcess waiting([&] {
    const auto fill = marking_fill(folder / "marks");
    return holds(get_or_fill(folder / "cache", "key", kBytes, fill)) ? 0 : 1;
  });
  EXPECT_EQ(filler.kill_and_wait(), -SIGKILL);
  EXPECT_EQ(waiting.wait(), 0);
  EXPECT_EQ(marks_in(folder / "marks"), 1U);
  EXPECT_TRUE(holds(get_or_fill(folder / "cache", "key", kBytes, marking_fill(folder / "marks"))));
  EXPECT_EQ(marks_in(folder / "marks"), 1U);
  EXPECT_THAT(files_of(folder / "cache", ".part"), IsEmpty());
}

TEST(BlobCache, ADamagedFileIsMadeAnew) {
  TempFolder folder;
  const auto cache = folder / "cache";
  const auto fill = marking_fill(folder / "marks");
  ASSERT_TRUE(get_or_fill(cache, "key", kBytes, fill));
  const fs::path blob = files_of(cache, ".blob").at(0);
  std::size_t fills = 1;
  for (const std::size_t offset : {0UL, 9UL, 25UL, 60UL, 70UL, 4096UL, 4096 + kBytes - 1}) {
    flip_byte(blob, offset);
    EXPECT_TRUE(holds(get_or_fill(cache, "key", kBytes, fill))) << offset;
    EXPECT_EQ(marks_in(folder / "marks"), ++fills) << offset;
  }
  fs::resize_file(blob, 5000);
  EXPECT_TRUE(holds(get_or_fill(cache, "key", kBytes, fill)));
  fs::resize_file(blob, 0);
  EXPECT_TRUE(holds(get_or_fill(cache, "key", kBytes, fill)));
  EXPECT_EQ(marks_in(folder / "marks"), fills + 2);
}

TEST(BlobCache, AReaderKeepsItsBytesWhileTheFileIsReplaced) {
  TempFolder folder;
  const auto fill = marking_fill(folder / "marks");
  const auto old = get_or_fill(folder / "cache", "key", kBytes, fill);
  const fs::path blob = files_of(folder / "cache", ".blob").at(0);
  flip_byte(blob, 5000);  // replaces the file, as a rebuild does
  ASSERT_TRUE(get_or_fill(folder / "cache", "key", kBytes, fill));
  EXPECT_TRUE(holds(old));
}

TEST(BlobCache, WithoutAFolderTheBytesStayInMemory) {
  TempFolder folder;
  const auto blob = get_or_fill("", "key", kBytes, marking_fill(folder / "marks"));
  EXPECT_TRUE(holds(blob));
  EXPECT_THAT(blob->warning(), IsEmpty());
}

TEST(BlobCache, AnUnusableFolderIsAWarning) {
  TempFolder folder;
  write_file(folder / "cache", "a file where the folder should be");
  const auto blob = get_or_fill(folder / "cache", "key", kBytes, marking_fill(folder / "marks"));
  EXPECT_TRUE(holds(blob));
  EXPECT_THAT(blob->warning(), HasSubstr("kept in memory"));
}

TEST(BlobCache, AFileSizeLimitIsAWarning) {
  TempFolder folder;
  ChildProcess child([&] {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit = {100'000, 100'000};
    setrlimit(RLIMIT_FSIZE, &limit);
    const auto blob = get_or_fill(folder / "cache", "key", kBytes, [](std::span<std::byte> bytes) {
      std::fill(bytes.begin(), bytes.end(), std::byte{7});
      return Result<void>{};
    });
    return holds(blob) && blob->warning().find("make room") != std::string::npos ? 0 : 1;
  });
  EXPECT_EQ(child.wait(), 0);
  EXPECT_THAT(files_of(folder / "cache", ".part"), IsEmpty());
}

TEST(BlobCache, AFullDiskIsAWarning) {
  TempFolder folder;
  fs::create_directory(folder / "tiny");
  if (mount("tmpfs", (folder / "tiny").c_str(), "tmpfs", 0, "size=128k") != 0) {
    GTEST_SKIP() << "only root can mount a tiny disk";
  }
  const auto fill = marking_fill(folder / "marks");
  const auto blob = get_or_fill(folder / "tiny", "key", kBytes, fill);
  EXPECT_TRUE(holds(blob));
  EXPECT_THAT(blob ? blob->warning() : "", HasSubstr("No space left on device"));
  EXPECT_THAT(files_of(folder / "tiny", ".part"), IsEmpty());
  EXPECT_THAT(files_of(folder / "tiny", ".blob"), IsEmpty());
  EXPECT_EQ(umount((folder / "tiny").c_str()), 0);
}

TEST(BlobCache, AFailedFillLeavesNothing) {
  TempFolder folder;
  const auto failing = [](std::span<std::byte>) -> Result<void> {
    return Error{.message = "no data"};
  };
  const auto blob = get_or_fill(folder / "cache", "key", kBytes, failing);
  ASSERT_FALSE(blob);
  EXPECT_EQ(blob.error().message, "no data");
  EXPECT_THAT(files_of(folder / "cache", ".part"), IsEmpty());
  const auto throwing = [](std::span<std::byte>) -> Result<void> {
    throw std::runtime_error("from a library");
  };
  EXPECT_THROW((void)get_or_fill(folder / "cache", "key", kBytes, throwing).has_value(),
               std::runtime_error);
  EXPECT_TRUE(holds(get_or_fill(folder / "cache", "key", kBytes, marking_fill(folder / "marks"))));
}

}  // namespace
}  // namespace hpo
