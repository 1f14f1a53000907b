#pragma once

#include <string>

namespace hpo {

/// 32 hexadecimal digits from the kernel's random numbers.
std::string random_study_id();

}  // namespace hpo
