#include "trainers/serving/batcher.h"

#include <algorithm>
#include <utility>

#include "objectives/error.h"

namespace hpo::serving {

Batcher::Batcher(const BatcherOptions& options, std::function<void(std::vector<Job>)> compute)
    : options_(options), compute_(std::move(compute)), busy_since_(options.workers) {
  check(options.workers > 0 && options.max_batch > 0 && options.max_queue > 0,
        "a batcher needs workers, a batch and a queue");
  for (std::size_t i = 0; i < options.workers; ++i) threads_.emplace_back([this, i] { work(i); });
}

Batcher::~Batcher() {
  {
    const std::scoped_lock lock(mutex_);
    ends_ = true;
  }
  ready_.notify_all();
}

bool Batcher::submit(Job& job) {
  {
    const std::scoped_lock lock(mutex_);
    if (queue_.size() >= options_.max_queue) return false;
    queue_.push_back(std::move(job));
  }
  ready_.notify_one();
  return true;
}

std::size_t Batcher::queued() const {
  const std::scoped_lock lock(mutex_);
  return queue_.size();
}

bool Batcher::is_alive(double stuck_after_s) const {
  const Clock::time_point now = Clock::now();
  return std::any_of(busy_since_.begin(), busy_since_.end(), [&](const auto& since) {
    const Clock::duration began(since.load());
    const std::chrono::duration<double> busy = now.time_since_epoch() - began;
    return began.count() == 0 || busy.count() < stuck_after_s;
  });
}

void Batcher::work(std::size_t worker) {
  for (auto jobs = take(); !jobs.empty(); jobs = take()) {
    const std::size_t count = jobs.size();
    const Clock::time_point began = Clock::now();
    busy_since_[worker] = began.time_since_epoch().count();
    ++busy_;
    compute_(std::move(jobs));
    --busy_;
    busy_since_[worker] = 0;
    learn(std::chrono::duration<double>(Clock::now() - began).count(), count);
  }
}

std::vector<Job> Batcher::take() {
  std::unique_lock lock(mutex_);
  ready_.wait(lock, [this] { return ends_ || !queue_.empty(); });
  std::vector<Job> jobs;
  for (std::size_t left = share(); left > 0; --left) {
    jobs.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return jobs;
}

std::size_t Batcher::share() const {
  const std::size_t part = (queue_.size() + options_.workers - 1) / options_.workers;
  std::size_t most = options_.max_batch;
  if (job_s_ > 0) {
    const double in_time = options_.max_batch_s / job_s_;
    if (in_time < static_cast<double>(most)) most = static_cast<std::size_t>(in_time);
  }
  return std::min(part, std::max<std::size_t>(most, 1));
}

void Batcher::learn(double seconds, std::size_t jobs) {
  constexpr double kNew = 0.2;  // the last five batches or so
  const double job_s = seconds / static_cast<double>(jobs);
  const std::scoped_lock lock(mutex_);
  job_s_ = job_s_ == 0 ? job_s : (1 - kNew) * job_s_ + kNew * job_s;
}

}  // namespace hpo::serving
