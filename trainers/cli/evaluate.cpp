#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "objectives/csv.h"
#include "objectives/glyphs.h"
#include "trainers/cli/model_source.h"
#include "trainers/cli/photo_batches.h"
#include "trainers/cli/verbs.h"
#include "trainers/evaluation.h"

namespace hpo::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

/// Two models on one channel, or one.
struct Outcome {
  std::vector<std::string> classes = {};
  std::vector<SkippedFile> skipped = {};
  Evaluation first = {};
  std::optional<Evaluation> second = {};
  Comparison comparison = {};
};

/// The labelled photos, by the first model's classes.
Result<ImageFolder> labelled_photos(const fs::path& data, const std::vector<std::string>& classes) {
  auto folder = list_image_folder(data);
  if (!folder) return folder.error();
  return with_classes(std::move(*folder), classes);
}

Result<void> check_same_classes(const EvaluateArgs& args, const ModelManifest& first,
                                const ModelManifest& second) {
  if (first.classes == second.classes) return {};
  return Error{.code = ErrorCode::usage,
               .message = fmt::format("{} and {} were trained on other classes",
                                      args.model.string(), args.against.string()),
               .hint = "only models of the same classes can be compared"};
}

Result<Outcome> evaluate_models(const EvaluateArgs& args) {
  std::vector<std::unique_ptr<Classifier>> models;
  for (const auto& path : {args.model, args.against}) {
    if (path.empty()) continue;
    auto model = load_model(path);
    if (!model) return model.error();
    models.push_back(std::move(*model));
  }
  Outcome outcome{.classes = models[0]->manifest().classes};
  if (models.size() > 1) {
    auto same = check_same_classes(args, models[0]->manifest(), models[1]->manifest());
    if (!same) return same.error();
  }
  auto folder = labelled_photos(args.data, outcome.classes);
  if (!folder) return folder.error();
  std::vector<fs::path> files;
  for (const auto& file : folder->files) files.push_back(folder->root / file.path);

  std::vector<int> labels;
  std::vector<std::vector<int>> answers(models.size());
  std::vector<std::vector<bool>> right(models.size());
  auto skipped = for_each_batch(files, [&](const PhotoBatch& batch) -> Result<void> {
    for (const std::size_t i : batch.indices) labels.push_back(folder->files[i].label);
    for (std::size_t m = 0; m < models.size(); ++m) {
      auto rows = models[m]->predict(batch.photos);
      if (!rows) return rows.error();
      for (std::size_t i = 0; i < rows->size(); ++i) {
        answers[m].push_back(most_probable((*rows)[i]));
        right[m].push_back(answers[m].back() == folder->files[batch.indices[i]].label);
      }
    }
    return {};
  });
  if (!skipped) return skipped.error();
  if (labels.empty()) {
    return Error{.code = ErrorCode::usage,
                 .message = args.data.string() + ": none of its photos can be read"};
  }
  outcome.skipped = std::move(*skipped);
  outcome.first = hpo::evaluate(labels, answers[0], outcome.classes.size());
  if (models.size() > 1) {
    outcome.second = hpo::evaluate(labels, answers[1], outcome.classes.size());
    outcome.comparison = compare(right[0], right[1], args.model.string(), args.against.string());
  }
  return outcome;
}

double share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

ordered_json to_json(const Outcome& o, const EvaluateArgs& args) {
  ordered_json out;
  out["model"] = args.model.string();
  out["photos"] = o.first.photos;
  out["accuracy"] = o.first.accuracy;
  out["accuracy_ci95"] = {o.first.accuracy_ci95.low, o.first.accuracy_ci95.high};
  out["classes"] = o.classes;
  out["confusion"] = o.first.confusion;
  out["per_class"] = ordered_json::array();
  for (std::size_t i = 0; i < o.classes.size(); ++i) {
    const ClassScore& score = o.first.per_class[i];
    out["per_class"].push_back({{"class", o.classes[i]},
                                {"photos", score.photos},
                                {"correct", score.correct},
                                {"recall", share(score.correct, score.photos)},
                                {"precision", share(score.correct, score.predicted)}});
  }
  out["skipped"] = ordered_json::array();
  for (const auto& bad : o.skipped) {
    out["skipped"].push_back({{"file", bad.path}, {"reason", bad.reason}});
  }
  if (o.second) {
    out["against"] = {
        {"model", args.against.string()},
        {"accuracy", o.second->accuracy},
        {"accuracy_ci95", {o.second->accuracy_ci95.low, o.second->accuracy_ci95.high}},
        {"only_first_correct", o.comparison.only_first},
        {"only_second_correct", o.comparison.only_second},
        {"p_value", o.comparison.p_value},
        {"verdict", o.comparison.verdict}};
  }
  return out;
}

void print_accuracy(const std::string& name, const Evaluation& e) {
  fmt::print("{}: accuracy {:.3f} (95 %: {:.3f} to {:.3f}), {} of {} photos\n", printable(name),
             e.accuracy, e.accuracy_ci95.low, e.accuracy_ci95.high, e.correct, e.photos);
}

void print_table(const Outcome& o, const EvaluateArgs& args) {
  print_accuracy(args.model.string(), o.first);
  std::size_t width = 5;
  for (const auto& name : o.classes) width = std::max(width, printable(name).size());
  fmt::print("\n{:{}}  photos  recall  precision  predicted as 1..{}\n", "class", width,
             o.classes.size());
  constexpr std::size_t kColumns = 20;  // wider confusion matrices are for --format json
  for (std::size_t i = 0; i < o.classes.size(); ++i) {
    const ClassScore& score = o.first.per_class[i];
    std::string row;
    for (std::size_t j = 0; j < o.classes.size() && o.classes.size() <= kColumns; ++j) {
      row += fmt::format(" {:3}", o.first.confusion[i][j]);
    }
    fmt::print("{:{}}  {:6}  {:6.2f}  {:9.2f} {}\n", printable(o.classes[i]), width, score.photos,
               share(score.correct, score.photos), share(score.correct, score.predicted), row);
  }
  if (!o.second) return;
  fmt::print("\n");
  print_accuracy(args.against.string(), *o.second);
  fmt::print("right only with the first {}, only with the second {}; McNemar p = {:.3f}: {}\n",
             o.comparison.only_first, o.comparison.only_second, o.comparison.p_value,
             o.comparison.verdict);
}

void print_csv(const Outcome& o) {
  fmt::print("{}", csv_line({"class", "photos", "correct", "recall", "precision"}));
  for (std::size_t i = 0; i < o.classes.size(); ++i) {
    const ClassScore& score = o.first.per_class[i];
    fmt::print("{}",
               csv_line({o.classes[i], std::to_string(score.photos), std::to_string(score.correct),
                         fmt::format("{}", share(score.correct, score.photos)),
                         fmt::format("{}", share(score.correct, score.predicted))}));
  }
}

}  // namespace

int evaluate(const EvaluateArgs& args) {
  auto outcome = evaluate_models(args);
  if (!outcome) return fail(outcome.error(), args.format);
  for (const auto& bad : outcome->skipped) {
    fmt::print(stderr, "hpo-model: skipped {}: {}\n", printable(bad.path), printable(bad.reason));
  }
  switch (args.format) {
    case Format::json:
      fmt::print(
          "{}\n",
          to_json(*outcome, args).dump(2, ' ', false, ordered_json::error_handler_t::replace));
      break;
    case Format::csv:
      print_csv(*outcome);
      break;
    case Format::table:
      print_table(*outcome, args);
      break;
  }
  return 0;
}

}  // namespace hpo::cli
