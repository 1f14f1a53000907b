#include "trainers/photo_model.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <utility>

namespace hpo {
namespace {

bool is_finite(const Row& row) {
  return std::all_of(row.begin(), row.end(), [](double p) { return std::isfinite(p); });
}

Result<std::vector<Row>> predict(const PhotoModel& model, std::span<const Image> photos) {
  try {
    auto rows = model(photos);
    if (!rows) return rows.error();
    check(rows->size() == photos.size(), "a model gives one row for each photo");
    if (std::all_of(rows->begin(), rows->end(), is_finite)) return rows;
    return Error{.code = ErrorCode::numerical, .message = "the model gave no finite probabilities"};
  } catch (const std::exception& e) {
    return Error{.code = ErrorCode::environment, .message = e.what()};
  }
}

void predict_into(const PhotoModel& model, std::span<const Image> photos,
                  std::vector<Result<Row>>& rows) {
  auto all = predict(model, photos);
  if (all) {
    for (auto& row : *all) rows.emplace_back(std::move(row));
  } else if (photos.size() == 1) {
    rows.emplace_back(all.error());
  } else {
    predict_into(model, photos.first(photos.size() / 2), rows);
    predict_into(model, photos.subspan(photos.size() / 2), rows);
  }
}

}  // namespace

std::vector<Result<Row>> predict_each(const PhotoModel& model, std::span<const Image> photos) {
  std::vector<Result<Row>> rows;
  rows.reserve(photos.size());
  if (!photos.empty()) predict_into(model, photos, rows);
  return rows;
}

}  // namespace hpo
