#include "trainers/report/evaluation_report.h"

#include <algorithm>

namespace hpo {
namespace {

std::vector<std::size_t> surest_first(const std::vector<JudgedPhoto>& photos, bool right) {
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < photos.size(); ++i) {
    if (photos[i].is_right() == right) chosen.push_back(i);
  }
  std::stable_sort(chosen.begin(), chosen.end(), [&](std::size_t a, std::size_t b) {
    return photos[a].confidence() > photos[b].confidence();
  });
  return chosen;
}

}  // namespace

std::vector<std::size_t> EvaluationReport::wrong() const { return surest_first(photos, false); }

std::vector<std::size_t> EvaluationReport::right() const { return surest_first(photos, true); }

void summarise(EvaluationReport& report) {
  constexpr std::size_t kMostTop = 5;
  constexpr std::size_t kPairs = 20;
  std::vector<int> labels;
  std::vector<int> answers;
  std::vector<double> confidences;
  std::vector<bool> right;
  std::vector<std::vector<double>> probabilities;
  for (const auto& photo : report.photos) {
    labels.push_back(photo.label);
    answers.push_back(photo.predicted);
    confidences.push_back(photo.confidence());
    right.push_back(photo.is_right());
    probabilities.push_back(photo.probabilities);
  }
  report.evaluation = evaluate(labels, answers, report.classes.size());
  report.top_k = top_k_accuracy(labels, probabilities, std::min(kMostTop, report.classes.size()));
  report.calibration = calibrate(confidences, right);
  report.confused = most_confused(report.evaluation, kPairs);
}

}  // namespace hpo
