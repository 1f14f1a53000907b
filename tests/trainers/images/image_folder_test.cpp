#include "trainers/images/image_folder.h"

#include <gmock/gmock.h>

#include "tests/trainers/images/photo_files.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> paths(const ImageFolder& folder) {
  std::vector<std::string> list;
  for (const auto& file : folder.files) list.push_back(file.path);
  return list;
}

TEST(ImageFolder, SortsClassesAndFiles) {
  TempFolder root;
  for (const auto* name : {"b.crow/2.JPG", "b.crow/10.jpg", "a.wren/x.Jpeg", "a.wren/sub/y.jpg"}) {
    write_file(root / name, "photo");
  }
  const auto folder = list_image_folder(root.path());
  ASSERT_TRUE(folder) << folder.error().message;
  EXPECT_THAT(folder->classes, ElementsAre("a.wren", "b.crow"));
  EXPECT_THAT(paths(*folder),
              ElementsAre("a.wren/sub/y.jpg", "a.wren/x.Jpeg", "b.crow/10.jpg", "b.crow/2.JPG"));
  EXPECT_EQ(folder->files[3].label, 1);
  EXPECT_EQ(folder->files[3].bytes, 5U);
  EXPECT_GT(folder->files[3].modified_ns, 0);
}

TEST(ImageFolder, IgnoresHiddenAndOtherFiles) {
  TempFolder root;
  write_file(root / "a/1.jpg", "photo");
  write_file(root / "a/.2.jpg", "hidden");
  write_file(root / "a/.thumbs/3.jpg", "hidden");
  write_file(root / "a/notes.txt", "text");
  write_file(root / ".cache/4.jpg", "hidden");
  write_file(root / "README.md", "text");
  const auto folder = list_image_folder(root.path());
  ASSERT_TRUE(folder) << folder.error().message;
  EXPECT_THAT(paths(*folder), ElementsAre("a/1.jpg"));
  EXPECT_EQ(folder->ignored, 1);
}

TEST(ImageFolder, FollowsLinksToFilesAndClassFolders) {
  TempFolder root;
  write_file(root / "elsewhere/crows/1.jpg", "photo");
  fs::create_directories(root / "data/wren");
  fs::create_directory_symlink(root / "elsewhere/crows", root / "data/crow");
  fs::create_symlink(root / "elsewhere/crows/1.jpg", root / "data/wren/w.jpg");
  const auto folder = list_image_folder(root / "data");
  ASSERT_TRUE(folder) << folder.error().message;
  EXPECT_THAT(paths(*folder), ElementsAre("crow/1.jpg", "wren/w.jpg"));
}

TEST(ImageFolder, NamesAClassWithoutPhotos) {
  TempFolder root;
  write_file(root / "crow/1.jpg", "photo");
  write_file(root / "wren/1.png", "photo");
  const auto folder = list_image_folder(root.path());
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().code, ErrorCode::usage);
  EXPECT_THAT(folder.error().message, HasSubstr("class \"wren\" has no photo"));
}

TEST(ImageFolder, TellsWhatIsMissing) {
  TempFolder root;
  EXPECT_EQ(list_image_folder(root / "none").error().code, ErrorCode::not_found);
  EXPECT_THAT(list_image_folder(root.path()).error().message, HasSubstr("no class folder in it"));
  write_file(root / "1.jpg", "photo");
  EXPECT_THAT(list_image_folder(root.path()).error().message,
              HasSubstr("photos lie directly in it; expected one folder of photos per class"));
  EXPECT_EQ(list_image_folder(root / "1.jpg").error().code, ErrorCode::not_found);
}

TEST(ImageFolder, TakesTheTrainingChannelsLabels) {
  TempFolder root;
  write_file(root / "crow/1.jpg", "photo");
  write_file(root / "wren/1.jpg", "photo");
  const auto folder = with_classes(*list_image_folder(root.path()), {"wren", "bobolink", "crow"});
  ASSERT_TRUE(folder) << folder.error().message;
  EXPECT_THAT(folder->classes, ElementsAre("wren", "bobolink", "crow"));
  EXPECT_THAT(paths(*folder), ElementsAre("wren/1.jpg", "crow/1.jpg"));
  EXPECT_EQ(folder->files[0].label, 0);
  EXPECT_EQ(folder->files[1].label, 2);
}

TEST(ImageFolder, AClassThatWasNeverTrainedIsAnError) {
  TempFolder root;
  write_file(root / "Fish_Crow/1.jpg", "photo");
  const auto folder = with_classes(*list_image_folder(root.path()), {"Fish_Cro", "Wren"});
  ASSERT_FALSE(folder);
  EXPECT_THAT(folder.error().message,
              HasSubstr("class \"Fish_Crow\" is not among the 2 training classes"));
  EXPECT_THAT(folder.error().hint, HasSubstr("\"Fish_Cro\""));
}

}  // namespace
}  // namespace hpo
