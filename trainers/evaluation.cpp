#include "trainers/evaluation.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "objectives/error.h"

namespace hpo {

Evaluation evaluate(const std::vector<int>& labels, const std::vector<int>& predictions,
                    std::size_t classes) {
  check(labels.size() == predictions.size(), "evaluate: one prediction for each label");
  Evaluation result{.photos = static_cast<std::int64_t>(labels.size()),
                    .confusion = {classes, std::vector<std::int64_t>(classes)},
                    .per_class = std::vector<ClassScore>(classes)};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto truth = static_cast<std::size_t>(labels[i]);
    const auto answer = static_cast<std::size_t>(predictions[i]);
    ++result.confusion[truth][answer];
    ++result.per_class[truth].photos;
    ++result.per_class[answer].predicted;
    if (truth != answer) continue;
    ++result.per_class[truth].correct;
    ++result.correct;
  }
  if (result.photos > 0) {
    result.accuracy = static_cast<double>(result.correct) / static_cast<double>(result.photos);
  }
  result.accuracy_ci95 = wilson_interval(result.correct, result.photos);
  return result;
}

Comparison compare(const std::vector<bool>& first, const std::vector<bool>& second,
                   const std::string& first_name, const std::string& second_name) {
  check(first.size() == second.size(), "compare: both models judge the same photos");
  constexpr double kSignificant = 0.05;
  Comparison result;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (first[i] && !second[i]) ++result.only_first;
    if (second[i] && !first[i]) ++result.only_second;
  }
  result.p_value = mcnemar_exact_p(result.only_first, result.only_second);
  const bool first_leads = result.only_first > result.only_second;
  result.verdict = result.p_value < kSignificant
                       ? (first_leads ? first_name : second_name) + " is better"
                       : "no difference shown";
  return result;
}

int most_probable(const std::vector<double>& probabilities) {
  const auto best = std::max_element(probabilities.begin(), probabilities.end());
  return static_cast<int>(best - probabilities.begin());
}

std::string prediction_json(const std::vector<std::string>& classes,
                            const std::vector<double>& probabilities) {
  nlohmann::ordered_json out;
  out["predicted_class"] = classes[static_cast<std::size_t>(most_probable(probabilities))];
  out["class_labels"] = classes;
  out["probabilities"] = {probabilities};
  return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace hpo
