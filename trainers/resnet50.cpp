#include <fmt/format.h>

#include "trainers/architecture.h"

namespace hpo {
namespace {

/// A row of the paper's table 1: bottlenecks of the stage, and the channels of their 3 × 3 layers.
struct Stage {
  int blocks;
  std::int64_t channels;
};
constexpr Stage kStages[] = {{3, 64}, {4, 128}, {6, 256}, {3, 512}};
constexpr std::int64_t kExpansion = 4;
constexpr std::int64_t kFirstChannels = 64;

Block bottleneck(const std::string& name, std::int64_t in, std::int64_t channels,
                 std::int64_t stride) {
  const std::int64_t out = kExpansion * channels;
  Block block{.residual = true, .relu = true};
  block.layers = {{.conv = name + ".conv1",
                   .norm = name + ".bn1",
                   .in = in,
                   .out = channels,
                   .activation = Activation::relu},
                  {.conv = name + ".conv2",
                   .norm = name + ".bn2",
                   .in = channels,
                   .out = channels,
                   .kernel = 3,
                   .stride = stride,
                   .activation = Activation::relu},
                  {.conv = name + ".conv3", .norm = name + ".bn3", .in = channels, .out = out}};
  if (in != out || stride != 1) {
    block.shortcut = ConvNorm{.conv = name + ".downsample.0",
                              .norm = name + ".downsample.1",
                              .in = in,
                              .out = out,
                              .stride = stride};
  }
  return block;
}

}  // namespace

std::vector<Block> resnet50() {
  std::vector<Block> blocks = {{.layers = {{.conv = "conv1",
                                            .norm = "bn1",
                                            .in = 3,
                                            .out = kFirstChannels,
                                            .kernel = 7,
                                            .stride = 2,
                                            .activation = Activation::relu}},
                                .max_pool = true}};
  std::int64_t channels = kFirstChannels;
  int stage_number = 1;
  for (const auto& stage : kStages) {
    for (int i = 0; i < stage.blocks; ++i) {
      const bool halves = i == 0 && stage_number > 1;
      blocks.push_back(bottleneck(fmt::format("layer{}.{}", stage_number, i), channels,
                                  stage.channels, halves ? 2 : 1));
      channels = kExpansion * stage.channels;
    }
    ++stage_number;
  }
  return blocks;
}

}  // namespace hpo
