#include "trainers/images/augment.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

#include "tests/trainers/images/photo_files.h"
#include "trainers/images/resize.h"

namespace hpo {
namespace {

constexpr int kSize = 20;

/// A square photo with a colour of its own at each place, smooth enough to be interpolated.
Image square() {
  Image image{.width = kSize, .height = kSize};
  for (int y = 0; y < kSize; ++y) {
    for (int x = 0; x < kSize; ++x) {
      for (const int value : {10 * x, 10 * y, 5 * x + 5 * y}) {
        image.rgb.push_back(static_cast<std::uint8_t>(value));
      }
    }
  }
  return image;
}

Bytes shown(const Image& photo, const View& view) {
  Bytes out(photo.rgb.size());
  show(photo.rgb, photo.width, view, out);
  return out;
}

int at(const Bytes& rgb, int x, int y, int channel) {
  return rgb[static_cast<std::size_t>(3 * (y * kSize + x) + channel)];
}

TEST(Show, LeavesThePhotoAsItIs) { EXPECT_EQ(shown(square(), {}), square().rgb); }

TEST(Show, MirrorsAndUpends) {
  const Bytes mirrored = shown(square(), {.mirrored = true});
  const Bytes upended = shown(square(), {.upended = true});
  const Bytes original = square().rgb;
  for (int i = 0; i < kSize; ++i) {
    for (int c = 0; c < 3; ++c) {
      EXPECT_EQ(at(mirrored, i, 3, c), at(original, kSize - 1 - i, 3, c));
      EXPECT_EQ(at(upended, 3, i, c), at(original, 3, kSize - 1 - i, c));
    }
  }
}

TEST(Show, TurnsCounterClockwise) {
  const Bytes turned = shown(square(), {.turn = 0.25});
  const Bytes original = square().rgb;
  // The upper right corner comes to the upper left.
  for (int c = 0; c < 3; ++c) {
    EXPECT_NEAR(at(turned, 0, 0, c), at(original, kSize - 1, 0, c), 1);
    EXPECT_NEAR(at(turned, 0, kSize - 1, c), at(original, 0, 0, c), 1);
  }
  EXPECT_EQ(shown(square(), {.turn = 0.5}), shown(square(), {.mirrored = true, .upended = true}));
}

TEST(Show, CropsAtItsPlace) {
  const Bytes right = shown(square(), {.side = 0.5, .top = 1, .left = 1});
  EXPECT_NEAR(at(right, kSize - 1, kSize - 1, 0), at(square().rgb, kSize - 1, kSize - 1, 0), 3);
  EXPECT_NEAR(at(right, 0, 0, 0), 10 * kSize / 2, 6);  // half a pixel at the border
  const Bytes left = shown(square(), {.side = 0.5});
  EXPECT_LE(at(left, 0, 0, 1), 1);
}

TEST(Show, MirrorsWhatLiesOutside) {
  const Image white = plain(kSize, kSize, 255, 255, 255);
  EXPECT_EQ(shown(white, {.turn = 0.1, .side = 0.9}), white.rgb);
}

TEST(Show, ChangesColours) {
  const Image photo = plain(kSize, kSize, 100, 50, 0);
  EXPECT_EQ(shown(photo, {.brightness = 2}), plain(kSize, kSize, 200, 100, 0).rgb);
  EXPECT_EQ(shown(photo, {.brightness = 4}), plain(kSize, kSize, 255, 200, 0).rgb);
  // luma 0.299 · 100 + 0.587 · 50 = 59.25
  EXPECT_EQ(shown(photo, {.saturation = 0}), plain(kSize, kSize, 59, 59, 59).rgb);
  EXPECT_EQ(shown(photo, {.contrast = 0}), plain(kSize, kSize, 59, 59, 59).rgb);
}

TEST(Views, AreDrawnWithinTheirBounds) {
  const Augmentation a{.mirror = true, .upend = false, .rotation = 0.1, .crop = 0.3, .colour = 0.2};
  std::set<bool> mirrored;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const View view = draw_view(a, seed);
    mirrored.insert(view.mirrored);
    EXPECT_FALSE(view.upended);
    EXPECT_LE(std::abs(view.turn), 0.1);
    EXPECT_GE(view.side, 0.7);
    EXPECT_LE(view.side, 1);
    EXPECT_LE(std::abs(view.saturation - 1), 0.2);
    EXPECT_EQ(view, draw_view(a, seed));
  }
  EXPECT_EQ(mirrored.size(), 2U);
  EXPECT_EQ(draw_view({}, 7), View{});
}

TEST(Views, AreFixedForEachPhotoAndBeginWithIt) {
  const Augmentation a{.mirror = true, .crop = 0.3};
  EXPECT_EQ(fixed_view(a, "a/1.jpg", 0), View{});
  EXPECT_EQ(fixed_view(a, "a/1.jpg", 1), fixed_view(a, "a/1.jpg", 1));
  EXPECT_NE(fixed_view(a, "a/1.jpg", 1), fixed_view(a, "a/2.jpg", 1));
  EXPECT_NE(fixed_view(a, "a/1.jpg", 1), fixed_view(a, "a/1.jpg", 2));
}

TEST(Views, AreNoMoreThanThereAre) {
  const Augmentation both{.mirror = true, .upend = true};
  EXPECT_EQ(fixed_views({}, 4), 1U);
  EXPECT_EQ(fixed_views({}, 0), 1U);
  EXPECT_EQ(fixed_views({.mirror = true}, 4), 2U);
  EXPECT_EQ(fixed_views({.mirror = true}, 0), 0U);
  EXPECT_EQ(fixed_views(both, 4), 4U);
  EXPECT_EQ(fixed_views({.mirror = true, .colour = 0.1}, 4), 4U);
  std::set<std::pair<bool, bool>> ways;
  for (std::size_t i = 0; i < 4; ++i) {
    const View view = fixed_view(both, "x", i);
    ways.insert({view.mirrored, view.upended});
  }
  EXPECT_EQ(ways.size(), 4U);
}

TEST(Views, HaveNamesOfTheirOwn) {
  const Augmentation kinds[] = {
      {}, {.mirror = true}, {.upend = true}, {.rotation = 0.1}, {.crop = 0.1}, {.colour = 0.1}};
  std::set<std::string> names;
  for (const auto& kind : kinds) names.insert(name_of(kind));
  EXPECT_EQ(names.size(), std::size(kinds));
}

}  // namespace
}  // namespace hpo
