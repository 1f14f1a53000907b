#include "trainers/fused_network.h"

#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace hpo {
namespace {

using Sizes = std::array<std::int64_t, 2>;
using Scalars = c10::List<std::optional<at::Scalar>>;

// What PyTorch's own compiler makes of a frozen network; registered, but in no header.
using Convolve = at::Tensor(const at::Tensor& x, const at::Tensor& weight,
                            const std::optional<at::Tensor>& bias, at::IntArrayRef padding,
                            at::IntArrayRef stride, at::IntArrayRef dilation, std::int64_t groups,
                            std::string_view attribute, Scalars scalars,
                            std::optional<std::string_view> algorithm);
using Pack = at::Tensor(const at::Tensor& weight, at::IntArrayRef padding, at::IntArrayRef stride,
                        at::IntArrayRef dilation, std::int64_t groups,
                        at::OptionalIntArrayRef input_size);

constexpr double kNormEpsilon = 1e-5;  // as in network.cpp
constexpr Sizes kDilation = {1, 1};

/// A convolution with its BatchNorm inside.
struct Convolution {
  at::Tensor weight = {};
  at::Tensor bias = {};
  Sizes stride = {1, 1};
  Sizes padding = {0, 0};
  std::int64_t groups = 1;
  Activation activation = Activation::none;
};

struct FusedBlock {
  std::vector<Convolution> layers = {};
  std::optional<Convolution> shortcut = {};
  bool residual = false;
  bool relu = false;
  bool max_pool = false;
};

/// BN(w x) = (w s) x + (b − μ s) with s = γ / √(σ² + ε), per output channel.
Convolution folded(const TensorMap& t, const ConvNorm& layer) {
  const at::Tensor s =
      t.at(layer.norm + ".weight") / (t.at(layer.norm + ".running_var") + kNormEpsilon).sqrt();
  const std::int64_t padding = layer.kernel / 2;
  return {.weight = (t.at(layer.conv + ".weight") * s.view({-1, 1, 1, 1}))
                        .contiguous(at::MemoryFormat::ChannelsLast),
          .bias = t.at(layer.norm + ".bias") - t.at(layer.norm + ".running_mean") * s,
          .stride = {layer.stride, layer.stride},
          .padding = {padding, padding},
          .groups = layer.groups,
          .activation = layer.activation};
}

/// oneDNN's word for it.
std::string_view name_of(Activation activation) {
  switch (activation) {
    case Activation::none:
      return "none";
    case Activation::relu:
      return "relu";
    case Activation::relu6:
      return "hardtanh";
  }
  return "none";
}

std::vector<FusedBlock> folded_blocks(const BirdNetwork& network) {
  std::vector<FusedBlock> blocks;
  for (const Block& block : network.blocks) {
    FusedBlock fused{.residual = block.residual, .relu = block.relu, .max_pool = block.max_pool};
    if (block.shortcut) fused.shortcut = folded(network.tensors, *block.shortcut);
    for (const ConvNorm& layer : block.layers) {
      fused.layers.push_back(folded(network.tensors, layer));
    }
    blocks.push_back(std::move(fused));
  }
  return blocks;
}

class OneDnnNetwork final : public FusedNetwork {
 public:
  OneDnnNetwork(const BirdNetwork& network, c10::TypedOperatorHandle<Convolve> convolve)
      : head_(network), blocks_(folded_blocks(network)), convolve_(std::move(convolve)) {
    head_.blocks.clear();
    relu6_.push_back(at::Scalar(0.0));
    relu6_.push_back(at::Scalar(6.0));
  }

  [[nodiscard]] at::Tensor logits(const at::Tensor& photos) const override {
    at::Tensor x = normalised(photos);
    for (const FusedBlock& block : blocks_) {
      at::Tensor y = x;
      for (const Convolution& layer : block.layers) y = run(layer, y);
      if (block.max_pool) y = at::max_pool2d(y, {3, 3}, {2, 2}, {1, 1});
      if (block.residual) y.add_(block.shortcut ? run(*block.shortcut, x) : x);
      if (block.relu) y.relu_();
      x = y;
    }
    return run_head(head_, pool(x), {});
  }

  void pack(const c10::TypedOperatorHandle<Pack>& reorder, std::int64_t size) {
    Shape shape{.channels = 3, .size = size};
    for (FusedBlock& block : blocks_) {
      if (block.shortcut) pack(reorder, *block.shortcut, shape);
      for (Convolution& layer : block.layers) shape = pack(reorder, layer, shape);
      if (block.max_pool) shape.size = (shape.size - 1) / 2 + 1;
    }
  }

 private:
  struct Shape {
    std::int64_t channels = 0;
    std::int64_t size = 0;  ///< of a side
  };

  /// Puts the weight into the order that oneDNN wants for that input, and tells the output.
  static Shape pack(const c10::TypedOperatorHandle<Pack>& reorder, Convolution& layer, Shape in) {
    const std::int64_t kernel = layer.weight.size(2);
    const Shape out{.channels = layer.weight.size(0),
                    .size = (in.size + 2 * layer.padding[0] - kernel) / layer.stride[0] + 1};
    const std::array<std::int64_t, 4> input = {1, in.channels, in.size, in.size};
    layer.weight = reorder.call(layer.weight, layer.padding, layer.stride, kDilation, layer.groups,
                                at::IntArrayRef(input));
    return out;
  }

  [[nodiscard]] at::Tensor run(const Convolution& layer, const at::Tensor& x) const {
    const bool is_relu6 = layer.activation == Activation::relu6;
    return convolve_.call(x, layer.weight, layer.bias, layer.padding, layer.stride, kDilation,
                          layer.groups, name_of(layer.activation), is_relu6 ? relu6_ : Scalars(),
                          std::string_view());
  }

  BirdNetwork head_;  ///< whose blocks are not used
  std::vector<FusedBlock> blocks_;
  c10::TypedOperatorHandle<Convolve> convolve_;
  Scalars relu6_;
};

}  // namespace

std::unique_ptr<FusedNetwork> fuse(const BirdNetwork& network, std::int64_t image_size) {
  if (!at::globalContext().userEnabledMkldnn() || !at::hasMKLDNN()) return nullptr;
  auto& all = c10::Dispatcher::singleton();
  const auto convolve = all.findSchema({"mkldnn::_convolution_pointwise", ""});
  const auto reorder = all.findSchema({"mkldnn::_reorder_convolution_weight", ""});
  if (!convolve || !reorder) return nullptr;
  try {
    auto fused = std::make_unique<OneDnnNetwork>(network, convolve->typed<Convolve>());
    fused->pack(reorder->typed<Pack>(), image_size);
    return fused;
  } catch (const c10::Error&) {  // another signature in this libtorch, or a CPU it does not serve
    return nullptr;
  }
}

}  // namespace hpo
