#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "trainers/statistics.h"

namespace hpo {

/// How a class fared.
struct ClassScore {
  std::int64_t photos = 0;     ///< of that class
  std::int64_t predicted = 0;  ///< photos taken for it
  std::int64_t correct = 0;
};

/// How a model judged labelled photos.
struct Evaluation {
  std::int64_t photos = 0;
  std::int64_t correct = 0;
  double accuracy = 0;
  Interval accuracy_ci95 = {};
  std::vector<std::vector<std::int64_t>> confusion = {};  ///< [true class][predicted class]
  std::vector<ClassScore> per_class = {};
};

/// labels and predictions: as many, indices below `classes`.
Evaluation evaluate(const std::vector<int>& labels, const std::vector<int>& predictions,
                    std::size_t classes);

/// Two models on the same photos: McNemar's exact test.
struct Comparison {
  std::int64_t only_first = 0;   ///< photos that only the first judged rightly
  std::int64_t only_second = 0;  ///< and only the second
  double p_value = 1;
  /// Who is better where p is below 0.05, in words; else that no difference is shown.
  std::string verdict = {};
};

/// Whether each photo was judged rightly, by either model. The names are for the verdict.
Comparison compare(const std::vector<bool>& first, const std::vector<bool>& second,
                   const std::string& first_name, const std::string& second_name);

/// Index of the greatest probability; the first of equals.
int most_probable(const std::vector<double>& probabilities);

/// The answer that SageMaker's and the workshop's clients read:
/// {"predicted_class":..., "class_labels":[...], "probabilities":[[...]]}.
std::string prediction_json(const std::vector<std::string>& classes,
                            const std::vector<double>& probabilities);

}  // namespace hpo
