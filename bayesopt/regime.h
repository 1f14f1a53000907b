#pragma once

#include <cstdint>

namespace hpo {

/// Which observations make a study's model, and which its parameters were fitted to, by the number
/// n of observations. The one place that decides it.
struct Regime {
  enum class Kind {
    whole,  ///< all observations, factored anew for every suggestion
    grown,  ///< all observations, the factor of `fit_size` of them extended by the others
    local,  ///< kLocalRows observations around the best
  };
  Kind kind = Kind::whole;
  std::int64_t fit_size = 0;       ///< parameters are fitted to the first so many observations
  std::int64_t next_fit_size = 0;  ///< the least n with another fit

  bool operator==(const Regime&) const = default;
};

Regime regime_of(std::int64_t n);

/// Observations that a fit uses at most.
inline constexpr std::size_t kFitRows = 256;
/// Observations of a local model.
inline constexpr std::size_t kLocalRows = 500;

}  // namespace hpo
