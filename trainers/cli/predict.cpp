#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "objectives/csv.h"
#include "objectives/glyphs.h"
#include "trainers/cli/model_source.h"
#include "trainers/cli/photo_batches.h"
#include "trainers/cli/verbs.h"
#include "trainers/evaluation.h"
#include "trainers/files.h"

namespace hpo::cli {
namespace {

namespace fs = std::filesystem;

/// What is predicted: the files, and their names below the output folder (without `.out`).
struct Inputs {
  std::vector<fs::path> files = {};
  std::vector<std::string> names = {};
};

struct Answer {
  std::string name = {};
  std::string predicted_class = {};
  double probability = 0;
};

bool is_jpeg_name(const fs::path& file) {
  std::string extension = file.extension();
  for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return extension == ".jpg" || extension == ".jpeg";
}

Result<Inputs> find_inputs(const fs::path& input) {
  Inputs inputs;
  std::error_code failed;
  if (fs::is_regular_file(input, failed)) {
    inputs.files.push_back(input);
    inputs.names.push_back(input.filename());
    return inputs;
  }
  if (!fs::is_directory(input, failed)) {
    return Error{.code = ErrorCode::not_found,
                 .message = input.string() + ": no such photo or folder"};
  }
  for (auto it = fs::recursive_directory_iterator(
           input, fs::directory_options::follow_directory_symlink, failed);
       !failed && it != fs::recursive_directory_iterator(); it.increment(failed)) {
    std::error_code
        dangling;  // such a link, or a FIFO, is listed with the photos that cannot be read
    if (!it->is_directory(dangling) && is_jpeg_name(it->path())) inputs.files.push_back(it->path());
  }
  if (failed) {
    return Error{.code = ErrorCode::environment,
                 .message = input.string() + ": cannot be listed: " + failed.message()};
  }
  if (inputs.files.empty()) {
    return Error{.code = ErrorCode::usage,
                 .message = input.string() + ": no .jpg or .jpeg file in this folder"};
  }
  std::sort(inputs.files.begin(), inputs.files.end());
  for (const auto& file : inputs.files) {
    inputs.names.push_back(file.lexically_relative(input).generic_string());
  }
  return inputs;
}

/// Predicts all photos and writes their .out files.
struct Prediction {
  std::vector<Answer> answers = {};
  std::vector<SkippedFile> skipped = {};
};

Result<Prediction> predict_all(Classifier& model, const Inputs& inputs, const fs::path& out) {
  const auto& classes = model.manifest().classes;
  Prediction result;
  auto skipped = for_each_batch(inputs.files, [&](const PhotoBatch& batch) -> Result<void> {
    auto rows = model.predict(batch.photos);
    if (!rows) return rows.error();
    for (std::size_t i = 0; i < rows->size(); ++i) {
      const auto& row = (*rows)[i];
      const std::string& name = inputs.names[batch.indices[i]];
      auto written = write_atomically(out / (name + ".out"), prediction_json(classes, row) + "\n");
      if (!written) return written;
      const auto best = static_cast<std::size_t>(most_probable(row));
      result.answers.push_back(
          {.name = name, .predicted_class = classes[best], .probability = row[best]});
    }
    return {};
  });
  if (!skipped) return skipped.error();
  result.skipped = std::move(*skipped);
  return result;
}

void print_answers(const std::vector<Answer>& answers, Format format) {
  if (format == Format::json) {
    auto list = nlohmann::ordered_json::array();
    for (const auto& a : answers) {
      list.push_back({{"file", a.name},
                      {"predicted_class", a.predicted_class},
                      {"probability", a.probability},
                      {"out", a.name + ".out"}});
    }
    fmt::print("{}\n", list.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
    return;
  }
  if (format == Format::csv) {
    fmt::print("{}", csv_line({"file", "predicted_class", "probability"}));
    for (const auto& a : answers) {
      fmt::print("{}", csv_line({a.name, a.predicted_class, fmt::format("{}", a.probability)}));
    }
    return;
  }
  std::size_t width = 4;
  for (const auto& a : answers) width = std::max(width, printable(a.name).size());
  for (const auto& a : answers) {
    fmt::print("{:{}}  {:5.1f} %  {}\n", printable(a.name), width, 100 * a.probability,
               printable(a.predicted_class));
  }
}

}  // namespace

int predict(const PredictArgs& args) {
  auto inputs = find_inputs(args.input);
  if (!inputs) return fail(inputs.error(), args.format);
  auto model = load_model(args.model);
  if (!model) return fail(model.error(), args.format);
  auto result = predict_all(**model, *inputs, args.out);
  if (!result) return fail(result.error(), args.format);
  print_answers(result->answers, args.format);
  for (const auto& bad : result->skipped) {
    fmt::print(stderr, "hpo-model: {}: {}\n", printable(bad.path), printable(bad.reason));
  }
  fmt::print(stderr, "{} of {} photos predicted, one .out each in {}\n", result->answers.size(),
             inputs->files.size(), args.out.string());
  return result->answers.empty() ? 1 : 0;
}

}  // namespace hpo::cli
