#include "trainers/photo_model.h"

#include <gmock/gmock.h>

#include <cmath>
#include <stdexcept>

namespace hpo {
namespace {

/// One photo of each width; a row tells it again.
std::vector<Image> photos(const std::vector<int>& widths) {
  std::vector<Image> made;
  for (const int width : widths) made.push_back({.width = width, .height = 1});
  return made;
}

std::vector<Row> widths_of(std::span<const Image> photos) {
  std::vector<Row> rows;
  for (const Image& photo : photos) rows.push_back({static_cast<double>(photo.width)});
  return rows;
}

TEST(PredictEach, AsksForHalvesUntilOnlyTheGuiltyPhotoFails) {
  std::vector<std::size_t> asked;
  const PhotoModel model = [&](std::span<const Image> some) -> Result<std::vector<Row>> {
    asked.push_back(some.size());
    for (const Image& photo : some) {
      if (photo.width == 3) return Error{.message = "three is too wide"};
    }
    return widths_of(some);
  };
  const auto rows = predict_each(model, photos({1, 2, 3, 4}));
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(*rows[0], Row{1});
  EXPECT_EQ(rows[2].error().message, "three is too wide");
  EXPECT_EQ(*rows[3], Row{4});
  EXPECT_THAT(asked, testing::ElementsAre(4, 2, 2, 1, 1));
}

TEST(PredictEach, ExceptionsAndNumbersThatAreNoneAreFailures) {
  const PhotoModel throws = [](std::span<const Image>) -> Result<std::vector<Row>> {
    throw std::runtime_error("out of memory");
  };
  EXPECT_EQ(predict_each(throws, photos({1}))[0].error().message, "out of memory");
  const PhotoModel nan = [](std::span<const Image>) -> Result<std::vector<Row>> {
    return std::vector<Row>{{std::nan("")}};
  };
  EXPECT_EQ(predict_each(nan, photos({1}))[0].error().code, ErrorCode::numerical);
}

TEST(PredictEach, OfNothingAsksNothing) {
  const PhotoModel never = [](std::span<const Image>) -> Result<std::vector<Row>> {
    ADD_FAILURE() << "it was asked";
    return std::vector<Row>();
  };
  EXPECT_TRUE(predict_each(never, {}).empty());
}

}  // namespace
}  // namespace hpo
