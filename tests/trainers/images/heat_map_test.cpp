#include "trainers/images/heat_map.h"

#include <gtest/gtest.h>

#include "tests/trainers/images/photo_files.h"

namespace hpo {
namespace {

TEST(HeatMap, LeavesColdPlacesGreyAndBrightensHotOnes) {
  const Image photo = plain(40, 20, 200, 40, 40);
  const std::vector<float> heat = {0, 1, 0, 1};  // the right half is hot
  const Image shown = with_heat(photo, heat, 2);
  EXPECT_EQ(shown.width, 40);
  EXPECT_EQ(shown.height, 20);
  EXPECT_EQ(shown.rgb[0], shown.rgb[1]);
  EXPECT_EQ(shown.rgb[1], shown.rgb[2]);
  const std::size_t last = shown.rgb.size() - 3;
  EXPECT_GT(shown.rgb[last], 180);                  // bright
  EXPECT_GT(shown.rgb[last], shown.rgb[last + 2]);  // and rather yellow
}

TEST(HeatMap, MayBeASinglePlace) {
  const Image photo = plain(3, 3, 10, 10, 10);
  EXPECT_GT(with_heat(photo, std::vector<float>{1}, 1).rgb[0], 100);
  EXPECT_LT(with_heat(photo, std::vector<float>{0}, 1).rgb[0], 10);
}

TEST(Thumbnail, FitsAndNeverGrows) {
  EXPECT_EQ(thumbnail(plain(400, 100, 1, 2, 3), 100), plain(100, 25, 1, 2, 3));
  EXPECT_EQ(thumbnail(plain(1, 900, 1, 2, 3), 100), plain(1, 100, 1, 2, 3));
  EXPECT_EQ(thumbnail(plain(30, 20, 1, 2, 3), 100), plain(30, 20, 1, 2, 3));
}

}  // namespace
}  // namespace hpo
