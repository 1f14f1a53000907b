#include "trainers/mobilenet_v2.h"

#include <fmt/format.h>

#include <algorithm>

namespace hpo {
namespace {

/// Stage of the paper's table 2: expansion t, channels c, repeats n, stride s of the first.
struct Stage {
  std::int64_t expansion;
  std::int64_t channels;
  int repeats;
  std::int64_t stride;
};
constexpr Stage kStages[] = {{1, 16, 1, 1}, {6, 24, 2, 2},  {6, 32, 3, 2}, {6, 64, 4, 2},
                             {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};
constexpr std::int64_t kFirstChannels = 32;
constexpr std::int64_t kLastChannels = 1280;

/// The nearest multiple of 8, but never more than a tenth below the wanted width.
std::int64_t rounded(double channels) {
  const auto nearest = std::max<std::int64_t>(8, static_cast<std::int64_t>(channels + 4) / 8 * 8);
  return static_cast<double>(nearest) < 0.9 * channels ? nearest + 8 : nearest;
}

Block inverted_residual(int index, std::int64_t in, std::int64_t out, std::int64_t expansion,
                        std::int64_t stride) {
  const std::string name = fmt::format("features.{}.conv", index);
  const std::int64_t wide = in * expansion;
  Block block{.residual = stride == 1 && in == out};
  int at = 0;
  if (expansion != 1) {
    block.layers.push_back({.conv = fmt::format("{}.{}.0", name, at),
                            .norm = fmt::format("{}.{}.1", name, at),
                            .in = in,
                            .out = wide});
    ++at;
  }
  block.layers.push_back({.conv = fmt::format("{}.{}.0", name, at),
                          .norm = fmt::format("{}.{}.1", name, at),
                          .in = wide,
                          .out = wide,
                          .kernel = 3,
                          .stride = stride,
                          .groups = wide});
  block.layers.push_back({.conv = fmt::format("{}.{}", name, at + 1),
                          .norm = fmt::format("{}.{}", name, at + 2),
                          .in = wide,
                          .out = out,
                          .relu6 = false});
  return block;
}

ConvNorm plain(int index, std::int64_t in, std::int64_t out, std::int64_t kernel,
               std::int64_t stride) {
  return {.conv = fmt::format("features.{}.0", index),
          .norm = fmt::format("features.{}.1", index),
          .in = in,
          .out = out,
          .kernel = kernel,
          .stride = stride};
}

}  // namespace

std::vector<Block> mobilenet_v2(double alpha) {
  std::vector<Block> blocks;
  std::int64_t channels = rounded(static_cast<double>(kFirstChannels) * alpha);
  blocks.push_back({.layers = {plain(0, 3, channels, 3, 2)}});
  for (const auto& stage : kStages) {
    const std::int64_t out = rounded(static_cast<double>(stage.channels) * alpha);
    for (int i = 0; i < stage.repeats; ++i) {
      blocks.push_back(inverted_residual(static_cast<int>(blocks.size()), channels, out,
                                         stage.expansion, i == 0 ? stage.stride : 1));
      channels = out;
    }
  }
  const int last = static_cast<int>(blocks.size());
  blocks.push_back({.layers = {plain(last, channels, feature_channels(alpha), 1, 1)}});
  return blocks;
}

std::int64_t feature_channels(double alpha) {
  return rounded(static_cast<double>(kLastChannels) * std::max(1.0, alpha));
}

Shapes block_shapes(const std::vector<Block>& blocks, std::size_t first) {
  Shapes shapes;
  for (std::size_t i = first; i < blocks.size(); ++i) {
    for (const auto& layer : blocks[i].layers) {
      shapes[layer.conv + ".weight"] = {layer.out, layer.in / layer.groups, layer.kernel,
                                        layer.kernel};
      for (const char* part : {".weight", ".bias", ".running_mean", ".running_var"}) {
        shapes[layer.norm + part] = {layer.out};
      }
    }
  }
  return shapes;
}

std::vector<DenseLayer> head_layers(const BirdArchitecture& architecture, std::int64_t classes) {
  std::vector<DenseLayer> layers;
  std::int64_t in = feature_channels(architecture.alpha);
  std::size_t at = 0;  // places of Linear and ReLU in the Sequential
  for (const std::int64_t units : architecture.hidden) {
    layers.push_back({.name = fmt::format("classifier.{}", at), .in = in, .out = units});
    in = units;
    at += 2;
  }
  layers.push_back({.name = fmt::format("classifier.{}", at + 1), .in = in, .out = classes});
  return layers;
}

Shapes head_shapes(const std::vector<DenseLayer>& layers) {
  Shapes shapes;
  for (const auto& layer : layers) {
    shapes[layer.name + ".weight"] = {layer.out, layer.in};
    shapes[layer.name + ".bias"] = {layer.out};
  }
  return shapes;
}

bool is_spare_tensor(std::string_view name) {
  return name.starts_with("classifier.") || name.ends_with(".num_batches_tracked");
}

}  // namespace hpo
