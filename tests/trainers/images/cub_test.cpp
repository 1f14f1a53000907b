// CUB-200-2011: a small layout of its kind, and the real one where HPO_BIRDS names it.

#include <gmock/gmock.h>

#include <cstdlib>
#include <map>

#include "tests/trainers/images/photo_files.h"
#include "trainers/images/prepare.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// Three species of 12 photos; the even ones are for training.
class Cub {
 public:
  Cub() {
    const std::vector<std::string> names = {"013.Bobolink", "029.American_Crow", "030.Fish_Crow"};
    int id = 100;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string number = std::to_string(13 + i);
      lists_["classes.txt"] += number + " " + names[i] + "\n";
      for (int k = 0; k < 12; ++k, ++id) {
        const std::string path = names[i] + "/" + std::to_string(k) + ".jpg";
        write_file(folder_ / "images" / path, jpeg_bytes(k));
        lists_["images.txt"] += std::to_string(id) + " " + path + "\n";
        lists_["image_class_labels.txt"] += std::to_string(id) + " " + number + "\r\n";
        lists_["train_test_split.txt"] += std::to_string(id) + (k % 2 == 0 ? " 1\n" : " 0\n");
      }
    }
    write_lists();
  }

  void append(const std::string& list, const std::string& text) {
    lists_[list] += text;
    write_lists();
  }
  [[nodiscard]] fs::path operator/(const std::string& name) const { return folder_ / name; }
  [[nodiscard]] Result<PrepareSummary> prepare(PrepareOptions options = {}) const {
    options.source = folder_.path();
    options.out = out_ / "out";
    return prepare_channels(options);
  }
  [[nodiscard]] fs::path out() const { return out_ / "out"; }

 private:
  void write_lists() const {
    for (const auto& [name, text] : lists_) write_file(folder_ / name, text);
  }

  TempFolder folder_;
  TempFolder out_;
  std::map<std::string, std::string> lists_;
};

std::string message(const Result<PrepareSummary>& summary) {
  return summary ? "" : summary.error().message;
}

TEST(Cub, KeepsItsTestSplit) {
  const Cub cub;
  const auto summary = cub.prepare();
  ASSERT_TRUE(summary) << message(summary);
  EXPECT_EQ(summary->source, "CUB-200-2011");
  ASSERT_EQ(summary->classes.size(), 3U);
  for (const auto& count : summary->classes) {
    EXPECT_EQ(count.test, 6);
    EXPECT_EQ(count.validation, 1);  // 0.2 of the six for training
    EXPECT_EQ(count.train, 5);
  }
  EXPECT_TRUE(fs::exists(cub.out() / "test/013.Bobolink/3.jpg"));
}

TEST(Cub, ChoosesSpeciesByAnyOfTheirNames) {
  for (const auto& [word, expected] :
       std::map<std::string, std::string>{{"013.Bobolink", "013.Bobolink"},
                                          {"bobolink", "013.Bobolink"},
                                          {"american crow", "029.American_Crow"},
                                          {"AMERICAN-CROW", "029.American_Crow"}}) {
    const Cub cub;
    const auto summary = cub.prepare({.classes = {word, "Fish_Crow"}});
    ASSERT_TRUE(summary) << word << ": " << message(summary);
    EXPECT_EQ(summary->classes[0].name, expected);
    EXPECT_EQ(summary->classes[1].name, "030.Fish_Crow");
  }
}

TEST(Cub, ExcludesSpecies) {
  const Cub cub;
  const auto summary = cub.prepare({.exclude = {"fish_crow"}});
  ASSERT_TRUE(summary) << message(summary);
  EXPECT_EQ(summary->classes.size(), 2U);
}

TEST(Cub, AsksWhetherAnotherSpeciesWasMeant) {
  const Cub cub;
  const auto summary = cub.prepare({.classes = {"Bobolinc", "Fish_Crow"}});
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().message, "unknown class \"Bobolinc\"");
  EXPECT_EQ(summary.error().hint, "did you mean \"Bobolink\"?");
  const auto excluded = cub.prepare({.exclude = {"Ostrich"}});
  ASSERT_FALSE(excluded);
  EXPECT_THAT(excluded.error().hint, HasSubstr("there are 013.Bobolink, 029.American_Crow"));
  EXPECT_THAT(message(cub.prepare({.classes = {"Bobolink"}})), HasSubstr("a classifier needs two"));
}

TEST(Cub, HasNoUseForATestFraction) {
  EXPECT_THAT(message(Cub().prepare({.test = 0.3})), HasSubstr("keeps its own test split"));
}

TEST(Cub, MissingAndBadPhotosAreSkipped) {
  const Cub cub;
  fs::remove(cub / "images/013.Bobolink/0.jpg");
  write_file(cub / "images/013.Bobolink/1.jpg", png_bytes());
  const auto summary = cub.prepare();
  ASSERT_TRUE(summary) << message(summary);
  ASSERT_EQ(summary->skipped.size(), 2U);
  EXPECT_EQ(summary->skipped[0].reason, "is missing");
  EXPECT_EQ(summary->classes[0].train + summary->classes[0].validation, 5);
}

TEST(Cub, DamagedListsAreNamed) {
  const auto damage = [](const std::string& list, const std::string& text) {
    Cub cub;
    cub.append(list, text);
    const auto summary = cub.prepare();
    EXPECT_FALSE(summary);
    return message(summary);
  };
  EXPECT_THAT(damage("images.txt", "x\n"), HasSubstr("images.txt:37: expected \"<id> <value>\""));
  EXPECT_THAT(damage("images.txt", "100 a\n"), HasSubstr("images.txt:37: id 100 is there twice"));
  EXPECT_THAT(damage("images.txt", "900 013.Bobolink/z.jpg\n"),
              HasSubstr("image_class_labels.txt: has no line for image 900"));
  EXPECT_THAT(damage("images.txt", "900 ../../etc/passwd\n"), HasSubstr("leaves its folder"));
  EXPECT_THAT(damage("classes.txt", "99 ../x\n"), HasSubstr("is no folder name"));
}

TEST(Cub, AMissingListIsNamed) {
  const Cub cub;
  fs::remove(cub / "train_test_split.txt");
  EXPECT_THAT(message(cub.prepare()), HasSubstr("train_test_split.txt: cannot be read"));
}

TEST(Cub, RealBirdsArePrepared) {
  const char* birds = std::getenv("HPO_BIRDS");
  if (birds == nullptr) GTEST_SKIP() << "HPO_BIRDS names no photos";
  TempFolder folder;
  const auto summary = prepare_channels(
      {.source = birds, .out = folder / "out", .exclude = {"Cardinal"}, .validation = 1.0 / 3});
  ASSERT_TRUE(summary) << message(summary);
  EXPECT_EQ(summary->source, "CUB-200-2011");
  EXPECT_TRUE(summary->skipped.empty());
  for (const auto& count : summary->classes) {
    EXPECT_NE(count.name, "017.Cardinal");
    EXPECT_GT(count.train, count.validation);
    EXPECT_GT(count.test, 0);
  }
}

}  // namespace
}  // namespace hpo
