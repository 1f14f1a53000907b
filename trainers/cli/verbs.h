#pragma once

#include <filesystem>
#include <string>

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

/// `hpo predict`: one `<file>.out` per photo. Exit code 2 where a photo could not be read (the
/// others are predicted), 1 where none could.
struct PredictArgs {
  std::filesystem::path model = {};  ///< model.tar.gz or a model's folder
  std::filesystem::path input = {};  ///< a photo, or a folder with photos at any depth
  std::filesystem::path out = {};
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
