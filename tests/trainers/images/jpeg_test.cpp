// Photos of every kind, and files that only call themselves so.

#include "trainers/images/jpeg.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <algorithm>
#include <random>

#include "tests/trainers/images/photo_files.h"

namespace hpo {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

/// What JPEG's rounding may do to a plain colour.
constexpr int kJpegTolerance = 3;

void expect_plain(const Result<Image>& image, int red, int green, int blue) {
  ASSERT_TRUE(image.has_value()) << image.error().message;
  const auto middle = image->rgb.size() / 3 / 2 * 3;
  EXPECT_NEAR(image->rgb[middle], red, kJpegTolerance);
  EXPECT_NEAR(image->rgb[middle + 1], green, kJpegTolerance);
  EXPECT_NEAR(image->rgb[middle + 2], blue, kJpegTolerance);
}

std::string reason(const Bytes& bytes) {
  const auto image = decode_jpeg(bytes, "");
  return image ? "" : image.error().message;
}

TEST(Jpeg, ComesBackInItsSizeAndColour) {
  TempFolder folder;
  ASSERT_TRUE(write_jpeg(folder / "a.jpg", plain(31, 17, 200, 100, 50)));
  const auto image = read_jpeg(folder / "a.jpg");
  expect_plain(image, 200, 100, 50);
  EXPECT_EQ(image->width, 31);
  EXPECT_EQ(image->height, 17);
}

TEST(Jpeg, GreyBecomesThreeEqualChannels) {
  expect_plain(decode_jpeg(grey_jpeg(90), "grey"), 90, 90, 90);
}

TEST(Jpeg, CmykAndYcckAreReadAsAdobeWritesThem) {
  expect_plain(decode_jpeg(cmyk_jpeg(255, 255, 255, 255, true), "white"), 255, 255, 255);
  expect_plain(decode_jpeg(cmyk_jpeg(0, 255, 255, 230, true), "cyan"), 0, 230, 230);
  // The same bytes without the colour transform: Y, Cb, Cr are the inks.
  expect_plain(decode_jpeg(cmyk_jpeg(255, 255, 255, 255, false), "inks"), 0, 128, 128);
}

TEST(Jpeg, OrientationOfTheCameraIsUndone) {
  Image image = plain(32, 16, 0, 0, 0);
  for (std::size_t i = 0; i < image.rgb.size() / 2; ++i) image.rgb[i] = 255;  // upper half white
  const auto stored = encode_jpeg(image, 95);
  ASSERT_TRUE(stored);
  const auto corner = [&](std::uint8_t orientation, int x, int y) {
    const auto turned = decode_jpeg(with_orientation(*stored, orientation), "photo");
    EXPECT_TRUE(turned.has_value());
    EXPECT_EQ(turned->width, orientation >= 5 && orientation <= 8 ? 16 : 32);
    const int column = x == 0 ? 0 : turned->width - 1;
    const int row = y == 0 ? 0 : turned->height - 1;
    return turned->rgb[rgb_bytes(turned->width, row) + static_cast<std::size_t>(column) * 3] > 128;
  };
  // Corners in the order left top, right top, left bottom, right bottom; white is `true`.
  const bool top[4] = {true, true, false, false}, left[4] = {true, false, true, false};
  const bool bottom[4] = {false, false, true, true}, right[4] = {false, true, false, true};
  const bool* expected[] = {top, top, top, bottom, bottom, left, right, right, left, top};
  for (std::uint8_t orientation = 0; orientation <= 9; ++orientation) {
    for (int i = 0; i < 4; ++i) {
      EXPECT_EQ(corner(orientation, i % 2, i / 2), expected[orientation][i]) << int{orientation};
    }
  }
}

TEST(Jpeg, SaysWhatAFileReallyIs) {
  EXPECT_EQ(reason({}), "is empty (0 bytes)");
  EXPECT_EQ(reason(png_bytes()), "is a PNG, expected a JPEG");
  EXPECT_EQ(reason({'G', 'I', 'F', '8', '9', 'a'}), "is a GIF, expected a JPEG");
  EXPECT_EQ(reason({'R', 'I', 'F', 'F', 0, 0, 0, 0, 'W', 'E', 'B', 'P'}),
            "is a WebP image, expected a JPEG");
  EXPECT_EQ(reason({'<', 'h', 't', 'm', 'l'}), "is a text file (HTML or XML), expected a JPEG");
  EXPECT_EQ(reason(Bytes(100, 0)), "holds only zero bytes, expected a JPEG");
  EXPECT_EQ(reason({1, 2, 3, 4}), "is not a JPEG");
  EXPECT_THAT(reason({0xFF, 0xD8, 0xFF, 0, 1, 2, 3}), HasSubstr("JPEG"));
}

TEST(Jpeg, NamesTheFile) {
  TempFolder folder;
  write_file(folder / "bird.jpg", png_bytes());
  const auto image = read_jpeg(folder / "bird.jpg");
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().code, ErrorCode::corrupt);
  EXPECT_THAT(image.error().message, EndsWith("bird.jpg: is a PNG, expected a JPEG"));
  EXPECT_EQ(read_jpeg(folder / "none.jpg").error().code, ErrorCode::not_found);
  EXPECT_THAT(read_jpeg(folder.path()).error().message, HasSubstr("is not a file"));
}

