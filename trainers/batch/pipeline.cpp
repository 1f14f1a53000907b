#include "trainers/batch/pipeline.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <new>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "trainers/images/file_bytes.h"
#include "trainers/images/picture.h"
#include "trainers/images/resize.h"

namespace hpo::batch {
namespace {

/// How far the results may run ahead of the first one that is missing.
constexpr std::size_t kWindow = 1024;

struct Decoded {
  std::size_t index = 0;
  Image image = {};
};

/// A photo's row, or why it has none.
struct Outcome {
  std::optional<Row> row = {};
  std::string problem = {};
};

/// A message without the file's name, which is told beside it.
std::string reason_of(const Error& error, const Input& input) {
  const std::string place = input.file.string() + ": ";
  return error.message.starts_with(place) ? error.message.substr(place.size()) : error.message;
}

Result<Image> decode(const Input& input, const PipelineOptions& options) {
  try {
    const auto bytes = read_file_bytes(input.file);
    if (!bytes) return bytes.error();
    const auto image = decode_picture(*bytes, "", options.max_pixels);
    if (!image) return image.error();
    return resize(*image, options.image_size, options.image_size);
  } catch (const std::bad_alloc&) {
    return Error{.code = ErrorCode::environment, .message = "no memory left for its pixels"};
  }
}

class Pipeline {
 public:
  Pipeline(std::span<const Input> inputs, const PhotoModel& model, const PipelineOptions& options,
           const std::function<Result<void>(const Predicted&)>& use)
      : inputs_(inputs), model_(model), options_(options), use_(use) {}

  Result<void> run() {
    {
      std::vector<std::jthread> helpers;
      while (helpers.size() + 1 < options_.threads) helpers.emplace_back([this] { work(); });
      work();
    }
    if (failure_) return *failure_;
    return {};
  }

 private:
  using Lock = std::unique_lock<std::mutex>;

  void work() {
    Lock lock(mutex_);
    while (!failure_ && delivered_ < inputs_.size()) {
      if (is_batch_due()) {
        compute(lock);
      } else if (may_decode()) {
        decode_next(lock);
      } else {
        changed_.wait(lock);
      }
    }
    changed_.notify_all();
  }

  [[nodiscard]] bool is_batch_due() const {
    if (computing_ >= options_.models || decoded_.empty()) return false;
    const bool is_last = next_ == inputs_.size() && decoding_ == 0;
    // Where the window holds the decoders back, what is there must do.
    return decoded_.size() >= options_.max_batch || is_last || !is_in_window();
  }

  [[nodiscard]] bool is_in_window() const { return next_ < delivered_ + kWindow; }

  [[nodiscard]] bool may_decode() const {
    constexpr std::size_t kAhead = 4;  // batches: a GPU finds the next one ready
    return next_ < inputs_.size() && is_in_window() &&
           decoded_.size() + decoding_ < kAhead * options_.max_batch;
  }

  void decode_next(Lock& lock) {
    const std::size_t index = next_++;
    ++decoding_;
    lock.unlock();
    auto image = decode(inputs_[index], options_);
    lock.lock();
    --decoding_;
    if (image) {
      decoded_.push_back({.index = index, .image = std::move(*image)});
    } else {
      outcomes_[index].problem = reason_of(image.error(), inputs_[index]);
    }
    changed_.notify_all();
    deliver(lock);
  }

  void compute(Lock& lock) {
    std::vector<std::size_t> indices;
    std::vector<Image> photos;
    while (!decoded_.empty() && photos.size() < options_.max_batch) {
      indices.push_back(decoded_.front().index);
      photos.push_back(std::move(decoded_.front().image));
      decoded_.pop_front();
    }
    ++computing_;
    lock.unlock();
    changed_.notify_all();  // there is room for decoders
    auto rows = predict_each(model_, photos);
    lock.lock();
    --computing_;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i]) outcomes_[indices[i]].row = std::move(*rows[i]);
      if (!rows[i]) failure_ = rows[i].error();
    }
    changed_.notify_all();
    deliver(lock);
  }

  /// One thread at a time hands on what is complete; the others go on computing.
  void deliver(Lock& lock) {
    if (delivering_) return;
    delivering_ = true;
    while (!failure_ && !outcomes_.empty() && outcomes_.begin()->first == delivered_) {
      const Outcome outcome = std::move(outcomes_.begin()->second);
      outcomes_.erase(outcomes_.begin());
      const Predicted predicted{.input = inputs_[delivered_],
                                .row = outcome.row ? &*outcome.row : nullptr,
                                .problem = outcome.problem};
      lock.unlock();
      auto used = use_(predicted);
      lock.lock();
      if (!used) failure_ = used.error();
      ++delivered_;
    }
    delivering_ = false;
    changed_.notify_all();
  }

  std::span<const Input> inputs_;
  const PhotoModel& model_;
  const PipelineOptions& options_;
  const std::function<Result<void>(const Predicted&)>& use_;

  std::mutex mutex_;  // of all that follows
  std::condition_variable changed_;
  std::size_t next_ = 0;  ///< to be decoded
  std::size_t decoding_ = 0;
  std::size_t computing_ = 0;
  std::size_t delivered_ = 0;
  bool delivering_ = false;
  std::deque<Decoded> decoded_ = {};
  std::map<std::size_t, Outcome> outcomes_ = {};
  std::optional<Error> failure_ = {};
};

}  // namespace

Result<void> predict_photos(std::span<const Input> inputs, const PhotoModel& model,
                            const PipelineOptions& options,
                            const std::function<Result<void>(const Predicted&)>& use) {
  check(options.threads > 0 && options.models > 0 && options.max_batch > 0,
        "a pipeline needs threads, a model and a batch");
  return Pipeline(inputs, model, options, use).run();
}

}  // namespace hpo::batch
