// Channels of class folders: split, links, refusals.

#include "trainers/images/prepare.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <map>
#include <set>

#include "tests/trainers/images/photo_files.h"
#include "trainers/images/image_folder.h"
#include "trainers/images/new_folder.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// 10 photos of each class.
void write_classes(const fs::path& root, const std::vector<std::string>& names) {
  for (const auto& name : names) {
    for (int i = 0; i < 10; ++i) {
      write_file(root / name / ("p" + std::to_string(i) + ".jpg"), jpeg_bytes(i));
    }
  }
}

/// Every photo below OUT: path → channel.
std::map<std::string, std::string> placed(const fs::path& out) {
  std::map<std::string, std::string> channels;
  for (const auto* channel : {"train", "validation", "test"}) {
    if (!fs::exists(out / channel)) continue;
    const auto folder = list_image_folder(out / channel);
    for (const auto& file : folder->files) {
      EXPECT_FALSE(channels.contains(file.path)) << file.path << " is in two channels";
      channels[file.path] = channel;
    }
  }
  return channels;
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename());
  return {names.begin(), names.end()};
}

TEST(Prepare, SplitsEveryClassBySeed) {
  TempFolder folder;
  write_classes(folder / "birds", {"crow", "wren"});
  const auto summary =
      prepare_channels({.source = folder / "birds", .out = folder / "out", .seed = 3});
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(summary->source, "class folders");
  ASSERT_EQ(summary->classes.size(), 2U);
  // 2 of 10 to test, then 0.2 · 8 = 1.6 rounded to validation.
  EXPECT_EQ(summary->classes[1].name, "wren");
  EXPECT_EQ(summary->classes[1].train, 6);
  EXPECT_EQ(summary->classes[1].validation, 2);
  EXPECT_EQ(summary->classes[1].test, 2);
  EXPECT_EQ(placed(folder / "out").size(), 20U);
  EXPECT_THAT(names_in(folder.path()), ElementsAre("birds", "out"));
}

TEST(Prepare, TheSplitDependsOnTheSeedButNotOnOtherClasses) {
  TempFolder folder;
  write_classes(folder / "birds", {"crow", "heron", "wren"});
  const auto prepare = [&](const std::string& out, std::uint64_t seed,
                           const std::vector<std::string>& exclude) {
    const PrepareOptions options{
        .source = folder / "birds", .out = folder / out, .exclude = exclude, .seed = seed};
    EXPECT_TRUE(prepare_channels(options).has_value());
    return placed(folder / out);
  };
  auto all = prepare("a", 1, {});
  EXPECT_EQ(all, prepare("b", 1, {}));
  EXPECT_NE(all, prepare("c", 2, {}));
  std::erase_if(all, [](const auto& entry) { return entry.first.starts_with("heron/"); });
  EXPECT_EQ(all, prepare("d", 1, {"heron"}));
}

TEST(Prepare, ZeroMakesNoChannel) {
  TempFolder folder;
  write_classes(folder / "birds", {"crow", "wren"});
  const auto summary = prepare_channels(
      {.source = folder / "birds", .out = folder / "out", .validation = 0.0, .test = 0.0});
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_THAT(names_in(folder / "out"), ElementsAre("train"));
  EXPECT_EQ(summary->classes[0].train, 10);
}

TEST(Prepare, LinksPhotosAndLeavesTheSourceAlone) {
  TempFolder folder;
  write_classes(folder / "birds", {"crow", "wren"});
  fs::rename(folder / "birds/crow/p0.jpg", folder / "elsewhere.jpg");
  fs::create_symlink(folder / "elsewhere.jpg", folder / "birds/crow/p0.jpg");
  ASSERT_TRUE(prepare_channels({.source = folder / "birds", .out = folder / "out"}));
  EXPECT_EQ(fs::hard_link_count(folder / "birds/wren/p1.jpg"), 2U);
  EXPECT_EQ(fs::hard_link_count(folder / "elsewhere.jpg"), 2U);
  for (const auto& [path, channel] : placed(folder / "out")) {
    EXPECT_FALSE(fs::is_symlink(folder / "out" / channel / path)) << path;
  }
}

TEST(Prepare, CopiesToAnotherFileSystem) {
  TempFolder folder;
  struct stat here = {};
  struct stat there = {};
  ASSERT_EQ(stat(folder.path().c_str(), &here), 0);
  if (stat("/dev/shm", &there) != 0 || here.st_dev == there.st_dev) {
    GTEST_SKIP() << "no other file system at /dev/shm";
  }
  write_classes(folder / "birds", {"crow", "wren"});
  const fs::path out = "/dev/shm" / folder.path().filename();
  const auto summary = prepare_channels({.source = folder / "birds", .out = out});
  EXPECT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(placed(out).size(), 20U);
  fs::remove_all(out);
}

