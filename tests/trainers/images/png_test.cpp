#include "trainers/images/png.h"

#include <gmock/gmock.h>

#include "tests/trainers/images/png_files.h"
#include "trainers/images/jpeg.h"
#include "trainers/images/picture.h"

namespace hpo {
namespace {

using testing::HasSubstr;

std::string reason(const Bytes& bytes) {
  const auto image = decode_png(bytes, "", kMaxPixels);
  return image ? "" : image.error().message;
}

TEST(Png, ComesBackPixelForPixel) {
  Image image = plain(7, 5, 10, 20, 30);
  image.rgb[4] = 255;
  const auto read = decode_png(png_of(image), "a", kMaxPixels);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, image);
}

TEST(Png, GreyBecomesThreeEqualChannels) {
  const auto read = decode_png(grey_png(3, 2, 77), "a", kMaxPixels);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, plain(3, 2, 77, 77, 77));
}

TEST(Png, TransparentPixelsAreWhite) {
  const auto clear = decode_png(rgba_png(3, 2, 0, 0), "a", kMaxPixels);
  ASSERT_TRUE(clear) << clear.error().message;
  EXPECT_EQ(*clear, plain(3, 2, 255, 255, 255));
  const auto solid = decode_png(rgba_png(3, 2, 9, 255), "a", kMaxPixels);
  EXPECT_EQ(*solid, plain(3, 2, 9, 9, 9));
}

TEST(Png, RefusesBombsBeforeItAllocates) {
  const Bytes bomb = with_size(png_of(plain(4, 4, 1, 2, 3)), 60'000, 60'000);
  EXPECT_EQ(reason(bomb), "has 60000 x 60000 pixels, at most 100 million are read");
}

TEST(Png, RefusesWhatIsCutOffOrDamagedAnywhere) {
  const Bytes whole = png_of(plain(16, 16, 200, 100, 50));
  for (std::size_t size = 0; size < whole.size() - 12; ++size) {  // 12: the end mark alone
    const auto cut = decode_picture(Bytes(whole.begin(), whole.begin() + static_cast<long>(size)),
                                    "photo.png", kMaxPixels);
    ASSERT_FALSE(cut) << size;
    EXPECT_THAT(cut.error().message, HasSubstr("photo.png: is "));
  }
  for (std::size_t at = 8; at < whole.size(); ++at) {
    Bytes damaged = whole;
    damaged[at] ^= 0x5A;
    const auto image = decode_png(damaged, "", 1'000'000);
    if (!image) continue;
    EXPECT_LE(image->width * image->height, 1'000'000);
  }
}

TEST(Picture, IsReadByItsBytesWhateverItIsCalled) {
  EXPECT_TRUE(decode_picture(jpeg_bytes(), "a.png", kMaxPixels));
  EXPECT_TRUE(decode_picture(png_of(plain(2, 2, 0, 0, 0)), "a.jpg", kMaxPixels));
  const auto small = decode_picture(jpeg_bytes(), "a.jpg", 100);
  ASSERT_FALSE(small);
  EXPECT_THAT(small.error().message, HasSubstr("has 24 x 18 pixels"));
}

}  // namespace
}  // namespace hpo
