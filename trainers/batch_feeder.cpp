#include "trainers/batch_feeder.h"

#include <algorithm>
#include <numeric>
#include <random>

namespace hpo {

EpochPlan plan_epoch(std::uint64_t seed, std::int64_t photos, std::size_t fixed_views) {
  std::mt19937_64 random(seed);
  EpochPlan plan{.photos = std::vector<std::int64_t>(static_cast<std::size_t>(photos))};
  std::iota(plan.photos.begin(), plan.photos.end(), 0);
  for (std::size_t i = plan.photos.size(); i > 1; --i) {
    std::swap(plan.photos[i - 1], plan.photos[random() % i]);
  }
  for (std::int64_t i = 0; i < photos; ++i) {
    const std::uint64_t drawn = random();
    plan.views.push_back(fixed_views == 0 ? drawn : drawn % fixed_views);
  }
  return plan;
}

BatchFeeder::BatchFeeder(const FrozenInputs& inputs, const EpochPlan& plan, std::size_t batch_size,
                         std::size_t begin)
    : inputs_(inputs), plan_(plan), batch_size_(batch_size), begin_(begin) {}

std::span<const std::int64_t> BatchFeeder::photos_at(std::size_t begin) const {
  const std::size_t n = std::min(batch_size_, plan_.photos.size() - begin);
  return std::span(plan_.photos).subspan(begin, n);
}

at::Tensor BatchFeeder::gather(std::size_t begin) const {
  const auto photos = photos_at(begin);
  return inputs_.gather(photos, std::span(plan_.views).subspan(begin, photos.size()));
}

at::Tensor BatchFeeder::next() {
  const at::Tensor gathered = ahead_.valid() ? ahead_.get() : gather(begin_);
  photos_ = photos_at(begin_);
  begin_ += photos_.size();
  // A copy of cached rows costs less than a thread.
  if (!inputs_.is_cached() && begin_ < plan_.photos.size()) {
    ahead_ = std::async(std::launch::async, [this, begin = begin_] { return gather(begin); });
  }
  return inputs_.finish(gathered);
}

}  // namespace hpo
