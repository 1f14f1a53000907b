#pragma once

#include <string>

namespace hpo {

/// A time for people: `1h 30m`, `45s`, `0.12s`.
std::string duration_text(double seconds);

}  // namespace hpo
