#include "trainers/architecture.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace hpo {
namespace {

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, number);
  if (code != std::errc() || stop != end || number < 0) return std::nullopt;
  return number;
}

}  // namespace

std::vector<const ConvNorm*> layers_of(const Block& block) {
  std::vector<const ConvNorm*> layers;
  for (const auto& layer : block.layers) layers.push_back(&layer);
  if (block.shortcut) layers.push_back(&*block.shortcut);
  return layers;
}

std::vector<Block> blocks_of(const BirdArchitecture& architecture) {
  return architecture.backbone == Backbone::resnet50 ? resnet50()
                                                     : mobilenet_v2(architecture.alpha);
}

std::optional<std::int64_t> block_number(std::string_view name) {
  constexpr std::string_view kFeatures = "features.";
  constexpr std::string_view kLayer = "layer";
  if (name.starts_with(kFeatures)) return number_in(name.substr(kFeatures.size()));
  const std::size_t dot = name.find('.');
  if (!name.starts_with(kLayer) || dot == std::string_view::npos) return std::nullopt;
  const auto stage = number_in(name.substr(kLayer.size(), dot - kLayer.size()));
  const auto block = number_in(name.substr(dot + 1));
  constexpr std::array<std::int64_t, 5> kFirst = {1, 4, 8, 14, 17};  // of each stage of ResNet-50
  if (!stage || !block || *stage < 1 || *stage > 4) return std::nullopt;
  const auto at = static_cast<std::size_t>(*stage);
  if (*block >= kFirst[at] - kFirst[at - 1]) return std::nullopt;
  return kFirst[at - 1] + *block;
}

Shapes block_shapes(const std::vector<Block>& blocks, std::size_t first) {
  Shapes shapes;
  for (std::size_t i = first; i < blocks.size(); ++i) {
    for (const ConvNorm* layer : layers_of(blocks[i])) {
      shapes[layer->conv + ".weight"] = {layer->out, layer->in / layer->groups, layer->kernel,
                                         layer->kernel};
      for (const char* part : {".weight", ".bias", ".running_mean", ".running_var"}) {
        shapes[layer->norm + part] = {layer->out};
      }
    }
  }
  return shapes;
}

std::vector<DenseLayer> head_layers(const BirdArchitecture& architecture, std::int64_t classes) {
  std::vector<DenseLayer> layers;
  std::int64_t in = feature_channels(architecture);
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
  return name.starts_with("classifier.") || name.starts_with("fc.") ||
         name.ends_with(".num_batches_tracked");
}

}  // namespace hpo
