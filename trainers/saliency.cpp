// Letters of the Grad-CAM paper: A are the last block's feature maps (N × K × u × v), y the logits
// of the chosen classes, alpha their channels' weights (N × K × 1 × 1).

#include "trainers/saliency.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>

namespace hpo {
namespace {

at::Tensor scaled(const at::Tensor& maps) {
  constexpr double kNothing = 1e-20;
  return maps / maps.amax({1, 2}, true).clamp_min(kNothing);
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
  return {.grad_cam = scaled(smooth.squeeze(1)), .gradient = scaled(gradients[1].abs().amax(1))};
}

}  // namespace hpo
