#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "objectives/error.h"

namespace hpo::cli {

/// How results are printed.
enum class Format { table, json, csv };

/// Prints `hpo-model: message` and the hint to stderr, with Format::json also as one object on
/// stdout. Answers the exit code of product.md: 1 nothing usable came out, 2 usage or data,
/// 3 environment.
int fail(const Error& error, Format format = Format::table);

/// `hpo-model train`: one training in a trial's folder.
struct TrainArgs {
  std::string trainer = "bird_classifier";
  std::filesystem::path directory = {};  ///< empty: SAGEMAKER_BASE_DIR, else /opt/ml
  double checkpoint_interval_s = 2;
};
int train(const TrainArgs& args);

/// `hpo predict`: one `<file>.out` per photo, or one table. Exit code 0, also where some photos
/// could not be read (then 2 with `strict`); 1 where none could; 3 where it could not go on.
struct PredictArgs {
  std::filesystem::path model = {};       ///< model.tar.gz or a model's folder
  std::vector<std::string> inputs = {};   ///< as batch::find_inputs has them
  std::filesystem::path out = {};         ///< a folder, or a .csv or .jsonl file
  std::optional<std::size_t> top_k = {};  ///< classes of each prediction; nothing: all
  bool strict = false;
  Format format = Format::table;
};
int predict(const PredictArgs& args);

/// `hpo evaluate`: how a model judges the photos of a class-per-folder channel.
struct EvaluateArgs {
  std::filesystem::path model = {};
  std::filesystem::path data = {};
  std::filesystem::path against = {};  ///< another model, compared in pairs; may be empty
  std::filesystem::path train = {};    ///< the training photos, searched for duplicates; or empty
  std::filesystem::path html = {};     ///< the page to write; may be empty
  Format format = Format::table;
};
int evaluate(const EvaluateArgs& args);

/// Photos that the network computes at once. On one core of a CPU two to eight cost as much each
/// (5.0 ms at 224 pixels; one alone 5.6, sixteen 5.3), and sixteen take four times the memory.
constexpr std::size_t kCpuBatch = 4;
constexpr std::size_t kGpuBatch = 32;

constexpr std::uint16_t kServePort = 8080;    ///< SageMaker's
constexpr std::size_t kQueuedPerWorker = 64;  ///< about a second's work of one core
constexpr std::size_t kMaxWorkers = 1024;

/// `hpo serve`: SageMaker's inference contract over HTTP, until SIGTERM or Ctrl-C. Exit code 0
/// where everything that had begun was answered.
struct ServeArgs {
  std::filesystem::path model = {};  ///< empty: SAGEMAKER_BASE_DIR/model, else /opt/ml/model
  std::string host = {};             ///< empty: all addresses in a container, else loopback
  std::optional<std::uint16_t> port =
      {};                     ///< 0: any; not given: SAGEMAKER_BIND_TO_PORT, kServePort
  std::size_t workers = 0;    ///< 0: the process' CPUs
  std::size_t max_batch = 0;  ///< 0: kCpuBatch or kGpuBatch
  std::size_t queue = 0;      ///< 0: kQueuedPerWorker for each worker
  double max_batch_s = 0.25;  ///< a batch takes no longer, by what the last ones took
  std::size_t max_payload_mib = 6;
  std::int64_t max_megapixels = 50;  ///< of one photo
  bool access_log = true;
};
int serve(const ServeArgs& args);

/// `hpo-model torchscript`: derives TorchScript from a model's folder, for `hpo export`.
struct TorchscriptArgs {
  std::filesystem::path model = {};
  std::filesystem::path out = {};
};
int torchscript(const TorchscriptArgs& args);

/// `hpo-model check`: loads a package once as a server would, with one answer.
struct CheckArgs {
  std::filesystem::path package = {};
};
int check_package(const CheckArgs& args);

}  // namespace hpo::cli
