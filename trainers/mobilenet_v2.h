#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "trainers/model_manifest.h"
#include "trainers/safetensors.h"

namespace hpo {

/// A convolution without bias and the batch normalisation behind it.
struct ConvNorm {
  std::string conv = {};  ///< its tensor is `<conv>.weight`
  std::string norm = {};  ///< its tensors are `<norm>.weight`, bias, running_mean, running_var
  std::int64_t in = 0;
  std::int64_t out = 0;
  std::int64_t kernel = 1;
  std::int64_t stride = 1;
  std::int64_t groups = 1;
  bool relu6 = true;
};

/// One entry of torchvision's `features`: layers in a row, around them a residual path or none.
struct Block {
  std::vector<ConvNorm> layers = {};
  bool residual = false;
};

/// features.0 to features.18 of MobileNetV2 at that width, under torchvision's names.
///
/// Sandler et al. (2018), table 2; channels are rounded to multiples of 8 as torchvision does.
std::vector<Block> mobilenet_v2(double alpha);

/// Channels behind the last block.
std::int64_t feature_channels(double alpha);

/// The tensors of the blocks `first` to the last one.
Shapes block_shapes(const std::vector<Block>& blocks, std::size_t first = 0);

/// One layer of the head: its tensors are `<name>.weight` (out × in) and `<name>.bias`.
struct DenseLayer {
  std::string name = {};
  std::int64_t in = 0;
  std::int64_t out = 0;
};

/// The head on the pooled features: hidden layers with ReLU, dropout, one output per class. Named
/// as PyTorch's `classifier = Sequential(Linear, ReLU, ..., Dropout, Linear)`, so without hidden
/// layers its tensors are torchvision's `classifier.1.weight` and `.bias`.
std::vector<DenseLayer> head_layers(const BirdArchitecture& architecture, std::int64_t classes);

Shapes head_shapes(const std::vector<DenseLayer>& layers);

/// Tensors that weight files have and these features do not need: the ImageNet classifier, and the
/// count of batches that BatchNorm keeps.
bool is_spare_tensor(std::string_view name);

}  // namespace hpo