TEST(Prepare, LeavesBadPhotosOut) {
  TempFolder folder;
  write_classes(folder / "birds", {"crow", "wren"});
  write_file(folder / "birds/crow/p3.jpg", png_bytes());
  const auto summary = prepare_channels({.source = folder / "birds", .out = folder / "out"});
  ASSERT_TRUE(summary) << summary.error().message;
  ASSERT_EQ(summary->skipped.size(), 1U);
  const SkippedFile png{"crow/p3.jpg", "is a PNG, expected a JPEG"};
  EXPECT_EQ(summary->skipped[0], png);
  EXPECT_EQ(placed(folder / "out").size(), 19U);
}

TEST(Prepare, RefusesAClassThatEmptiesAndLeavesNothing) {
  TempFolder folder;
  write_classes(folder / "birds", {"crow", "wren"});
  write_file(folder / "birds/heron/1.jpg", Bytes{});
  const auto summary = prepare_channels({.source = folder / "birds", .out = folder / "out"});
  ASSERT_FALSE(summary);
  EXPECT_THAT(summary.error().message, HasSubstr("class \"heron\" has no readable photo"));
  EXPECT_THAT(summary.error().hint, HasSubstr("heron/1.jpg is empty (0 bytes)"));
  EXPECT_THAT(names_in(folder.path()), ElementsAre("birds"));
}

TEST(Prepare, RefusesAClassTooSmallToSplit) {
  TempFolder folder;
  write_classes(folder / "birds", {"crow"});
  write_file(folder / "birds/wren/1.jpg", jpeg_bytes(1));
  write_file(folder / "birds/wren/2.jpg", jpeg_bytes(2));
  const auto summary = prepare_channels({.source = folder / "birds", .out = folder / "out"});
  ASSERT_FALSE(summary);
  EXPECT_THAT(summary.error().message, HasSubstr("class \"wren\" has 2 photos: too few"));
}

TEST(Prepare, SaysWhichPhotosMadeAClassTooSmall) {
  TempFolder folder;
  write_classes(folder / "birds", {"crow"});
  write_file(folder / "birds/wren/1.jpg", jpeg_bytes(1));
  for (int i = 10; i < 22; ++i) {
    write_file(folder / "birds/wren" / (std::to_string(i) + ".jpg"), Bytes{});
  }
  const auto summary = prepare_channels({.source = folder / "birds", .out = folder / "out"});
  ASSERT_FALSE(summary);
  EXPECT_THAT(summary.error().message, HasSubstr("class \"wren\" has 1 photo: too few"));
  EXPECT_THAT(summary.error().message,
              HasSubstr("refused: wren/10.jpg (is empty (0 bytes)), wren/11.jpg (is empty"));
  EXPECT_THAT(summary.error().message, HasSubstr("wren/19.jpg (is empty (0 bytes)) and 2 more"));
}

TEST(Prepare, TakesOnlyANewOrEmptyPlaceOutsideTheSource) {
  TempFolder folder;
  write_classes(folder / "birds", {"crow", "wren"});
  const auto message = [&](const std::string& out) {
    const auto summary = prepare_channels({.source = folder / "birds", .out = folder / out});
    return summary ? "" : summary.error().message;
  };
  fs::create_directories(folder / "empty");
  EXPECT_EQ(message("empty"), "");
  EXPECT_EQ(message("new/deep/"), "");
  EXPECT_THAT(message("empty"), HasSubstr("is not empty"));
  write_file(folder / "file", "text");
  EXPECT_THAT(message("file"), HasSubstr("is not a folder"));
  EXPECT_THAT(message("birds/out"), HasSubstr("lies in the source folder"));
  EXPECT_THAT(message("birds"), HasSubstr("lies in the source folder"));
}

TEST(Prepare, ClearsWhatAKilledRunLeftAndRefusesARunningOne) {
  TempFolder folder;
  write_classes(folder / "birds", {"crow", "wren"});
  write_file(folder / ".out.part/train/crow/old.jpg", "half");
  {
    const auto running = NewFolder::create(folder / "out");
    ASSERT_TRUE(running);
    const auto summary = prepare_channels({.source = folder / "birds", .out = folder / "out"});
    ASSERT_FALSE(summary);
    EXPECT_EQ(summary.error().code, ErrorCode::held);
  }
  write_file(folder / ".out.part/train/crow/old.jpg", "half");
  ASSERT_TRUE(prepare_channels({.source = folder / "birds", .out = folder / "out"}));
  EXPECT_FALSE(placed(folder / "out").contains("crow/old.jpg"));
  EXPECT_THAT(names_in(folder.path()), ElementsAre("birds", "out"));
}

TEST(Prepare, ChecksItsFractions) {
  TempFolder folder;
  write_classes(folder / "birds", {"crow", "wren"});
  PrepareOptions options{.source = folder / "birds", .out = folder / "out", .validation = 1.0};
  EXPECT_THAT(prepare_channels(options).error().message,
              HasSubstr("--validation: must be at least 0 and below 1, got 1"));
  options = {.source = folder / "birds", .out = folder / "out", .test = -0.5};
  EXPECT_THAT(prepare_channels(options).error().message, HasSubstr("--test"));
  options = {.source = folder / "none", .out = folder / "out"};
  EXPECT_EQ(prepare_channels(options).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace hpo
