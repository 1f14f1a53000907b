#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "objectives/csv.h"
#include "objectives/glyphs.h"
#include "trainers/batch/output.h"
#include "trainers/batch/pipeline.h"
#include "trainers/cli/model_source.h"
#include "trainers/cli/progress.h"
#include "trainers/cli/verbs.h"
#include "trainers/evaluation.h"
#include "trainers/files.h"
#include "trainers/images/parallel.h"

namespace hpo::cli {
namespace {

namespace fs = std::filesystem;
using batch::Input;
using batch::Output;
using batch::Predicted;

std::string text_on_stdin() { return {std::istreambuf_iterator<char>(std::cin), {}}; }

/// A loaded model, and a sum that stands for it.
struct LoadedModel {
  std::unique_ptr<Classifier> classifier = {};
  std::string sum = {};
  bool gpu = false;
};

/// The pipeline's threads are the parallelism: torch gets one thread in each.
Result<LoadedModel> load(const fs::path& path) {
  auto source = open_model(path);
  if (!source) return source.error();
  ClassifierOptions options = classifier_options_from_environment();
  options.threads = 1;
  auto classifier = load_classifier(source->folder(), options);
  if (!classifier) return classifier.error();
  // It holds the weights' own sum.
  const auto manifest = read_text(source->folder() / kManifestFile);
  if (!manifest) return manifest.error();
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(manifest->data());
  return LoadedModel{.classifier = std::move(*classifier),
                     .sum = sha256_hex({bytes, manifest->size()}),
                     .gpu = options.gpu};
}

Result<std::unique_ptr<Output>> open_output(const PredictArgs& args,
                                            const std::vector<Input>& inputs,
                                            const LoadedModel& model) {
  const batch::OutputOptions options{
      .classes = model.classifier->manifest().classes, .top_k = args.top_k, .model = model.sum};
  return batch::is_table_name(args.out) ? batch::open_table(args.out, options)
                                        : batch::open_out_folder(args.out, inputs, options);
}

/// Shows each prediction on stdout: as JSON, and where no table is written that has them all.
class Answers {
 public:
  /// table: the file's name; empty where there is an .out for each.
  Answers(const std::vector<std::string>& classes, Format format, std::string table,
          const std::vector<Input>& inputs)
      : classes_(classes), format_(format), table_(std::move(table)) {
    constexpr std::size_t kWidest = 60;
    for (const auto& input : inputs) width_ = std::max(width_, printable(input.name).size());
    width_ = std::min(width_, kWidest);
    if (format_ == Format::csv && table_.empty()) {
      fmt::print("{}", csv_line({"file", "predicted_class", "probability"}));
    }
  }

  void add(const std::string& name, const Row& row) {
    const auto best = static_cast<std::size_t>(most_probable(row));
    const std::string& label = classes_[best];
    if (format_ == Format::json) {
      const std::string out_name = table_.empty() ? name + ".out" : table_;
      list_.push_back({{"file", name},
                       {"predicted_class", label},
                       {"probability", row[best]},
                       {"out", out_name}});
    } else if (!table_.empty()) {
      return;
    } else if (format_ == Format::csv) {
      fmt::print("{}", csv_line({name, label, fmt::format("{}", row[best])}));
    } else {
      fmt::print("{:{}}  {:5.1f} %  {}\n", printable(name), width_, 100 * row[best],
                 printable(label));
    }
  }

  void finish() const {
    if (format_ != Format::json) return;
    fmt::print("{}\n", list_.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  }

 private:
  const std::vector<std::string>& classes_;
  Format format_;
  std::string table_;
  std::size_t width_ = 4;
  nlohmann::ordered_json list_ = nlohmann::ordered_json::array();
};

/// How many photos had what fate, in this and earlier runs.
struct Counts {
  std::size_t predicted = 0;
  std::size_t bad = 0;
};

batch::PipelineOptions pipeline_options(const LoadedModel& model) {
  const std::size_t threads = thread_count();
  return {.threads = model.gpu ? threads + 1 : threads,
          .models = model.gpu ? 1 : threads,
          .max_batch = model.gpu ? kGpuBatch : kCpuBatch,
          .image_size = static_cast<int>(model.classifier->manifest().image_size)};
}

/// The inputs of which nothing is known yet; the others are counted.
std::vector<Input> left_of(const std::vector<Input>& inputs, const Output& output, Counts& counts) {
  std::vector<Input> left;
  for (const Input& input : inputs) {
    const batch::Known known = output.known(input);
    if (known == batch::Known::no) left.push_back(input);
    if (known == batch::Known::predicted) ++counts.predicted;
    if (known == batch::Known::bad) ++counts.bad;
  }
  const std::size_t before = inputs.size() - left.size();
  if (before > 0) fmt::print(stderr, "{} of {} photos were done before\n", before, inputs.size());
  return left;
}

Result<Counts> predict_all(const std::vector<Input>& inputs, const LoadedModel& model,
                           Output& output, const PredictArgs& args) {
  Counts counts;
  const std::vector<Input> left = left_of(inputs, output, counts);
  const std::string table = batch::is_table_name(args.out) ? args.out.string() : std::string();
  Answers answers(model.classifier->manifest().classes, args.format, table, left);
  Progress progress(left.size());
  const auto use = [&](const Predicted& photo) -> Result<void> {
    progress.step();
    ++(photo.row != nullptr ? counts.predicted : counts.bad);
    if (photo.row != nullptr) answers.add(photo.input.name, *photo.row);
    if (photo.row == nullptr) {
      progress.finish();
      fmt::print(stderr, "hpo-model: {}: {}\n", printable(photo.input.file.string()),
                 printable(photo.problem));
    }
    return output.add(photo);
  };
  const PhotoModel predict = [&](std::span<const Image> photos) {
    return model.classifier->predict(photos);
  };
  auto done = batch::predict_photos(left, predict, pipeline_options(model), use);
  progress.finish();
  if (done) done = output.finish(inputs);
  if (!done) return done.error();
  answers.finish();
  const double rate = static_cast<double>(left.size()) / std::max(progress.seconds(), 1e-9);
  fmt::print(stderr, "{} of {} photos predicted, {}; {:.1f} s, {:.0f}/s\n", counts.predicted,
             inputs.size(), output.place(), progress.seconds(), rate);
  return counts;
}

}  // namespace

int predict(const PredictArgs& args) {
  const auto inputs = batch::find_inputs(args.inputs, text_on_stdin);
  if (!inputs) return fail(inputs.error(), args.format);
  const auto model = load(args.model);
  if (!model) return fail(model.error(), args.format);
  const auto output = open_output(args, *inputs, *model);
  if (!output) return fail(output.error(), args.format);
  const auto counts = predict_all(*inputs, *model, **output, args);
  if (!counts) return fail(counts.error(), args.format);
  if (counts->predicted == 0) return 1;
  return args.strict && counts->bad > 0 ? 2 : 0;
}

}  // namespace hpo::cli
