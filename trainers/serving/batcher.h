#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "trainers/serving/answer.h"
#include "trainers/serving/http_types.h"
#include "trainers/serving/negotiation.h"

namespace hpo::serving {

using Clock = std::chrono::steady_clock;

/// An invocation that waits for its answer.
struct Job {
  Payload payload = Payload::picture;
  std::string body = {};
  AnswerForm form = {};
  Clock::time_point arrived = {};
  std::function<void(HttpResponse)> done = {};  ///< to be called once, on a worker's thread
};

struct BatcherOptions {
  std::size_t workers = 1;
  std::size_t max_batch = 16;  ///< invocations
  std::size_t max_queue = 64;
  /// A batch is kept so small that it takes about this long at most, by what the last ones took: a
  /// request that comes when all workers are busy waits no longer for the first of them.
  double max_batch_s = 0.25;
};

/// Worker threads that share a bounded queue.
///
/// A worker that is free takes what waits at once, never waiting for more to come: batches form
/// only while every worker computes. It takes its share (a worker'th part of the queue), because
/// the next worker that gets free should find something too.
class Batcher {
 public:
  /// compute: calls every job's `done`; runs on all workers at a time.
  Batcher(const BatcherOptions& options, std::function<void(std::vector<Job>)> compute);
  Batcher(const Batcher&) = delete;
  Batcher& operator=(const Batcher&) = delete;
  /// Computes what is queued, then ends the workers.
  ~Batcher();

  /// False where the queue is full: the job is left as it was.
  bool submit(Job& job);

  [[nodiscard]] std::size_t queued() const;
  [[nodiscard]] std::size_t busy() const { return busy_; }
  /// Whether some worker is free or has been computing for less than this.
  [[nodiscard]] bool is_alive(double stuck_after_s) const;

 private:
  void work(std::size_t worker);
  /// The next batch; empty at the end.
  std::vector<Job> take();
  [[nodiscard]] std::size_t share() const;
  void learn(double seconds, std::size_t jobs);

  BatcherOptions options_;
  std::function<void(std::vector<Job>)> compute_;
  mutable std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Job> queue_ = {};
  bool ends_ = false;
  double job_s_ = 0;  ///< moving average of a job's part of its batch's time
  std::atomic<std::size_t> busy_ = 0;
  std::vector<std::atomic<Clock::rep>> busy_since_;  ///< 0: free
  std::vector<std::jthread> threads_ = {};
};

}  // namespace hpo::serving
