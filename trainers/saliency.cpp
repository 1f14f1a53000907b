// Letters of the Grad-CAM paper: A are the last block's feature maps (N × K × u × v), y the logits
// of the chosen classes, alpha their channels' weights (N × K × 1 × 1).

#include "trainers/saliency.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <tuple>

namespace hpo {
namespace {

at::Tensor scaled(const at::Tensor& maps) {
  constexpr double kNothing = 1e-20;
  return maps / maps.amax({1, 2}, true).clamp_min(kNothing);
}

/// The mean over the neighbourhood, for single pixels are too small to be seen; its greatest
/// hundredth is all 1, for a few outliers would leave the rest dark.
at::Tensor smoothed(const at::Tensor& maps) {
  constexpr double kBright = 0.99;
  const std::int64_t reach = std::max<std::int64_t>(1, maps.size(2) / 64);
  const at::Tensor mean =
      at::avg_pool2d(maps.unsqueeze(1), 2 * reach + 1, 1, reach, false, false).squeeze(1);
  const auto rank = static_cast<std::int64_t>(kBright * static_cast<double>(mean[0].numel()));
  const at::Tensor bright = std::get<0>(mean.flatten(1).kthvalue(rank, 1));
  return scaled(mean.minimum(bright.view({-1, 1, 1})));
}

}  // namespace

SaliencyMaps explain_logits(const BirdNetwork& network, const at::Tensor& photos,
                            const std::vector<std::int64_t>& classes) {
  const at::AutoGradMode recorded(true);
  const at::Tensor x = photos.detach().clone().set_requires_grad(true);
  const at::Tensor A = run_blocks(network, 0, network.blocks.size(), normalised(x), {});
  const at::Tensor logits = run_head(network, pool(A), {});
  const at::Tensor chosen = at::tensor(classes, at::kLong).to(logits.device()).unsqueeze(1);
  // Photos do not mix while predicting, so the sum's gradients are those of each photo's own logit.
  const at::Tensor y = logits.gather(1, chosen).sum();
  const auto gradients = torch::autograd::grad({y}, {A, x});
  const at::Tensor alpha = gradients[0].mean({2, 3}, true);
  const at::Tensor cam = at::relu((alpha * A.detach()).sum(1, true));
  const at::Tensor smooth =
      at::upsample_bicubic2d(cam, {photos.size(2), photos.size(3)}, false).clamp_min(0);
  return {.grad_cam = scaled(smooth.squeeze(1)), .gradient = smoothed(gradients[1].abs().amax(1))};
}

}  // namespace hpo
