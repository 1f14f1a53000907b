#pragma once

#include <cstdint>

namespace hpo::supervision {

/// How many processes the kernel has killed for want of memory, in this process's control group
/// (version 2 or 1), or, where that cannot be read, on this machine.
std::int64_t oom_kills();

}  // namespace hpo::supervision
