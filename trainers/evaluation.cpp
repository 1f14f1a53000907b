#include "trainers/evaluation.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "objectives/error.h"

namespace hpo {

namespace {

double share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

double ClassScore::recall() const { return share(correct, photos); }
double ClassScore::precision() const { return share(correct, predicted); }
double ClassScore::f1() const { return share(2 * correct, photos + predicted); }

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
  result.accuracy = share(result.correct, result.photos);
  result.accuracy_ci95 = wilson_interval(result.correct, result.photos);
  return result;
}

double macro_f1(const Evaluation& evaluation) {
  double sum = 0;
  int classes = 0;
  for (const auto& score : evaluation.per_class) {
    if (score.photos == 0) continue;
    sum += score.f1();
    ++classes;
  }
  return classes == 0 ? 0 : sum / classes;
}

std::vector<ConfusedPair> most_confused(const Evaluation& evaluation, std::size_t limit) {
  std::vector<ConfusedPair> pairs;
  const auto& confusion = evaluation.confusion;
  for (std::size_t i = 0; i < confusion.size(); ++i) {
    for (std::size_t j = i + 1; j < confusion.size(); ++j) {
      const ConfusedPair pair{.first = i,
                              .second = j,
                              .first_as_second = confusion[i][j],
                              .second_as_first = confusion[j][i]};
      if (pair.photos() > 0) pairs.push_back(pair);
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const auto& a, const auto& b) { return a.photos() > b.photos(); });
  if (pairs.size() > limit) pairs.resize(limit);
  return pairs;
}

std::vector<double> top_k_accuracy(const std::vector<int>& labels,
                                   const std::vector<std::vector<double>>& probabilities,
                                   std::size_t most) {
  check(labels.size() == probabilities.size(), "top_k_accuracy: a row for each label");
  std::vector<std::int64_t> hits(most);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto& row = probabilities[i];
    const auto label = static_cast<std::size_t>(labels[i]);
    std::size_t before = 0;  // classes that the model holds for more probable
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (row[c] > row[label] || (row[c] == row[label] && c < label)) ++before;
    }
    for (std::size_t k = before; k < most; ++k) ++hits[k];
  }
  std::vector<double> accuracy;
  for (const auto count : hits) {
    accuracy.push_back(share(count, static_cast<std::int64_t>(labels.size())));
  }
  return accuracy;
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
