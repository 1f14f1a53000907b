#include "trainers/network.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>

#include "tests/support/paths.h"
#include "trainers/fused_network.h"

namespace hpo {
namespace {

using nlohmann::json;

// Other kernels and summation orders than the reference's: float rounding through 53 layers.
constexpr double kTolerance = 2e-4;

/// sin(rate · i + phase) for i = 0, 1, ..., in double.
at::Tensor wave(std::int64_t count, double rate, double phase) {
  return at::sin(at::arange(count, at::kDouble) * rate + phase);
}

/// What tests/golden/mobilenet_v2.py fills a tensor with.
at::Tensor filled(const std::string& name, const at::Tensor& tensor) {
  const auto letters = std::accumulate(name.begin(), name.end(), 0);
  const at::Tensor w = wave(tensor.numel(), 0.7, letters % 97);
  at::Tensor values = 0.1 * w;
  if (name.ends_with("running_var")) {
    values = 1 + 0.2 * w;
  } else if (tensor.dim() == 4) {
    const double fan_in = static_cast<double>(tensor.size(1) * tensor.size(2) * tensor.size(3));
    values = w * std::sqrt(4 / fan_in);
  } else if (name.ends_with(".weight")) {
    values = 1 + 0.1 * w;
  }
  return values.reshape(tensor.sizes()).to(at::kFloat);
}

/// Relative to the values' root mean square: ResNet's grow from block to block.
void expect_near(const at::Tensor& x, const json& reference) {
  const double square = reference["mean_square"].get<double>();
  const double tolerance = kTolerance * std::max(1.0, std::sqrt(square));
  EXPECT_EQ(x.sizes().vec(), reference["shape"].get<std::vector<std::int64_t>>());
  const at::Tensor flat = x.contiguous().to(at::kDouble).flatten();
  for (std::size_t i = 0; i < reference["first"].size(); ++i) {
    EXPECT_NEAR(flat[static_cast<std::int64_t>(i)].item<double>(),
                reference["first"][i].get<double>(), tolerance);
  }
  EXPECT_NEAR(flat.mean().item<double>(), reference["mean"].get<double>(), tolerance);
  EXPECT_NEAR(flat.square().mean().item<double>(), square, kTolerance * std::max(1.0, square));
}

/// The network, with tensors filled by the formula, gives the reference's numbers after each stage.
void expect_stages(BirdNetwork network, const json& reference) {
  for (auto& [name, tensor] : network.tensors) tensor = filled(name, tensor);
  move_to(network, at::kCPU);
  at::Tensor x = wave(2 * 3 * 64 * 64, 0.01, 0).to(at::kFloat).reshape({2, 3, 64, 64});
  for (std::size_t i = 0; i < network.blocks.size(); ++i) {
    x = run_blocks(network, i, i + 1, x, {});
    const std::string name = std::to_string(i);
    if (reference["after"].contains(name)) expect_near(x, reference["after"][name]);
  }
  expect_near(pool(x), reference["pooled"]);
}

TEST(Network, EqualsTorchvisionsAfterEveryStage) {
  const at::NoGradGuard fixed;
  std::ifstream in(source_dir() + "/tests/golden/mobilenet_v2.json");
  for (const auto& reference : json::parse(in)) {
    BirdNetwork network = make_network({.alpha = reference["alpha"].get<double>()}, 2, 1);
    expect_stages(std::move(network), reference);
  }
}

TEST(Network, EqualsTorchvisionsResNet50AfterEveryStage) {
  const at::NoGradGuard fixed;
  std::ifstream in(source_dir() + "/tests/golden/resnet50.json");
  const json reference = json::parse(in);
  BirdNetwork network = make_network({.backbone = Backbone::resnet50}, 2, 1);
  expect_stages(std::move(network), reference);
}

class NetworkOf : public testing::TestWithParam<Backbone> {};
INSTANTIATE_TEST_SUITE_P(Backbones, NetworkOf,
                         testing::Values(Backbone::mobilenet_v2, Backbone::resnet50));

TEST_P(NetworkOf, LayersIsTheSameSplitAtAnyBlock) {
  const at::NoGradGuard fixed;
  const BirdArchitecture architecture{.backbone = GetParam(),
                                      .alpha = GetParam() == Backbone::mobilenet_v2 ? 0.1 : 1,
                                      .hidden = {8}};
  const BirdNetwork network = make_network(architecture, 3, 7);
  const at::Tensor photos = at::rand({2, 3, 32, 32});
  const at::Tensor whole = predict_logits(network, photos);
  EXPECT_EQ(whole.sizes(), (std::vector<std::int64_t>{2, 3}));
  for (std::size_t cut = 0; cut <= network.blocks.size(); ++cut) {
    at::Tensor x = run_blocks(network, 0, cut, normalised(photos), {});
    if (cut == network.blocks.size()) x = pool(x);
    EXPECT_TRUE(at::allclose(run_from(network, cut, x, {}), whole)) << cut;
  }
}

TEST(Network, NormalisesByImageNet) {
  const at::Tensor white = normalised(at::ones({1, 3, 2, 2}));
  EXPECT_NEAR(white[0][0][0][0].item<double>(), (1 - 0.485) / 0.229, 1e-6);
  EXPECT_NEAR(white[0][2][1][1].item<double>(), (1 - 0.406) / 0.225, 1e-6);
}

TEST_P(NetworkOf, LayersGivesTheSameLogitsFused) {
  const at::NoGradGuard fixed;
  const BirdArchitecture architecture{.backbone = GetParam(),
                                      .alpha = GetParam() == Backbone::mobilenet_v2 ? 0.5 : 1,
                                      .hidden = {16}};
  BirdNetwork network = make_network(architecture, 4, 3);
  for (auto& [name, tensor] : network.tensors) tensor = filled(name, tensor);
  move_to(network, at::Device(at::kCPU));
  constexpr std::int64_t kSize = 64;
  const auto fused = fuse(network, kSize);
  if (!fused) GTEST_SKIP() << "this libtorch has no oneDNN";
  for (const std::int64_t photos : {1, 5}) {
    for (const std::int64_t size : {kSize, std::int64_t{96}}) {
      const at::Tensor x = wave(photos * 3 * size * size, 0.01, 0).abs().to(at::kFloat);
      const at::Tensor shaped = x.view({photos, 3, size, size});
      const at::Tensor expected = predict_logits(network, shaped);
      const double scale = expected.abs().max().item<double>();
      const at::Tensor difference = (fused->logits(shaped) - expected).abs().max();
      EXPECT_LE(difference.item<double>(), kTolerance * scale);
    }
  }
}

}  // namespace
}  // namespace hpo
