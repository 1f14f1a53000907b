#include "trainers/images/parallel.h"

#include <sched.h>

#include <charconv>
#include <cstdlib>
#include <string_view>

namespace hpo {

std::size_t thread_count() {
  if (const char* variable = std::getenv("OMP_NUM_THREADS"); variable != nullptr) {
    const std::string_view text = variable;
    std::size_t threads = 0;
    std::from_chars(text.data(), text.data() + text.size(), threads);
    if (threads > 0) return threads;
  }
  cpu_set_t mask;
  CPU_ZERO(&mask);
  if (sched_getaffinity(0, sizeof mask, &mask) != 0) return 1;
  const int cpus = CPU_COUNT(&mask);
  return cpus > 0 ? static_cast<std::size_t>(cpus) : 1;
}

}  // namespace hpo
