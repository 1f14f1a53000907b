#pragma once

#include <algorithm>
#include <chrono>

namespace hpo::resources {

/// Waits between two looks at something that others hold: the first, then each twice as long, up to
/// the longest.
struct Patience {
  std::chrono::milliseconds first = {};
  std::chrono::milliseconds longest = {};

  /// The wait that follows one of `wait`; zero stands for none yet.
  [[nodiscard]] std::chrono::milliseconds after(std::chrono::milliseconds wait) const {
    return wait.count() == 0 ? first : std::min(wait * 2, longest);
  }
};

/// How often the pool looks again while a trial waits.
struct PoolPatience {
  /// At locks: a few system calls per look.
  Patience locks = {.first = std::chrono::milliseconds(10),
                    .longest = std::chrono::milliseconds(500)};
  /// At a GPU that a foreign process uses: a call into the driver.
  Patience busy_devices = {.first = std::chrono::milliseconds(50),
                           .longest = std::chrono::milliseconds(5000)};
};

}  // namespace hpo::resources
