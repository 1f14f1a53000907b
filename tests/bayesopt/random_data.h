// Random points, data and parameters over mixed and conditional coordinates.
#pragma once

#include <cmath>

#include "bayesopt/gaussian_process.h"
#include "bayesopt/random_stream.h"

namespace hpo::testing_support {

/// Numbers, categories, and both behind conditions.
inline Dimensions mixed_dimensions() {
  return {{},
          {},
          {.is_categorical = true},
          {.is_conditional = true},
          {.is_categorical = true, .is_conditional = true}};
}

inline Eigen::MatrixXd random_points(const Dimensions& dimensions, Eigen::Index n,
                                     RandomStream& random) {
  Eigen::MatrixXd X(n, static_cast<Eigen::Index>(dimensions.size()));
  for (Eigen::Index i = 0; i < X.cols(); ++i) {
    const auto& dimension = dimensions[static_cast<std::size_t>(i)];
    for (Eigen::Index k = 0; k < n; ++k) {
      X(k, i) = dimension.is_categorical ? static_cast<double>(random.index(3)) : random.uniform();
      if (dimension.is_conditional && random.index(3) == 0) X(k, i) = kInactive;
    }
  }
  return X;
}

inline TrainingData random_data(const Dimensions& dimensions, Eigen::Index n, std::uint64_t seed) {
  RandomStream random(seed, Purpose::configuration);
  TrainingData data{.dimensions = dimensions, .X = random_points(dimensions, n, random)};
  data.y.resize(n);
  data.noise_scale.resize(n);
  for (Eigen::Index k = 0; k < n; ++k) {
    data.y[k] = std::sin(4 * data.X.row(k).sum()) + 0.1 * random.uniform();
    data.noise_scale[k] = k % 4 == 0 ? 0.5 : 1;
  }
  return data;
}

inline GpParameters random_parameters(Eigen::Index d, std::uint64_t seed) {
  RandomStream random(seed, Purpose::prior_draws);
  GpParameters parameters{.lengthscales = Eigen::VectorXd(d)};
  for (double& l : parameters.lengthscales) l = std::exp(2 * random.uniform() - 1.2);
  parameters.signal_variance = 0.5 + random.uniform();
  parameters.noise_variance = 1e-3 * (0.1 + random.uniform());
  return parameters;
}

}  // namespace hpo::testing_support
