#include "trainers/batch/inputs.h"

#include <gmock/gmock.h>

#include "tests/trainers/images/photo_files.h"
#include "trainers/batch/list.h"

namespace hpo::batch {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class Inputs : public testing::Test {
 protected:
  void make(const std::string& name, const std::string& text = "x") const {
    write_file(folder_ / name, text);
  }
  [[nodiscard]] Result<std::vector<Input>> find(const std::vector<std::string>& words,
                                                const std::string& on_stdin = {}) const {
    std::vector<std::string> all;
    for (const auto& word : words) all.push_back(word == "-" ? word : (folder_ / word).string());
    return find_inputs(all, [&] { return on_stdin; });
  }
  [[nodiscard]] static std::vector<std::string> names(const Result<std::vector<Input>>& inputs) {
    std::vector<std::string> names;
    EXPECT_TRUE(inputs) << inputs.error().message;
    if (!inputs) return names;
    for (const auto& input : *inputs) names.push_back(input.name);
    return names;
  }
  [[nodiscard]] static std::string problem(const Result<std::vector<Input>>& inputs) {
    return inputs ? "" : inputs.error().message;
  }
  TempFolder folder_;
};

TEST_F(Inputs, OfAFolderAreItsPhotosAtAnyDepth) {
  for (const char* name :
       {"p/b/2.JPG", "p/a.png", "p/b/1.jpeg", "p/notes.txt", "p/.trash/x.jpg", "p/b/._1.jpeg"}) {
    make(name);
  }
  fs::create_symlink("nowhere", folder_ / "p/dangling.jpg");
  const auto found = find({"p"});
  EXPECT_THAT(names(found), ElementsAre("a.png", "b/1.jpeg", "b/2.JPG", "dangling.jpg"));
  EXPECT_EQ((*found)[1].file, folder_ / "p/b/1.jpeg");
}

TEST_F(Inputs, OfAPatternAreNamedFromItsFirstWildcard) {
  for (const char* name : {"p/a/1.jpg", "p/a/2.png", "p/b/1.jpg", "p/b/c/3.jpg"}) make(name);
  EXPECT_THAT(names(find({"p/*/1.jpg"})), ElementsAre("a/1.jpg", "b/1.jpg"));
  EXPECT_THAT(names(find({"p/[b]"})), ElementsAre("b/1.jpg", "b/c/3.jpg"));
  EXPECT_THAT(problem(find({"p/*.gif"})), HasSubstr("matches no file"));
}

TEST_F(Inputs, APhotoIsNamedAsItsFileWhateverItIsCalled) {
  make("p/1[a].jpg");
  make("p/picture");
  EXPECT_THAT(names(find({"p/1[a].jpg", "p/picture"})), ElementsAre("1[a].jpg", "picture"));
}

TEST_F(Inputs, OfAListAreNamedAsListedAndNeverAboveTheOutput) {
  make("lists/photos.txt", "b.jpg\r\n\n../p/./a.jpg\n/abs/c.jpg\nb.jpg\n");
  const auto found = find({"lists/photos.txt"});
  EXPECT_THAT(names(found), ElementsAre("b.jpg", "p/a.jpg", "abs/c.jpg"));
  EXPECT_EQ((*found)[0].file, folder_ / "lists/b.jpg");
  EXPECT_EQ((*found)[1].file, folder_ / "lists" / "../p/./a.jpg");
  EXPECT_EQ((*found)[2].file, "/abs/c.jpg");
}

TEST_F(Inputs, OfStdinMayEndWithZeros) {
  const auto found = find({"-"}, std::string("a\nb.jpg\0c d.png\0", 15));
  EXPECT_THAT(names(found), ElementsAre("a\nb.jpg", "c d.png"));
  EXPECT_EQ((*found)[1].file, "c d.png");
}

TEST_F(Inputs, OfSageMakersManifests) {
  const auto manifest =
      read_list(R"([{"prefix": "photos/"}, "a.jpg", "b/c.jpg"])", "/base", "birds.manifest");
  EXPECT_THAT(names(manifest), ElementsAre("a.jpg", "b/c.jpg"));
  EXPECT_EQ((*manifest)[1].file, "/base/photos/b/c.jpg");
  const auto augmented = read_list(
      "{\"source-ref\": \"a.jpg\", \"class\": 3}\n{\"source-ref\": \"b.jpg\"}\n", "/base", "list");
  EXPECT_THAT(names(augmented), ElementsAre("a.jpg", "b.jpg"));
}

TEST_F(Inputs, DamagedListsAreRefusedWithTheirPlace) {
  EXPECT_EQ(problem(read_list("[{\"prefix\": \"s3://birds/\"}, \"a.jpg\"]", "", "list")),
            "list: a.jpg lies in S3");
  EXPECT_EQ(problem(read_list("[\"a.jpg\"", "", "list")), "list: is no JSON list");
  EXPECT_THAT(problem(read_list("[\"a.jpg\", 3]", "", "list")), HasSubstr("entries are paths"));
  EXPECT_EQ(problem(read_list("{\"source-ref\": \"a.jpg\"}\n\n{}\n", "", "list")),
            "list: line 3: expected {\"source-ref\": PATH}");
  EXPECT_THAT(problem(read_list("..\n", "", "list")), HasSubstr("\"..\" is no path"));
}

TEST_F(Inputs, ThatWouldOverwriteEachOtherAreRefused) {
  make("p/1.jpg");
  make("q/1.jpg");
  EXPECT_THAT(problem(find({"p", "q"})), HasSubstr("would both be written as 1.jpg"));
  EXPECT_THAT(names(find({"p", "p"})), ElementsAre("1.jpg"));
}

TEST_F(Inputs, ThatAreNoneAreAnError) {
  fs::create_directory(folder_ / "empty");
  EXPECT_THAT(problem(find({"empty"})), HasSubstr("no .jpg, .jpeg or .png file"));
  const auto missing = find({"none.jpg"});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  EXPECT_THAT(problem(find({"-"}, "\n")), HasSubstr("no .jpg"));
}

}  // namespace
}  // namespace hpo::batch
