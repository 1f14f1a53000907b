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

  [[nodiscard]] double recall() const;     ///< correct / photos; 0 without any, as precision
  [[nodiscard]] double precision() const;  ///< correct / predicted
  [[nodiscard]] double f1() const;         ///< harmonic mean of both
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

/// Mean of the F1 of the classes that have photos.
double macro_f1(const Evaluation& evaluation);

/// Two classes, and how often each was taken for the other.
struct ConfusedPair {
  std::size_t first = 0;  ///< the smaller index
  std::size_t second = 0;
  std::int64_t first_as_second = 0;
  std::int64_t second_as_first = 0;
  [[nodiscard]] std::int64_t photos() const { return first_as_second + second_as_first; }
};

/// The pairs that were confused at all, most photos first; at most `limit`.
std::vector<ConfusedPair> most_confused(const Evaluation& evaluation, std::size_t limit);

/// For k = 1, ..., `most`: the share of photos whose label is among the k most probable classes
/// (of equals the lower index counts as the more probable).
std::vector<double> top_k_accuracy(const std::vector<int>& labels,
                                   const std::vector<std::vector<double>>& probabilities,
                                   std::size_t most);

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
