#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "trainers/architecture.h"
#include "trainers/tensors.h"

namespace hpo {

/// A backbone with a head for some classes: the layers, and their tensors in `tensors`.
///
/// The network is a function of named tensors: any part of it may be frozen, cached or trained.
struct BirdNetwork {
  BirdArchitecture architecture = {};
  std::vector<Block> blocks = {};
  std::vector<DenseLayer> head = {};
  TensorMap tensors = {};
};

/// How the layers treat a batch.
struct ForwardOptions {
  bool batch_statistics = false;  ///< BatchNorm by the batch's own statistics, keeping the running
  double dropout = 0;             ///< 0 while predicting
};

/// A network with random tensors: He-normal convolutions (torchvision's), neutral BatchNorm, the
/// head by Kaiming's uniform rule (PyTorch's default).
BirdNetwork make_network(const BirdArchitecture& architecture, std::int64_t classes,
                         std::uint64_t seed);

/// All tensors of the network, by name: what its weights file must have.
Shapes network_shapes(const BirdNetwork& network);

/// Moves every tensor to the device, 4-dimensional ones in channels-last order, which oneDNN and
/// cuDNN compute 1.4 to 2 times faster.
void move_to(BirdNetwork& network, const at::Device& device);

/// Photos as the network wants them: N × 3 × S × S in [0, 1], normalised by ImageNet's statistics.
at::Tensor normalised(const at::Tensor& photos);

/// Blocks first, ..., last - 1 on x: N × C × H × W.
at::Tensor run_blocks(const BirdNetwork& network, std::size_t first, std::size_t last, at::Tensor x,
                      const ForwardOptions& options);

/// Mean over the picture: N × C × H × W → N × C.
at::Tensor pool(const at::Tensor& x);

/// Logits of pooled features: N × C → N × classes.
at::Tensor run_head(const BirdNetwork& network, at::Tensor x, const ForwardOptions& options);

/// The tuned part: what the blocks before `first` give → logits. With first behind the last block
/// the input is pooled already.
at::Tensor run_from(const BirdNetwork& network, std::size_t first, const at::Tensor& x,
                    const ForwardOptions& options);

/// Everything: normalised photos → logits, for predicting.
at::Tensor predict_logits(const BirdNetwork& network, const at::Tensor& photos);

}  // namespace hpo
