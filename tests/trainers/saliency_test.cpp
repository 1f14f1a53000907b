#include "trainers/saliency.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

namespace hpo {
namespace {

/// A network whose layers keep what they are given: a new one's fades to rounding errors.
BirdNetwork lively_network() {
  BirdNetwork network = make_network({.alpha = 0.1}, 3, 7);
  for (auto& [name, tensor] : network.tensors) {
    if (name.ends_with("running_var")) tensor = at::full_like(tensor, 0.25);
  }
  return network;
}

at::Tensor photos_of_noise(std::int64_t count, std::int64_t size) {
  at::manual_seed(5);
  return at::rand({count, 3, size, size});
}

TEST(Saliency, IsGreatestWhereThePixelsMoveTheLogitMost) {
  const BirdNetwork network = lively_network();
  const at::Tensor photo = photos_of_noise(1, 32);
  const SaliencyMaps maps = explain_logits(network, photo, {1});
  const at::NoGradGuard fixed;
  const auto logit = [&](const at::Tensor& x) {
    return predict_logits(network, x)[0][1].item<double>();
  };
  // Brightens one place of 3 × 3 pixels; the map is the mean of gradients over such a place.
  const auto effect = [&](std::int64_t row, std::int64_t column) {
    double greatest = 0;
    for (int channel = 0; channel < 3; ++channel) {
      at::Tensor changed = photo.clone();
      changed[0][channel].slice(0, row, row + 3).slice(1, column, column + 3).add_(0.02);
      greatest = std::max(greatest, std::abs(logit(changed) - logit(photo)));
    }
    return greatest;
  };
  const auto hot = maps.gradient[0].flatten().argmax().item<std::int64_t>();
  const auto cold = maps.gradient[0].slice(0, 1, 31).slice(1, 1, 31).flatten();
  EXPECT_FLOAT_EQ(maps.gradient.max().item<float>(), 1);
  EXPECT_GE(maps.gradient.min().item<float>(), 0);
  const std::int64_t coldest = cold.contiguous().argmin().item<std::int64_t>();
  EXPECT_GT(effect(std::clamp<std::int64_t>(hot / 32 - 1, 0, 29),
                   std::clamp<std::int64_t>(hot % 32 - 1, 0, 29)),
            effect(coldest / 30, coldest % 30));
}

TEST(Saliency, ExplainsEachPhotoByItself) {
  const BirdNetwork network = lively_network();
  const at::Tensor photos = photos_of_noise(2, 64);
  const SaliencyMaps both = explain_logits(network, photos, {0, 2});
  EXPECT_EQ(both.grad_cam.sizes(), (std::vector<std::int64_t>{2, 64, 64}));
  const SaliencyMaps second = explain_logits(network, photos.slice(0, 1, 2), {2});
  EXPECT_TRUE(at::allclose(both.gradient[1], second.gradient[0], 1e-3, 1e-4));
  EXPECT_TRUE(at::allclose(both.grad_cam[1], second.grad_cam[0], 1e-3, 1e-4));
  EXPECT_LE(both.grad_cam.max().item<float>(), 1);
  EXPECT_GE(both.grad_cam.min().item<float>(), 0);
}

}  // namespace
}  // namespace hpo
