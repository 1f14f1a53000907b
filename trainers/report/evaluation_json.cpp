#include "trainers/report/evaluation_json.h"

#include <nlohmann/json.hpp>

namespace hpo {
namespace {

using nlohmann::ordered_json;

ordered_json per_class(const EvaluationReport& r) {
  auto list = ordered_json::array();
  for (std::size_t i = 0; i < r.classes.size(); ++i) {
    const ClassScore& score = r.evaluation.per_class[i];
    list.push_back({{"class", r.classes[i]},
                    {"photos", score.photos},
                    {"correct", score.correct},
                    {"recall", score.recall()},
                    {"precision", score.precision()},
                    {"f1", score.f1()}});
  }
  return list;
}

ordered_json calibration(const Calibration& c) {
  auto bins = ordered_json::array();
  for (const auto& bin : c.bins) {
    bins.push_back({{"low", bin.low},
                    {"high", bin.high},
                    {"photos", bin.photos},
                    {"confidence", bin.confidence},
                    {"accuracy", bin.accuracy}});
  }
  return {{"ece", c.ece}, {"mean_confidence", c.mean_confidence}, {"bins", std::move(bins)}};
}

ordered_json confused(const EvaluationReport& r) {
  auto list = ordered_json::array();
  for (const auto& pair : r.confused) {
    list.push_back({{"classes", {r.classes[pair.first], r.classes[pair.second]}},
                    {"photos", pair.photos()},
                    {"first_as_second", pair.first_as_second},
                    {"second_as_first", pair.second_as_first}});
  }
  return list;
}

ordered_json wrong(const EvaluationReport& r) {
  auto list = ordered_json::array();
  for (const std::size_t i : r.wrong()) {
    const JudgedPhoto& photo = r.photos[i];
    const auto label = static_cast<std::size_t>(photo.label);
    list.push_back({{"file", photo.path},
                    {"class", r.classes[label]},
                    {"predicted_class", r.classes[static_cast<std::size_t>(photo.predicted)]},
                    {"probability", photo.confidence()},
                    {"class_probability", photo.probabilities[label]}});
  }
  return list;
}

ordered_json duplicates(const DuplicateSearch& search) {
  auto list = ordered_json::array();
  for (const auto& pair : search.pairs) {
    list.push_back({{"file", pair.photo},
                    {"training_file", pair.training},
                    {"found_by", pair.likeness == Likeness::same_bytes ? "sha256" : "picture"},
                    {"resemblance", pair.resemblance},
                    {"other_class", pair.is_other_class}});
  }
  return {
      {"folder", search.folder}, {"training_photos", search.photos}, {"pairs", std::move(list)}};
}

ordered_json against(const Rival& rival) {
  const Interval& ci95 = rival.evaluation.accuracy_ci95;
  return {{"model", rival.model},
          {"accuracy", rival.evaluation.accuracy},
          {"accuracy_ci95", {ci95.low, ci95.high}},
          {"only_first_correct", rival.comparison.only_first},
          {"only_second_correct", rival.comparison.only_second},
          {"p_value", rival.comparison.p_value},
          {"verdict", rival.comparison.verdict}};
}

}  // namespace

std::string evaluation_json(const EvaluationReport& r) {
  ordered_json out;
  out["model"] = r.model;
  out["data"] = r.data;
  out["photos"] = r.evaluation.photos;
  out["accuracy"] = r.evaluation.accuracy;
  out["accuracy_ci95"] = {r.evaluation.accuracy_ci95.low, r.evaluation.accuracy_ci95.high};
  out["top5_accuracy"] = r.top_k.empty() ? 0.0 : r.top_k.back();
  out["top_k_accuracy"] = r.top_k;
  out["macro_f1"] = macro_f1(r.evaluation);
  out["classes"] = r.classes;
  out["confusion"] = r.evaluation.confusion;
  out["per_class"] = per_class(r);
  out["calibration"] = calibration(r.calibration);
  out["confused"] = confused(r);
  out["wrong"] = wrong(r);
  out["skipped"] = ordered_json::array();
  for (const auto& bad : r.skipped) {
    out["skipped"].push_back({{"file", bad.path}, {"reason", bad.reason}});
  }
  if (r.duplicates) out["duplicates"] = duplicates(*r.duplicates);
  if (r.against) out["against"] = against(*r.against);
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace hpo
