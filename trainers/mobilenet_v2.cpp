#include <fmt/format.h>

#include <algorithm>

#include "trainers/architecture.h"

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
                            .out = wide,
                            .activation = Activation::relu6});
    ++at;
  }
  block.layers.push_back({.conv = fmt::format("{}.{}.0", name, at),
                          .norm = fmt::format("{}.{}.1", name, at),
                          .in = wide,
                          .out = wide,
                          .kernel = 3,
                          .stride = stride,
                          .groups = wide,
                          .activation = Activation::relu6});
  block.layers.push_back({.conv = fmt::format("{}.{}", name, at + 1),
                          .norm = fmt::format("{}.{}", name, at + 2),
                          .in = wide,
                          .out = out});
  return block;
}

ConvNorm plain(int index, std::int64_t in, std::int64_t out, std::int64_t kernel,
               std::int64_t stride) {
  return {.conv = fmt::format("features.{}.0", index),
          .norm = fmt::format("features.{}.1", index),
          .in = in,
          .out = out,
          .kernel = kernel,
          .stride = stride,
          .activation = Activation::relu6};
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
  blocks.push_back({.layers = {plain(last, channels, feature_channels({.alpha = alpha}), 1, 1)}});
  return blocks;
}

std::int64_t feature_channels(const BirdArchitecture& architecture) {
  constexpr std::int64_t kMobileNet = 1280;
  constexpr std::int64_t kResNet = 2048;
  if (architecture.backbone == Backbone::resnet50) return kResNet;
  return rounded(static_cast<double>(kMobileNet) * std::max(1.0, architecture.alpha));
}

std::optional<double> alpha_of(const Safetensors& file) {
  for (const double alpha : {1.0, 0.1, 0.25, 0.35, 0.5, 0.75, 1.3, 1.4}) {
    const Shapes shapes = block_shapes(mobilenet_v2(alpha));
    const bool fits = std::all_of(shapes.begin(), shapes.end(), [&](const auto& expected) {
      const auto found = file.tensors.find(expected.first);
      return found != file.tensors.end() && found->second.shape == expected.second;
    });
    if (fits) return alpha;
  }
  return std::nullopt;
}

}  // namespace hpo
