// Drawn birds. Their looks are for people; here are their properties.

#include "trainers/images/synthetic.h"

#include <gmock/gmock.h>

#include <cmath>
#include <set>

#include "tests/trainers/images/photo_files.h"
#include "trainers/images/canvas.h"
#include "trainers/images/image_cache.h"
#include "trainers/images/prepare.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

double area(const Path& path) {
  const Mask mask(path, 100, 100);
  double sum = 0.0;
  for (int y = 0; y < 100; ++y) {
    for (int x = 0; x < 100; ++x) sum += static_cast<double>(mask.at(x, y));
  }
  return sum;
}

TEST(Mask, CoversTheAreaOfAPath) {
  EXPECT_NEAR(area({{10.25, 10}, {20.75, 10}, {20.75, 20}, {10.25, 20}}), 105.0, 1e-3);
  EXPECT_NEAR(area({{10, 10}, {60, 10}, {10, 50}}), 1000.0, 1.0);
  // A polygon of 32 corners is 0.64 % smaller than its circle.
  EXPECT_NEAR(area(ellipse({50, 50}, 30, 20)), 3.14159 * 600 * 0.9936, 5.0);
  EXPECT_NEAR(area({{-50, -50}, {50, -50}, {50, 50}, {-50, 50}}), 2500.0, 1e-3);
  EXPECT_EQ(area({{200, 200}, {300, 200}, {250, 300}}), 0.0);
  EXPECT_EQ(area({}), 0.0);
}

TEST(Canvas, BlurKeepsAPlainColour) {
  Canvas canvas(20, 10);
  for (Color& pixel : canvas.pixels) pixel = {0.5F, 0.25F, 1.0F};
  blur(canvas, 4);
  EXPECT_EQ(canvas.image(), plain(20, 10, 128, 64, 255));
}

TEST(Affine, InverseUndoes) {
  const Affine pose{.a = 2, .b = 0.5, .c = -1, .d = 3, .e = 7, .f = -4};
  const Point back = pose.inverse()(pose({1.5, -2.5}));
  EXPECT_NEAR(back.x, 1.5, 1e-12);
  EXPECT_NEAR(back.y, -2.5, 1e-12);
}

TEST(Species, HaveNamesOfTheirOwnAndPairsShareColours) {
  std::set<std::string> names;
  for (int i = 0; i < kMaxSpecies; i += 2) {
    const Species first = species(i);
    const Species second = species(i + 1);
    names.insert({first.name.substr(4), second.name.substr(4)});
    EXPECT_EQ(first.back.r, second.back.r);
    const int differences =
        (first.bill_length != second.bill_length) + (first.tail_length != second.tail_length) +
        (first.wing_bars != second.wing_bars) + (first.cap != second.cap) +
        (first.streaks != second.streaks) + (first.eye_stripe != second.eye_stripe);
    EXPECT_EQ(differences, 1) << first.name << " and " << second.name;
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(kMaxSpecies));
}

TEST(Synthetic, ASeedDrawsOnePhoto) {
  const Image photo = draw_bird(species(1), 5);
  EXPECT_EQ(photo, draw_bird(species(1), 5));
  EXPECT_NE(photo, draw_bird(species(1), 6));
  EXPECT_NE(photo.rgb, draw_bird(species(0), 5).rgb);
  EXPECT_GE(std::min(photo.width, photo.height), 160);
  EXPECT_LE(std::max(photo.width, photo.height), 256);
}

TEST(Synthetic, EqualOptionsGiveEqualBytes) {
  TempFolder folder;
  for (const auto* out : {"a", "b"}) {
    const auto summary = prepare_synthetic(
        {.out = folder / out, .species = 3, .images = 5, .validation = 0.25, .seed = 9});
    ASSERT_TRUE(summary) << summary.error().message;
    EXPECT_EQ(summary->source, "synthetic");
    ASSERT_EQ(summary->classes.size(), 3U);
    EXPECT_EQ(summary->classes[2].train, 3);
    EXPECT_EQ(summary->classes[2].validation, 1);
    EXPECT_EQ(summary->classes[2].test, 1);
  }
  int photos = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder / "a")) {
    if (!entry.is_regular_file()) continue;
    ++photos;
    const auto twin = folder / "b" / entry.path().lexically_relative(folder / "a");
    EXPECT_EQ(file_content(entry.path()), file_content(twin)) << twin;
  }
  EXPECT_EQ(photos, 15);
}

TEST(Synthetic, PhotosAreReadAsAnyOthers) {
  TempFolder folder;
  ASSERT_TRUE(prepare_synthetic({.out = folder / "out", .species = 2, .images = 4}));
  const auto train = list_image_folder(folder / "out/train");
  ASSERT_TRUE(train) << train.error().message;
  const auto images = load_images(*train, 32, "");
  ASSERT_TRUE(images) << images.error().message;
  EXPECT_TRUE(images->skipped.empty());
  EXPECT_EQ(images->classes[1], "002.Wing-barred_Amber_Finch");
}

TEST(Synthetic, ChecksItsOptions) {
  TempFolder folder;
  const auto message = [](const SyntheticOptions& options) {
    return prepare_synthetic(options).error().message;
  };
  EXPECT_EQ(message({.out = folder / "o", .species = 1}), "--species: must be 2 to 40, got 1");
  EXPECT_EQ(message({.out = folder / "o", .images = 0}), "--images: must be 1 to 10000, got 0");
  EXPECT_THAT(message({.out = folder / "o", .images = 2}), HasSubstr("too few"));
  EXPECT_THAT(message({.out = folder / "o", .test = 2.0}), HasSubstr("--test"));
  write_file(folder / "taken/file", "text");
  EXPECT_THAT(message({.out = folder / "taken"}), HasSubstr("is not empty"));
}

}  // namespace
}  // namespace hpo
