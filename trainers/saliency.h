#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "trainers/network.h"

namespace hpo {

/// Maps of each photo, N × S × S in [0, 1], each scaled so that its greatest value is 1 (a map
/// that is 0 everywhere stays so).
struct SaliencyMaps {
  at::Tensor grad_cam = {};
  at::Tensor gradient = {};
};

/// Why the network would take each photo (N × 3 × S × S in [0, 1]) for the class at the same place
/// of `classes`.
///
/// grad_cam: of what the last block gives. Selvaraju et al. (2017), equations 1 and 2.
/// gradient: of the class's logit by the pixels, the greatest absolute value over the channels,
/// averaged over S/32 pixels. Simonyan, Vedaldi, Zisserman (2014), section 3.1.
SaliencyMaps explain_logits(const BirdNetwork& network, const at::Tensor& photos,
                            const std::vector<std::int64_t>& classes);

}  // namespace hpo
