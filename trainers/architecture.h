#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "trainers/model_manifest.h"
#include "trainers/safetensors.h"

namespace hpo {

enum class Activation { none, relu, relu6 };

/// A convolution without bias and the batch normalisation behind it.
struct ConvNorm {
  std::string conv = {};  ///< its tensor is `<conv>.weight`
  std::string norm = {};  ///< its tensors are `<norm>.weight`, bias, running_mean, running_var
  std::int64_t in = 0;
  std::int64_t out = 0;
  std::int64_t kernel = 1;
  std::int64_t stride = 1;
  std::int64_t groups = 1;
  Activation activation = Activation::none;
};

/// Layers in a row, around them a residual path or none: one entry of torchvision's `features`, or
/// one bottleneck of a ResNet.
struct Block {
  std::vector<ConvNorm> layers = {};
  bool residual = false;
  std::optional<ConvNorm> shortcut = {};  ///< on the residual path, where its shape changes
  bool relu = false;                      ///< on the sum
  bool max_pool = false;                  ///< behind the layers: 3 × 3, stride 2
};

/// All its layers, the shortcut's too.
std::vector<const ConvNorm*> layers_of(const Block& block);

/// The features of the architecture under torchvision's names.
std::vector<Block> blocks_of(const BirdArchitecture& architecture);

/// features.0 to features.18 of MobileNetV2 at that width.
///
/// Sandler et al. (2018), table 2; channels are rounded to multiples of 8 as torchvision does.
std::vector<Block> mobilenet_v2(double alpha);

/// The stem with its pooling, then layer1.0 to layer4.2 of ResNet-50: 17 blocks.
///
/// He et al. (2016), table 1, with the stride in the 3 × 3 convolution as torchvision has it.
std::vector<Block> resnet50();

/// The number of a block that is called `features.N` or `layerS.N`; nothing for another text.
std::optional<std::int64_t> block_number(std::string_view name);

/// Channels behind the last block.
std::int64_t feature_channels(const BirdArchitecture& architecture);

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
/// layers its tensors are MobileNetV2's `classifier.1.weight` and `.bias`.
std::vector<DenseLayer> head_layers(const BirdArchitecture& architecture, std::int64_t classes);

Shapes head_shapes(const std::vector<DenseLayer>& layers);

/// Tensors that weight files have and these features do not need: the ImageNet classifier, and the
/// count of batches that BatchNorm keeps.
bool is_spare_tensor(std::string_view name);

/// MobileNetV2's width, among those for which ImageNet weights exist and the one of the trainer's
/// own from scratch, whose tensors the file has; nothing where it is none of them.
std::optional<double> alpha_of(const Safetensors& file);

}  // namespace hpo
