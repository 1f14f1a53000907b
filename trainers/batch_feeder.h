#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <future>
#include <vector>

#include "trainers/frozen_inputs.h"

namespace hpo {

/// The order of an epoch and the view in which each photo is shown: functions of seed and epoch.
struct EpochPlan {
  std::vector<std::int64_t> photos = {};
  std::vector<std::uint64_t> views = {};  ///< as FrozenInputs::gather takes them
};

/// fixed_views: ViewPlan::fixed.
EpochPlan plan_epoch(std::uint64_t seed, std::int64_t photos, std::size_t fixed_views);

/// Hands out an epoch's batches in their order. Where photos have to be drawn, which the cache
/// spares, another thread draws the next batch while this one trains.
class BatchFeeder {
 public:
  /// Both outlive the feeder. begin: the first photo of the plan that is wanted.
  BatchFeeder(const FrozenInputs& inputs, const EpochPlan& plan, std::size_t batch_size,
              std::size_t begin);

  /// The inputs of the tuned layers for the next photos() of the plan.
  at::Tensor next();
  /// Those of the batch that next() gave.
  [[nodiscard]] std::span<const std::int64_t> photos() const { return photos_; }

 private:
  [[nodiscard]] std::span<const std::int64_t> photos_at(std::size_t begin) const;
  [[nodiscard]] at::Tensor gather(std::size_t begin) const;

  const FrozenInputs& inputs_;
  const EpochPlan& plan_;
  std::size_t batch_size_;
  std::size_t begin_;
  std::span<const std::int64_t> photos_ = {};
  std::future<at::Tensor> ahead_ = {};  ///< the batch at begin_; its end waits for the thread
};

}  // namespace hpo
