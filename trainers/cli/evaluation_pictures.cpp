#include "trainers/cli/evaluation_pictures.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "trainers/cli/photo_batches.h"
#include "trainers/images/heat_map.h"
#include "trainers/images/jpeg.h"
#include "trainers/images/photo.h"

namespace hpo::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostWrong = 60;
constexpr std::size_t kMostRight = 9;
constexpr std::size_t kMostDuplicates = 24;
constexpr int kSide = 224;  // twice what the page shows, for fine screens
constexpr int kQuality = 80;

/// The surest right answer of each class, the surest classes first.
std::vector<std::size_t> one_of_each_class(const EvaluationReport& report) {
  std::vector<std::size_t> chosen;
  std::set<int> shown;
  for (const std::size_t i : report.right()) {
    if (chosen.size() == kMostRight) break;
    if (shown.insert(report.photos[i].label).second) chosen.push_back(i);
  }
  return chosen;
}

Result<ShownPhoto> draw(std::size_t index, const Image& photo, const Saliency& saliency) {
  const Image small = thumbnail(photo, kSide);
  auto plain = encode_jpeg(small, kQuality);
  if (!plain) return plain.error();
  auto cam = encode_jpeg(with_heat(small, saliency.grad_cam, saliency.size), kQuality);
  if (!cam) return cam.error();
  auto gradient = encode_jpeg(with_heat(small, saliency.gradient, saliency.size), kQuality);
  if (!gradient) return gradient.error();
  return ShownPhoto{.index = index,
                    .photo = std::move(*plain),
                    .grad_cam = std::move(*cam),
                    .gradient = std::move(*gradient)};
}

Result<std::vector<ShownPhoto>> draw_all(const std::vector<std::size_t>& indices,
                                         const EvaluationReport& report, const fs::path& data,
                                         Classifier& model) {
  std::vector<fs::path> files;
  for (const std::size_t i : indices) files.push_back(data / report.photos[i].path);
  std::vector<ShownPhoto> shown;
  // A photo that vanished meanwhile is left out.
  auto skipped = for_each_batch(files, [&](const PhotoBatch& batch) -> Result<void> {
    std::vector<int> answers;
    for (const std::size_t i : batch.indices) {
      answers.push_back(report.photos[indices[i]].predicted);
    }
    auto maps = model.explain(batch.photos, answers);
    if (!maps) return maps.error();
    for (std::size_t i = 0; i < batch.photos.size(); ++i) {
      auto drawn = draw(indices[batch.indices[i]], batch.photos[i], (*maps)[i]);
      if (!drawn) return drawn.error();
      shown.push_back(std::move(*drawn));
    }
    return {};
  });
  if (!skipped) return skipped.error();
  return shown;
}

Result<std::vector<std::uint8_t>> small_jpeg(const fs::path& file) {
  const auto photo = read_photo(file);
  if (!photo) return photo.error();
  if (!photo->image) {
    return Error{.code = ErrorCode::environment,
                 .message = fmt::format("{}: {}", file.string(), photo->reason)};
  }
  return encode_jpeg(thumbnail(*photo->image, kSide), kQuality);
}

Result<std::vector<ShownDuplicate>> draw_duplicates(const EvaluationReport& report,
                                                    const EvaluateArgs& args) {
  std::vector<ShownDuplicate> shown;
  if (!report.duplicates) return shown;
  const auto& pairs = report.duplicates->pairs;
  for (std::size_t i = 0; i < std::min(kMostDuplicates, pairs.size()); ++i) {
    auto photo = small_jpeg(args.data / pairs[i].photo);
    if (!photo) return photo.error();
    auto training = small_jpeg(args.train / pairs[i].training);
    if (!training) return training.error();
    shown.push_back({.index = i, .photo = std::move(*photo), .training = std::move(*training)});
  }
  return shown;
}

}  // namespace

Result<EvaluationPictures> draw_pictures(const EvaluationReport& report, const EvaluateArgs& args,
                                         Classifier& model) {
  std::vector<std::size_t> chosen = report.wrong();
  if (chosen.size() > kMostWrong) chosen.resize(kMostWrong);
  auto wrong = draw_all(chosen, report, args.data, model);
  if (!wrong) return wrong.error();
  auto right = draw_all(one_of_each_class(report), report, args.data, model);
  if (!right) return right.error();
  auto duplicates = draw_duplicates(report, args);
  if (!duplicates) return duplicates.error();
  return EvaluationPictures{
      .wrong = std::move(*wrong), .right = std::move(*right), .duplicates = std::move(*duplicates)};
}

}  // namespace hpo::cli
