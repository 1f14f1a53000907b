#include "trainers/batch/pipeline.h"

#include <gmock/gmock.h>

#include <atomic>
#include <mutex>

#include "tests/trainers/images/photo_files.h"

namespace hpo::batch {
namespace {

using testing::Each;
using testing::Le;

/// The mean of a photo, and of all but it.
Result<std::vector<Row>> brightness(std::span<const Image> photos) {
  std::vector<Row> rows;
  for (const Image& photo : photos) {
    double sum = 0;
    for (const auto value : photo.rgb) sum += value;
    const double mean = sum / (255.0 * static_cast<double>(photo.rgb.size()));
    rows.push_back({mean, 1 - mean});
  }
  return rows;
}

class PredictPhotos : public testing::Test {
 protected:
  /// Photos, every third of which is none.
  std::vector<Input> make(int count) const {
    std::vector<Input> inputs;
    for (int i = 0; i < count; ++i) {
      const std::string name = std::to_string(i) + ".jpg";
      if (i % 3 == 2) write_file(folder_ / name, "<html>");
      if (i % 3 != 2) write_file(folder_ / name, jpeg_bytes(i % 7));
      inputs.push_back({.file = folder_ / name, .name = name});
    }
    return inputs;
  }
  TempFolder folder_;
};

TEST_F(PredictPhotos, HandsResultsOnInOrderAndListsBadPhotos) {
  const auto inputs = make(50);
  std::vector<std::string> names;
  int bad = 0;
  const auto done = predict_photos(
      inputs, brightness, {.threads = 3, .models = 3, .max_batch = 4, .image_size = 8},
      [&](const Predicted& photo) -> Result<void> {
        names.push_back(photo.input.name);
        if (photo.row != nullptr) return {};
        EXPECT_EQ(photo.problem, "is a text file (HTML or XML), expected a JPEG");
        ++bad;
        return {};
      });
  ASSERT_TRUE(done);
  ASSERT_EQ(names.size(), 50U);
  for (std::size_t i = 0; i < names.size(); ++i) EXPECT_EQ(names[i], inputs[i].name);
  EXPECT_EQ(bad, 16);
}

TEST_F(PredictPhotos, KeepsToTheBatchAndTheModelsAtATime) {
  const auto inputs = make(60);
  std::mutex mutex;
  std::vector<std::size_t> sizes;
  std::atomic<int> at_a_time = 0;
  std::vector<int> busy;
  const auto model = [&](std::span<const Image> photos) {
    const int now = ++at_a_time;
    {
      const std::scoped_lock lock(mutex);
      sizes.push_back(photos.size());
      busy.push_back(now);
    }
    auto rows = brightness(photos);
    --at_a_time;
    return rows;
  };
  const auto done =
      predict_photos(inputs, model, {.threads = 4, .models = 1, .max_batch = 8, .image_size = 8},
                     [](const Predicted&) { return Result<void>(); });
  ASSERT_TRUE(done);
  EXPECT_THAT(sizes, testing::ElementsAre(8, 8, 8, 8, 8));  // full ones: decoders run ahead
  EXPECT_THAT(busy, Each(Le(1)));
}

TEST_F(PredictPhotos, ManyMoreThanItsWindowAreDone) {
  auto inputs = make(3);
  while (inputs.size() < 3000) {
    inputs.push_back(inputs[inputs.size() % 3]);
  }
  std::size_t count = 0;
  const auto done = predict_photos(inputs, brightness, {.threads = 2, .models = 2, .image_size = 8},
                                   [&](const Predicted&) -> Result<void> {
                                     ++count;
                                     return {};
                                   });
  ASSERT_TRUE(done);
  EXPECT_EQ(count, 3000U);
}

TEST_F(PredictPhotos, EndsWhereNothingCanBeWritten) {
  const auto inputs = make(40);
  int used = 0;
  const auto done = predict_photos(
      inputs, brightness, {.threads = 2, .models = 2, .max_batch = 2, .image_size = 8},
      [&](const Predicted&) -> Result<void> {
        if (++used < 5) return {};
        return Error{.code = ErrorCode::environment, .message = "the disk is full"};
      });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "the disk is full");
  EXPECT_EQ(used, 5);
}

TEST_F(PredictPhotos, EndsWhereTheModelFails) {
  const auto inputs = make(10);
  const PhotoModel broken = [](std::span<const Image>) -> Result<std::vector<Row>> {
    return Error{.code = ErrorCode::environment, .message = "the device is gone"};
  };
  const auto done = predict_photos(inputs, broken, {.threads = 2, .models = 2, .image_size = 8},
                                   [](const Predicted&) { return Result<void>(); });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "the device is gone");
}

TEST_F(PredictPhotos, OfNothingIsDone) {
  EXPECT_TRUE(predict_photos({}, brightness, {.threads = 2},
                             [](const Predicted&) { return Result<void>(); }));
}

}  // namespace
}  // namespace hpo::batch
