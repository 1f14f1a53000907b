#include "trainers/images/image_cache.h"

#include <gmock/gmock.h>

#include <chrono>
#include <cstdlib>

#include "tests/trainers/images/child_process.h"
#include "tests/trainers/images/photo_files.h"
#include "trainers/images/jpeg.h"
#include "trainers/images/resize.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Two classes of five photos.
void write_photos(const fs::path& root) {
  for (int i = 0; i < 5; ++i) {
    const std::string name = std::to_string(i) + ".jpg";
    write_file(root / "crow" / name, jpeg_bytes(i, 20 + i, 16));
    write_file(root / "wren" / name, jpeg_bytes(i + 9, 30, 20 + i));
  }
}

ImageFolder listed(const fs::path& root) {
  auto folder = list_image_folder(root);
  check(folder.has_value(), "the test's photos cannot be listed");
  return *std::move(folder);
}

std::vector<std::uint8_t> copied(std::span<const std::uint8_t> bytes) {
  return {bytes.begin(), bytes.end()};
}

TEST(ImageCache, HoldsEveryPhotoDecodedAndResized) {
  TempFolder folder;
  write_photos(folder / "train");
  const auto images = load_images(listed(folder / "train"), 32, folder / "cache");
  ASSERT_TRUE(images) << images.error().message;
  ASSERT_EQ(images->count(), 10U);
  EXPECT_THAT(images->labels, ElementsAre(0, 0, 0, 0, 0, 1, 1, 1, 1, 1));
  EXPECT_THAT(images->classes, ElementsAre("crow", "wren"));
  EXPECT_EQ(images->paths[7], "wren/2.jpg");
  for (std::size_t i = 0; i < images->count(); ++i) {
    const auto photo = read_jpeg(folder / "train" / images->paths[i]);
    ASSERT_TRUE(photo);
    EXPECT_EQ(copied(images->image(i)), resize(*photo, 32, 32).rgb) << images->paths[i];
  }
}

TEST(ImageCache, IsReusedUntilAPhotoOrTheSizeChanges) {
  TempFolder folder;
  write_photos(folder / "train");
  const auto load = [&](int size) {
    auto images = load_images(listed(folder / "train"), size, folder / "cache");
    check(images.has_value(), "photos cannot be loaded");
    return *std::move(images);
  };
  EXPECT_TRUE(load(32).blob.filled());
  EXPECT_FALSE(load(32).blob.filled());
  EXPECT_TRUE(load(24).blob.filled());
  fs::last_write_time(folder / "train/crow/1.jpg",
                      fs::file_time_type::clock::now() + std::chrono::hours(1));
  EXPECT_TRUE(load(32).blob.filled());
  fs::remove(folder / "train/crow/1.jpg");
  const auto fewer = load(32);
  EXPECT_TRUE(fewer.blob.filled());
  EXPECT_EQ(fewer.count(), 9U);
}

TEST(ImageCache, TrialsReachOneCacheThroughTheirOwnLinks) {
  TempFolder folder;
  write_photos(folder / "train");
  fs::create_directory_symlink(folder / "train", folder / "link");
  const auto direct = load_images(listed(folder / "train"), 16, folder / "cache");
  const auto linked = load_images(listed(folder / "link"), 16, folder / "cache");
  ASSERT_TRUE(direct && linked);
  EXPECT_FALSE(linked->blob.filled());
  EXPECT_EQ(linked->key, direct->key);
}

TEST(ImageCache, SkipsBadPhotosWithTheirReasons) {
  TempFolder folder;
  write_photos(folder / "train");
  const Bytes whole = jpeg_bytes(1, 40, 30);
  write_file(folder / "train/crow/0.jpg", png_bytes());
  write_file(folder / "train/crow/empty.jpg", Bytes{});
  write_file(folder / "train/wren/cut.jpg", Bytes(whole.begin(), whole.end() - 40));
  fs::create_symlink("nowhere", folder / "train/wren/gone.jpg");
  for (const bool cached : {false, true}) {
    const auto images = load_images(listed(folder / "train"), 16, folder / "cache");
    ASSERT_TRUE(images) << images.error().message;
    EXPECT_EQ(images->blob.filled(), !cached);
    EXPECT_EQ(images->count(), 9U);
    ASSERT_EQ(images->skipped.size(), 4U);
    const SkippedFile png{"crow/0.jpg", "is a PNG, expected a JPEG"};
    EXPECT_EQ(images->skipped[0], png);
    EXPECT_EQ(images->skipped[1].reason, "is empty (0 bytes)");
    EXPECT_THAT(images->skipped[2].reason, HasSubstr("truncated"));
    EXPECT_EQ(images->skipped[3].reason, "is missing");
    const auto last = read_jpeg(folder / "train/wren/4.jpg");
    EXPECT_EQ(copied(images->image(8)), resize(*last, 16, 16).rgb);
  }
}

TEST(ImageCache, RefusesAClassThatEmpties) {
  TempFolder folder;
  write_photos(folder / "train");
  write_file(folder / "train/heron/1.jpg", png_bytes());
  write_file(folder / "train/heron/2.jpg", Bytes{});
  const auto images = load_images(listed(folder / "train"), 16, folder / "cache");
  ASSERT_FALSE(images);
  EXPECT_THAT(images.error().message,
              HasSubstr("none of the 2 photos of class \"heron\" can be read"));
  EXPECT_EQ(images.error().hint, "for example heron/1.jpg is a PNG, expected a JPEG");
}

TEST(ImageCache, AClassMissingInValidationIsFine) {
  TempFolder folder;
  write_photos(folder / "validation");
  auto validation = with_classes(listed(folder / "validation"), {"bobolink", "crow", "wren"});
  const auto images = load_images(*validation, 16, folder / "cache");
  ASSERT_TRUE(images) << images.error().message;
  EXPECT_EQ(images->labels.front(), 1);
  EXPECT_EQ(images->classes.size(), 3U);
}

TEST(ImageCache, SeveralProcessesLoadTheSamePixels) {
  TempFolder folder;
  write_photos(folder / "train");
  const ImageFolder photos = listed(folder / "train");
  const auto alone = load_images(photos, 32, "");
  std::vector<ChildProcess> children;
  for (int i = 0; i < 4; ++i) {
    children.emplace_back([&] {
      const auto images = load_images(photos, 32, folder / "cache");
      return images && copied(images->rgb) == copied(alone->rgb) ? 0 : 1;
    });
  }
  for (auto& child : children) EXPECT_EQ(child.wait(), 0);
}

TEST(ImageCache, IsTheSameWithAnyNumberOfThreads) {
  TempFolder folder;
  write_photos(folder / "train");
  const ImageFolder photos = listed(folder / "train");
  std::vector<std::vector<std::uint8_t>> pixels;
  for (const char* threads : {"1", "4"}) {
    setenv("OMP_NUM_THREADS", threads, 1);
    const auto images = load_images(photos, 32, "");
    ASSERT_TRUE(images);
    EXPECT_THAT(images->warning, IsEmpty());
    pixels.push_back(copied(images->rgb));
  }
  unsetenv("OMP_NUM_THREADS");
  EXPECT_EQ(pixels[0], pixels[1]);
}

}  // namespace
}  // namespace hpo
