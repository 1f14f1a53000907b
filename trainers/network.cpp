#include "trainers/network.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <cmath>

namespace hpo {
namespace {

constexpr double kNormEpsilon = 1e-5;
constexpr double kNormMomentum = 0.1;

at::Tensor run_layer(const TensorMap& t, const ConvNorm& layer, const at::Tensor& x,
                     const ForwardOptions& options) {
  const std::int64_t padding = layer.kernel / 2;
  at::Tensor y =
      at::conv2d(x, t.at(layer.conv + ".weight"), {}, layer.stride, padding, 1, layer.groups);
  y = at::batch_norm(y, t.at(layer.norm + ".weight"), t.at(layer.norm + ".bias"),
                     t.at(layer.norm + ".running_mean"), t.at(layer.norm + ".running_var"),
                     options.batch_statistics, kNormMomentum, kNormEpsilon, true);
  if (layer.activation == Activation::relu6) at::hardtanh_(y, 0, 6);
  if (layer.activation == Activation::relu) at::relu_(y);
  return y;
}

void fill_block_tensors(BirdNetwork& network, const at::Generator& random) {
  for (const auto& block : network.blocks) {
    for (const ConvNorm* each : layers_of(block)) {
      const ConvNorm& layer = *each;
      // As torchvision: without a division by the groups. BatchNorm takes the scale away, but the
      // smaller a weight, the further a step of the optimizer turns it.
      const auto fan_out = static_cast<double>(layer.out * layer.kernel * layer.kernel);
      at::Tensor weight =
          at::empty({layer.out, layer.in / layer.groups, layer.kernel, layer.kernel});
      network.tensors[layer.conv + ".weight"] = weight.normal_(0, std::sqrt(2 / fan_out), random);
      network.tensors[layer.norm + ".weight"] = at::ones({layer.out});
      network.tensors[layer.norm + ".bias"] = at::zeros({layer.out});
      network.tensors[layer.norm + ".running_mean"] = at::zeros({layer.out});
      network.tensors[layer.norm + ".running_var"] = at::ones({layer.out});
    }
  }
}

void fill_head_tensors(BirdNetwork& network, const at::Generator& random) {
  for (const auto& layer : network.head) {
    const double bound = 1 / std::sqrt(static_cast<double>(layer.in));
    network.tensors[layer.name + ".weight"] =
        at::empty({layer.out, layer.in}).uniform_(-bound, bound, random);
    network.tensors[layer.name + ".bias"] = at::empty({layer.out}).uniform_(-bound, bound, random);
  }
}

}  // namespace

BirdNetwork make_network(const BirdArchitecture& architecture, std::int64_t classes,
                         std::uint64_t seed) {
  BirdNetwork network{.architecture = architecture,
                      .blocks = blocks_of(architecture),
                      .head = head_layers(architecture, classes)};
  const at::Generator random = at::detail::createCPUGenerator(seed);
  fill_block_tensors(network, random);
  fill_head_tensors(network, random);
  return network;
}

Shapes network_shapes(const BirdNetwork& network) {
  Shapes shapes = block_shapes(network.blocks);
  shapes.merge(head_shapes(network.head));
  return shapes;
}

void move_to(BirdNetwork& network, const at::Device& device) {
  for (auto& [name, tensor] : network.tensors) {
    tensor = tensor.to(device);
    if (tensor.dim() == 4) tensor = tensor.contiguous(at::MemoryFormat::ChannelsLast);
  }
}

at::Tensor normalised(const at::Tensor& photos) {
  const auto row = [&photos](const std::array<double, 3>& values) {
    const std::vector<float> floats(values.begin(), values.end());
    return at::tensor(floats).view({1, 3, 1, 1}).to(photos.device());
  };
  return ((photos - row(kImageMean)) / row(kImageDeviation))
      .contiguous(at::MemoryFormat::ChannelsLast);
}

at::Tensor run_blocks(const BirdNetwork& network, std::size_t first, std::size_t last, at::Tensor x,
                      const ForwardOptions& options) {
  for (std::size_t i = first; i < last; ++i) {
    const Block& block = network.blocks[i];
    at::Tensor y = x;
    for (const auto& layer : block.layers) y = run_layer(network.tensors, layer, y, options);
    if (block.max_pool) y = at::max_pool2d(y, {3, 3}, {2, 2}, {1, 1});
    if (block.shortcut) x = run_layer(network.tensors, *block.shortcut, x, options);
    x = block.residual ? x + y : y;
    if (block.relu) at::relu_(x);
  }
  return x;
}

at::Tensor pool(const at::Tensor& x) { return x.mean({2, 3}); }

at::Tensor run_head(const BirdNetwork& network, at::Tensor x, const ForwardOptions& options) {
  for (std::size_t i = 0; i < network.head.size(); ++i) {
    const DenseLayer& layer = network.head[i];
    const bool is_last = i + 1 == network.head.size();
    if (is_last && options.dropout > 0) x = at::dropout(x, options.dropout, true);
    x = at::linear(x, network.tensors.at(layer.name + ".weight"),
                   network.tensors.at(layer.name + ".bias"));
    if (!is_last) x = at::relu(x);
  }
  return x;
}

at::Tensor run_from(const BirdNetwork& network, std::size_t first, const at::Tensor& x,
                    const ForwardOptions& options) {
  const std::size_t end = network.blocks.size();
  if (first == end) return run_head(network, x, options);
  return run_head(network, pool(run_blocks(network, first, end, x, options)), options);
}

at::Tensor predict_logits(const BirdNetwork& network, const at::Tensor& photos) {
  return run_from(network, 0, normalised(photos), {});
}

}  // namespace hpo
