#include "trainers/serving/answering.h"

#include <algorithm>
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

}  // namespace

void Answering::answer(std::vector<Job> jobs) {
  const Clock::time_point began = Clock::now();
  std::vector<Asked> asked = read(std::move(jobs));
  const double decode_s = seconds_since(began);
  std::vector<Image> photos;
  for (Asked& each : asked) {
    std::move(each.pictures.photos.begin(), each.pictures.photos.end(), std::back_inserter(photos));
  }
  const auto rows = predict(photos);
  metrics_.add_batch(photos.size(), decode_s, seconds_since(began) - decode_s);
  std::size_t begin = 0;
  for (const Asked& each : asked) {
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

std::vector<Result<Row>> Answering::predict(std::span<const Image> photos) {
  std::vector<Result<Row>> rows;
  for (std::size_t begin = 0; begin < photos.size(); begin += model_.max_photos) {
    const std::size_t count = std::min(model_.max_photos, photos.size() - begin);
    for (auto& row : predict_each(model_.predict, photos.subspan(begin, count))) {
      if (row) failures_ = 0;
      if (!row) ++failures_;
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

HttpResponse Answering::response_to(const Asked& asked, std::span<const Result<Row>> rows) const {
  std::vector<Row> values;
  for (const auto& row : rows) {
    if (!row) return error_response(500, "model_failed", row.error().message);
    values.push_back(*row);
  }
  const AnswerForm& form = asked.job.form;
  return {.content_type = form.type == AnswerType::csv ? "text/csv" : "application/json",
          .body = answer_text(model_.classes, values, form)};
}

void Answering::reply(const Asked& asked, std::span<const Result<Row>> rows,
                      std::size_t batch) const {
  HttpResponse response;
  try {
    response = response_to(asked, rows);
  } catch (const std::bad_alloc&) {
    response = out_of_memory();
  }
  response.facts.queue_ms = asked.queue_ms;
  response.facts.batch = batch;
  asked.job.done(std::move(response));
}

}  // namespace hpo::serving
