#include "trainers/cli/evaluation_run.h"

#include <fmt/format.h>

#include "trainers/cli/model_source.h"
#include "trainers/cli/photo_batches.h"

namespace hpo::cli {
namespace {

namespace fs = std::filesystem;

using Models = std::vector<std::unique_ptr<Classifier>>;

/// The labelled photos, by the model's classes.
Result<ImageFolder> labelled_photos(const fs::path& data, const std::vector<std::string>& classes) {
  auto folder = list_image_folder(data);
  if (!folder) return folder.error();
  return with_classes(std::move(*folder), classes);
}

/// What each model made of the photos: the first's answers go to `report`, the second's indices of
/// the most probable class come back.
Result<std::vector<int>> judge(const ImageFolder& folder, const Models& models,
                               EvaluationReport& report) {
  std::vector<fs::path> files;
  for (const auto& file : folder.files) files.push_back(folder.root / file.path);
  std::vector<int> second;
  auto skipped = for_each_batch(files, [&](const PhotoBatch& batch) -> Result<void> {
    auto rows = models[0]->predict(batch.photos);
    if (!rows) return rows.error();
    for (std::size_t i = 0; i < rows->size(); ++i) {
      const ImageFile& file = folder.files[batch.indices[i]];
      report.photos.push_back({.path = file.path,
                               .label = file.label,
                               .predicted = most_probable((*rows)[i]),
                               .probabilities = std::move((*rows)[i])});
    }
    if (models.size() == 1) return {};
    const auto others = models[1]->predict(batch.photos);
    if (!others) return others.error();
    for (const auto& row : *others) second.push_back(most_probable(row));
    return {};
  });
  if (!skipped) return skipped.error();
  report.skipped = std::move(*skipped);
  return second;
}

Rival rival_of(const EvaluationReport& report, const std::vector<int>& answers,
               const EvaluateArgs& args) {
  std::vector<int> labels;
  std::vector<bool> first_right;
  std::vector<bool> second_right;
  for (std::size_t i = 0; i < report.photos.size(); ++i) {
    labels.push_back(report.photos[i].label);
    first_right.push_back(report.photos[i].is_right());
    second_right.push_back(answers[i] == labels.back());
  }
  return {
      .model = args.against.string(),
      .evaluation = hpo::evaluate(labels, answers, report.classes.size()),
      .comparison = compare(first_right, second_right, args.model.string(), args.against.string())};
}

Result<DuplicateSearch> search_duplicates(const ImageFolder& data, const fs::path& folder) {
  const auto training = list_image_folder(folder);
  if (!training) return training.error();
  const auto pairs = find_duplicates(data, *training);
  if (!pairs) return pairs.error();
  DuplicateSearch search{.folder = folder.string(), .photos = training->files.size()};
  for (const auto& pair : *pairs) {
    const ImageFile& mine = data.files[pair.first];
    const ImageFile& other = training->files[pair.second];
    const auto class_of = [](const ImageFolder& where, const ImageFile& file) {
      return where.classes[static_cast<std::size_t>(file.label)];
    };
    search.pairs.push_back({.photo = mine.path,
                            .training = other.path,
                            .is_other_class = class_of(data, mine) != class_of(*training, other),
                            .likeness = pair.likeness,
                            .resemblance = pair.resemblance});
  }
  return search;
}

}  // namespace

Result<Models> load_models(const EvaluateArgs& args) {
  Models models;
  for (const auto& path : {args.model, args.against}) {
    if (path.empty()) continue;
    auto model = load_model(path);
    if (!model) return model.error();
    models.push_back(std::move(*model));
  }
  if (models.size() > 1 && models[0]->manifest().classes != models[1]->manifest().classes) {
    return Error{.code = ErrorCode::usage,
                 .message = fmt::format("{} and {} were trained on other classes",
                                        args.model.string(), args.against.string()),
                 .hint = "only models of the same classes can be compared"};
  }
  return models;
}

Result<EvaluationReport> run_evaluation(const EvaluateArgs& args, const Models& models) {
  const ModelManifest& manifest = models[0]->manifest();
  EvaluationReport report{.model = args.model.string(),
                          .data = args.data.string(),
                          .classes = manifest.classes,
                          .image_size = manifest.image_size};
  auto folder = labelled_photos(args.data, report.classes);
  if (!folder) return folder.error();
  const auto second = judge(*folder, models, report);
  if (!second) return second.error();
  if (report.photos.empty()) {
    return Error{.code = ErrorCode::usage,
                 .message = args.data.string() + ": none of its photos can be read"};
  }
  summarise(report);
  if (models.size() > 1) report.against = rival_of(report, *second, args);
  if (args.train.empty()) return report;
  auto duplicates = search_duplicates(*folder, args.train);
  if (!duplicates) return duplicates.error();
  report.duplicates = std::move(*duplicates);
  return report;
}

}  // namespace hpo::cli
