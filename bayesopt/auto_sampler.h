#pragma once

#include <cstddef>
#include <string>

#include "objectives/search_space.h"

namespace hpo {

/// A sampler for a study, and why.
struct SamplerChoice {
  std::string name = {};
  std::string why = {};  ///< for people: "the space has no more than 12 configurations"
};

/// What `strategy: auto` takes for a study's next trial. `has_sources`: it knows other studies.
/// Depends on the space and on how many trials there are; not on limits, so what came before stays
/// reproducible when they change.
SamplerChoice choose_sampler(const SearchSpace& space, std::size_t trials,
                             bool has_sources = false);

}  // namespace hpo
