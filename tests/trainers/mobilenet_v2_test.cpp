#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/paths.h"
#include "trainers/architecture.h"

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

TEST(MobileNetV2, IsKnownByItsTensors) {
  const auto file_of = [](const std::vector<Block>& blocks) {
    Safetensors file;
    for (const auto& [name, shape] : block_shapes(blocks)) file.tensors[name].shape = shape;
    return file;
  };
  for (const double alpha : {0.35, 0.5, 0.75, 1.0, 1.3, 1.4}) {
    EXPECT_EQ(alpha_of(file_of(mobilenet_v2(alpha))), alpha);
  }
  EXPECT_FALSE(alpha_of(file_of(resnet50())));
  EXPECT_FALSE(alpha_of(file_of(mobilenet_v2(0.9))));
}

TEST(ResNet50, HasTorchvisionsTensors) {
  std::ifstream in(source_dir() + "/tests/golden/resnet50.json");
  EXPECT_EQ(block_shapes(resnet50()), json::parse(in)["shapes"].get<Shapes>());
  EXPECT_EQ(resnet50().size(), 17U);
}

TEST(Blocks, AreCalledAsTorchvisionCallsThem) {
  EXPECT_EQ(block_number("features.12"), 12);
  EXPECT_EQ(block_number("layer1.0"), 1);
  EXPECT_EQ(block_number("layer4.2"), 16);
  for (const char* name : {"layer3.6", "layer5.0", "layer4", "layer.1", "features.", "14"}) {
    EXPECT_FALSE(block_number(name)) << name;
  }
  const auto blocks = resnet50();
  for (const char* name : {"layer2.3", "layer3.0", "layer4.0"}) {
    const auto number = static_cast<std::size_t>(*block_number(name));
    EXPECT_TRUE(blocks[number].layers[0].conv.starts_with(name)) << name;
  }
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
