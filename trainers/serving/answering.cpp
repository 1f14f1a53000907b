#include "trainers/serving/answering.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <new>
#include <utility>

namespace hpo::serving {
namespace {

double seconds_since(Clock::time_point began) {
  return std::chrono::duration<double>(Clock::now() - began).count();
}

HttpResponse out_of_memory() {
  auto response = error_response(503, "out_of_memory", "no memory left for this request",
                                 "try again, or send a smaller picture");
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

HttpResponse bad_picture(const Error& error) {
  return error_response(400, "bad_picture", error.message, error.hint);
}

bool is_finite(const std::vector<double>& row) {
  return std::all_of(row.begin(), row.end(), [](double p) { return std::isfinite(p); });
}

}  // namespace

void Answering::answer(std::vector<Job> jobs) {
  const Clock::time_point began = Clock::now();
  std::vector<Asked> asked = read(std::move(jobs));
  const double decode_s = seconds_since(began);
  std::vector<Image> photos;
  for (Asked& each : asked) {
    std::move(each.pictures.photos.begin(), each.pictures.photos.end(), std::back_inserter(photos));
  }
  std::vector<Result<std::vector<double>>> rows;
  const std::span<const Image> all = photos;
  for (std::size_t begin = 0; begin < all.size(); begin += model_.max_photos) {
    predict_each(all.subspan(begin, std::min(model_.max_photos, all.size() - begin)), rows);
  }
  metrics_.add_batch(photos.size(), decode_s, seconds_since(began) - decode_s);
  std::size_t begin = 0;
  for (Asked& each : asked) {
    const std::size_t count = each.pictures.photos.size();
    reply(each, std::span(rows).subspan(begin, count), photos.size());
    begin += count;
  }
}

bool Answering::is_failing() const {
  constexpr int kInARow = 3;
  return failures_ >= kInARow;
}

std::vector<Answering::Asked> Answering::read(std::vector<Job> jobs) {
  std::vector<Asked> asked;
  for (Job& job : jobs) {
    const double waited_s = seconds_since(job.arrived);
    metrics_.add_wait(waited_s);
    HttpResponse refusal;
    try {
      auto pictures = read_pictures(job.payload, job.body, model_.limits);
      if (pictures) {
        job.form.is_list = pictures->is_list;
        job.body = {};
        asked.push_back({std::move(job), std::move(*pictures), 1000 * waited_s});
        continue;
      }
      refusal = bad_picture(pictures.error());
    } catch (const std::bad_alloc&) {
      refusal = out_of_memory();
    }
    refusal.facts.queue_ms = 1000 * waited_s;
    job.done(std::move(refusal));
  }
  return asked;
}

Result<Answering::Rows> Answering::predict(std::span<const Image> photos) const {
  try {
    auto rows = model_.predict(photos);
    if (!rows) return rows.error();
    check(rows->size() == photos.size(), "a model gives one row for each photo");
    if (std::all_of(rows->begin(), rows->end(), is_finite)) return rows;
    return Error{.code = ErrorCode::numerical, .message = "the model gave no finite probabilities"};
  } catch (const std::exception& e) {
    return Error{.code = ErrorCode::environment, .message = e.what()};
  }
}

void Answering::predict_each(std::span<const Image> photos,
                             std::vector<Result<std::vector<double>>>& rows) {
  auto all = predict(photos);
  if (all) {
    failures_ = 0;
    for (auto& row : *all) rows.emplace_back(std::move(row));
  } else if (photos.size() == 1) {
    ++failures_;
    rows.emplace_back(all.error());
  } else {
    predict_each(photos.first(photos.size() / 2), rows);
    predict_each(photos.subspan(photos.size() / 2), rows);
  }
}

void Answering::reply(Asked& asked, std::span<const Result<std::vector<double>>> rows,
                      std::size_t batch) {
  HttpResponse response;
  Rows values;
  for (const auto& row : rows) {
    if (row) values.push_back(*row);
    if (!row) response = error_response(500, "model_failed", row.error().message);
  }
  if (values.size() == rows.size()) {
    response.content_type =
        asked.job.form.type == AnswerType::csv ? "text/csv" : "application/json";
    response.body = answer_text(model_.classes, values, asked.job.form);
  }
  response.facts.queue_ms = asked.queue_ms;
  response.facts.batch = batch;
  asked.job.done(std::move(response));
}

}  // namespace hpo::serving
