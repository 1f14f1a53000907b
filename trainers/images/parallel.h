#pragma once

#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace hpo {

/// Threads this process may use: OMP_NUM_THREADS where it is a positive number, else the CPUs of
/// its affinity mask.
std::size_t thread_count();

/// Calls work(i) for i in [0, count) on up to thread_count() threads. `work` must not throw.
template <class Work>
void parallel_for(std::size_t count, const Work& work) {
  std::atomic<std::size_t> next = 0;
  const auto run = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  const std::size_t threads = thread_count() < count ? thread_count() : count;
  std::vector<std::jthread> helpers;
  while (helpers.size() + 1 < threads) helpers.emplace_back(run);
  run();
}

}  // namespace hpo