TEST(Jpeg, APipeIsNotWaitedFor) {
  TempFolder folder;
  ASSERT_EQ(mkfifo((folder / "pipe.jpg").c_str(), 0600), 0);
  const auto image = read_jpeg(folder / "pipe.jpg");
  ASSERT_FALSE(image);
  EXPECT_THAT(image.error().message, HasSubstr("is not a file"));
}

TEST(Jpeg, IsRefusedWhereverItIsCut) {
  Image image = plain(40, 30, 0, 0, 0);
  std::mt19937 engine(1);
  for (auto& byte : image.rgb) byte = static_cast<std::uint8_t>(engine());
  const auto whole = encode_jpeg(image, 80);
  ASSERT_TRUE(decode_jpeg(*whole, "whole"));
  for (std::size_t size = 0; size < whole->size(); ++size) {
    const Bytes cut(whole->begin(), whole->begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(decode_jpeg(cut, "cut")) << size << " of " << whole->size() << " bytes";
  }
  const Bytes half(whole->begin(), whole->begin() + static_cast<std::ptrdiff_t>(whole->size() / 2));
  EXPECT_THAT(reason(half), StartsWith("is a truncated JPEG"));
}

TEST(Jpeg, AnyFlippedByteIsReadOrRefusedButNeverCrashes) {
  Bytes bytes = jpeg_bytes(3);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const std::uint8_t flip : Bytes{0x01, 0x80, 0xFF}) {
      bytes[i] ^= flip;
      const auto image = decode_jpeg(bytes, "flipped");
      EXPECT_TRUE(image || image.error().code == ErrorCode::corrupt) << i;
      bytes[i] ^= flip;
    }
  }
}

TEST(Jpeg, StrayBytesBeforeTheEndAreHarmless) {
  Bytes bytes = jpeg_bytes(3);
  const std::uint8_t stray[] = {0x00, 0x11, 0x22};
  bytes.insert(bytes.end() - 2, std::begin(stray), std::end(stray));
  EXPECT_TRUE(decode_jpeg(bytes, "stray")) << reason(bytes);
}

TEST(Jpeg, AnAbsurdSizeIsRefusedBeforeItIsAllocated) {
  Bytes bytes = jpeg_bytes();
  const Bytes sof = {0xFF, 0xC0, 0x00, 0x11, 0x08};
  const auto at = std::search(bytes.begin(), bytes.end(), sof.begin(), sof.end());
  ASSERT_NE(at, bytes.end());
  std::fill(at + 5, at + 9, std::uint8_t{0xFF});  // 65535 by 65535 (the codec's limit is 65500)
  *(at + 6) = 0;
  *(at + 8) = 0;  // 65280 by 65280
  EXPECT_EQ(reason(bytes), "has 65280 x 65280 pixels, at most 100 million are read");
}

TEST(Jpeg, AFullDiskIsAnErrorOfTheEnvironment) {
  const auto written = write_jpeg("/dev/full", plain(8, 8, 1, 2, 3));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::environment);
  EXPECT_THAT(written.error().message, HasSubstr("/dev/full: cannot write"));
}

}  // namespace
}  // namespace hpo
