// Problems to judge changes of a sampler by: smooth, multi-modal, mixed, conditional and noisy
// ones, none with its optimum at the centre. Development only: no constant is fitted to a single
// one.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "objectives/search_space.h"

namespace hpo::testing_support {

struct RegretProblem {
  std::string family = {};
  std::string name = {};
  SearchSpace space = {};
  std::function<double(const Configuration&)> value = {};  ///< without noise, to be minimised
  double optimum = 0;
  double noise_stddev = 0;
};

std::vector<RegretProblem> regret_problems();

}  // namespace hpo::testing_support
