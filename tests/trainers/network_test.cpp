#include "trainers/network.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

#include "tests/support/paths.h"
#include "trainers/fused_network.h"
#include "trainers/views.h"

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

void expect_near(const at::Tensor& x, const json& reference) {
  EXPECT_EQ(x.sizes().vec(), reference["shape"].get<std::vector<std::int64_t>>());
  const at::Tensor flat = x.contiguous().to(at::kDouble).flatten();
  for (std::size_t i = 0; i < reference["first"].size(); ++i) {
    EXPECT_NEAR(flat[static_cast<std::int64_t>(i)].item<double>(),
                reference["first"][i].get<double>(), kTolerance);
  }
  EXPECT_NEAR(flat.mean().item<double>(), reference["mean"].get<double>(), kTolerance);
  EXPECT_NEAR(flat.square().mean().item<double>(), reference["mean_square"].get<double>(),
              kTolerance);
}

TEST(Network, EqualsTorchvisionsAfterEveryStage) {
  const at::NoGradGuard fixed;
  std::ifstream in(source_dir() + "/tests/golden/mobilenet_v2.json");
  for (const auto& reference : json::parse(in)) {
    BirdNetwork network = make_network({.alpha = reference["alpha"].get<double>()}, 2, 1);
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
}

TEST(Network, IsSplitWithoutAChangeAtEveryBlock) {
  const at::NoGradGuard fixed;
  const BirdNetwork network = make_network({.alpha = 0.1, .hidden = {8}}, 3, 7);
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

TEST(Views, AreThePhotoItsMirrorAndCropsOfBoth) {
  const at::Tensor photo = at::rand({1, 3, 20, 20});
  const auto zoom = views_of("zoom");
  ASSERT_EQ(zoom.size(), 12U);
  EXPECT_TRUE(show(photo, zoom[0]).equal(photo));
  EXPECT_TRUE(show(photo, zoom[1]).equal(photo.flip({3})));
  const at::Tensor corner = show(photo, zoom[2]);
  EXPECT_EQ(corner.sizes(), photo.sizes());
  EXPECT_NEAR(corner[0][0][0][0].item<double>(), photo[0][0][0][0].item<double>(), 1e-6);
  const at::Tensor last = show(photo, zoom[8]);  // the corner at the lower right
  EXPECT_NEAR(last[0][0][19][19].item<double>(), photo[0][0][19][19].item<double>(), 1e-6);
  EXPECT_TRUE(show(photo, zoom[11]).equal(show(photo, zoom[10]).flip({3})));
}

TEST(Views, BeginWithThePhotoAndHaveNamesOfTheirOwn) {
  const at::Tensor photo = at::rand({1, 3, 32, 32});
  for (const char* augment : {"none", "flip", "zoom", "crop"}) {
    std::set<std::string> names;
    for (const auto& view : views_of(augment)) names.insert(name_of(view));
    EXPECT_EQ(names.size(), views_of(augment).size()) << augment;
    EXPECT_TRUE(show(photo, views_of(augment)[0]).equal(photo));
  }
}

TEST(Network, FusedForAnswersGivesTheSameLogits) {
  const at::NoGradGuard fixed;
  BirdNetwork network = make_network({.alpha = 0.5, .hidden = {16}}, 4, 3);
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
