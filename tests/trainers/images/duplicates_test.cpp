#include "trainers/images/duplicates.h"

#include <gtest/gtest.h>

#include "tests/trainers/images/photo_files.h"
#include "trainers/images/jpeg.h"
#include "trainers/images/photo_signature.h"
#include "trainers/images/prepare.h"
#include "trainers/images/resize.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;

/// Drawn photos in `train` and `test`, none in both.
class Duplicates : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(prepare_synthetic({.out = folder_ / "data", .species = 2, .images = 8}));
    train_ = *list_image_folder(folder_ / "data/train");
    test_folder_ = folder_ / "data/test";
  }

  [[nodiscard]] fs::path training_photo(std::size_t i) const {
    return train_.root / train_.files[i].path;
  }
  /// Puts a file into the first class of the test folder, before all others.
  void add(const Bytes& bytes) { write_file(test_folder_ / train_.classes[0] / "0.jpg", bytes); }
  [[nodiscard]] std::vector<DuplicatePair> search() const {
    const auto found = find_duplicates(*list_image_folder(test_folder_), train_);
    EXPECT_TRUE(found);
    return found ? *found : std::vector<DuplicatePair>{};
  }

  TempFolder folder_;
  ImageFolder train_ = {};
  fs::path test_folder_ = {};
};

TEST_F(Duplicates, AreNoneInAFreshSplit) { EXPECT_TRUE(search().empty()); }

TEST_F(Duplicates, AreFoundByTheirBytes) {
  add(file_content(training_photo(5)));
  const auto found = search();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].second, 5U);
  EXPECT_EQ(found[0].likeness, Likeness::same_bytes);
}

TEST_F(Duplicates, AreFoundByTheirLookWhereTheyWereResizedAndSavedAgain) {
  const Image photo = *read_jpeg(training_photo(3));
  add(*encode_jpeg(resize(photo, photo.width / 2, photo.height / 3), 50));
  const auto found = search();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].second, 3U);
  EXPECT_EQ(found[0].likeness, Likeness::looks_alike);
  EXPECT_GE(found[0].resemblance, kAlike);
}

TEST_F(Duplicates, PassOverWhatIsNoPhoto) {
  add(png_bytes());
  EXPECT_TRUE(search().empty());
}

TEST(PhotoSignature, IsOfLengthOneOrPlain) {
  const PhotoSignature none = photo_signature(plain(40, 30, 9, 99, 200));
  EXPECT_EQ(resemblance(none, none), 0);
  Image half = plain(32, 32, 0, 0, 0);
  std::fill(half.rgb.begin() + 32 * 16 * 3, half.rgb.end(), std::uint8_t{255});
  const PhotoSignature signature = photo_signature(half);
  EXPECT_NEAR(resemblance(signature, signature), 1, 1e-5);
  for (auto& value : half.rgb) value = static_cast<std::uint8_t>(255 - value);
  EXPECT_NEAR(resemblance(signature, photo_signature(half)), -1, 1e-5);
}

}  // namespace
}  // namespace hpo
