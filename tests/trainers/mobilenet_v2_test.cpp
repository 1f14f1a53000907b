#include "trainers/mobilenet_v2.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/paths.h"

namespace hpo {
namespace {

using nlohmann::json;

json golden() {
  std::ifstream in(source_dir() + "/tests/golden/mobilenet_v2.json");
  return json::parse(in);
}

TEST(MobileNetV2, HasTorchvisionsTensors) {
  for (const auto& reference : golden()) {
    const Shapes shapes = block_shapes(mobilenet_v2(reference["alpha"].get<double>()));
    EXPECT_EQ(shapes, reference["shapes"].get<Shapes>()) << reference["alpha"];
  }
}

TEST(MobileNetV2, FitsTheWeightsFile) {
  const char* birds = std::getenv("HPO_BIRDS");
  if (birds == nullptr) GTEST_SKIP() << "HPO_BIRDS is not set";
  const std::string file =
      std::string(birds) + "/weights/mobilenet_v2_imagenet_features.safetensors";
  const auto weights = read_safetensors(file);
  ASSERT_TRUE(weights) << weights.error().message;
  const auto fits = check_tensors(*weights, block_shapes(mobilenet_v2(1)), file, is_spare_tensor);
  EXPECT_TRUE(fits) << fits.error().message;
}

TEST(MobileNetV2, NamesTheHeadAsASequential) {
  const auto plain = head_layers({.alpha = 1}, 6);
  ASSERT_EQ(plain.size(), 1U);
  EXPECT_EQ(plain[0].name, "classifier.1");  // torchvision's own
  const auto deep = head_layers({.alpha = 1, .hidden = {256, 64}}, 6);
  const Shapes expected = {{"classifier.0.weight", {256, 1280}}, {"classifier.0.bias", {256}},
                           {"classifier.2.weight", {64, 256}},   {"classifier.2.bias", {64}},
                           {"classifier.5.weight", {6, 64}},     {"classifier.5.bias", {6}}};
  EXPECT_EQ(head_shapes(deep), expected);
}

}  // namespace
}  // namespace hpo
