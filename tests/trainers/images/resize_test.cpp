// Golden numbers: tests/golden/resize_pillow.py.

#include "trainers/images/resize.h"

#include <gtest/gtest.h>

#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/paths.h"
#include "tests/trainers/images/photo_files.h"

namespace hpo {
namespace {

/// The generator's picture(width, height).
Image picture(int width, int height) {
  Image image{.width = width, .height = height};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c) {
        const int value = x * 37 + y * 101 + c * 59 + x * y * 7 + x * x * 3;
        image.rgb.push_back(static_cast<std::uint8_t>(value % 256));
      }
    }
  }
  return image;
}

Bytes from_hex(const std::string& text) {
  Bytes bytes(text.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::from_chars(text.data() + 2 * i, text.data() + 2 * i + 2, bytes[i], 16);
  }
  return bytes;
}

TEST(Resize, EqualsPillowBitForBit) {
  std::ifstream in(source_dir() + "/tests/golden/resize_pillow.json");
  const auto golden = nlohmann::json::parse(in);
  ASSERT_FALSE(golden["cases"].empty());
  for (const auto& entry : golden["cases"]) {
    const std::array<int, 2> source = entry["source"];
    const std::array<int, 2> target = entry["target"];
    const Image resized = resize(picture(source[0], source[1]), target[0], target[1]);
    EXPECT_EQ(resized.rgb, from_hex(entry["rgb"]))
        << source[0] << "x" << source[1] << " to " << target[0] << "x" << target[1];
  }
}

TEST(Resize, KeepsAPlainColour) {
  EXPECT_EQ(resize(plain(301, 7, 255, 128, 1), 64, 64), plain(64, 64, 255, 128, 1));
  EXPECT_EQ(resize(plain(2, 3, 0, 254, 255), 50, 50), plain(50, 50, 0, 254, 255));
}

TEST(Resize, ToTheSameSizeChangesNothing) {
  EXPECT_EQ(resize(picture(13, 11), 13, 11), picture(13, 11));
}

TEST(Resize, WritesASquareInPlace) {
  std::vector<std::uint8_t> out(8 * 8 * 3);
  resize_square_into(picture(30, 20), 8, out);
  EXPECT_EQ(out, resize(picture(30, 20), 8, 8).rgb);
}

TEST(ResizeDeathTest, RefusesABufferOfAnotherSize) {
  std::vector<std::uint8_t> out(10);
  EXPECT_DEATH(resize_square_into(picture(3, 3), 8, out), "another size");
}

}  // namespace
}  // namespace hpo
