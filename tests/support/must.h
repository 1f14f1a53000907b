#pragma once

#include <fmt/format.h>

#include <cstdlib>

#include "objectives/error.h"

namespace hpo::testing_support {

/// The value, for programs that end with the error's message where there is none.
template <class T>
T must(Result<T> result) {
  if (result) return std::move(*result);
  fmt::print(stderr, "{}\n", result.error().message);
  std::exit(1);
}

inline void must(const Result<void>& result) {
  if (result) return;
  fmt::print(stderr, "{}\n", result.error().message);
  std::exit(1);
}

}  // namespace hpo::testing_support
