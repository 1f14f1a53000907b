#pragma once

#include <string>
#include <vector>

#include "objectives/configuration.h"
#include "objectives/error.h"
#include "objectives/search_space.h"

namespace hpo::config {

/// What is wrong with one value of a configuration that the user gave.
struct GivenProblem {
  std::string parameter = {};  ///< as given; of a missing value: the parameter that has none
  bool is_missing = false;
  std::string message = {};
  std::string hint = {};
};

/// A configuration as the space types it, or everything that is wrong with it.
struct GivenConfiguration {
  Configuration configuration = {};
  std::vector<GivenProblem> problems = {};
};

/// Types what a user wrote as the space has it: 1 for a float, 16.0 for an integer, `16` for the
/// value "16" of a list. Every active parameter must be there.
GivenConfiguration given_configuration(const SearchSpace& space, const Configuration& given);

/// The same with all problems in one message. Error: usage.
Result<Configuration> configuration_in(const SearchSpace& space, const Configuration& given);

}  // namespace hpo::config
