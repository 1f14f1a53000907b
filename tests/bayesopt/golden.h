// Numbers of tests/golden/gaussian_process.json; the script beside it made them.
#pragma once

#include <Eigen/Core>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/paths.h"

namespace hpo::testing_support {

/// One section of the file, by value: a loop over a part of a temporary would outlive it.
inline nlohmann::json golden(const char* section) {
  const auto all =
      nlohmann::json::parse(std::ifstream(source_dir() + "/tests/golden/gaussian_process.json"));
  return all.at(section);
}

inline Eigen::VectorXd vector_from(const nlohmann::json& list) {
  Eigen::VectorXd v(static_cast<Eigen::Index>(list.size()));
  for (Eigen::Index i = 0; i < v.size(); ++i) v[i] = list[static_cast<std::size_t>(i)];
  return v;
}

inline Eigen::MatrixXd matrix_from(const nlohmann::json& rows) {
  Eigen::MatrixXd A(static_cast<Eigen::Index>(rows.size()),
                    static_cast<Eigen::Index>(rows.at(0).size()));
  for (Eigen::Index i = 0; i < A.rows(); ++i) {
    A.row(i) = vector_from(rows[static_cast<std::size_t>(i)]).transpose();
  }
  return A;
}

}  // namespace hpo::testing_support
