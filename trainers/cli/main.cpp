// `hpo-model`: everything that needs libtorch. `hpo train|predict|evaluate|export` start it.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>

#include "objectives/glyphs.h"
#include "trainers/bird_options.h"
#include "trainers/cli/verbs.h"

namespace hpo::cli {
namespace {

struct Outcome {
  int exit_code;
  const char* name;
};

Outcome outcome_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::numerical:
      return {1, "numerical"};
    case ErrorCode::usage:
      return {2, "usage"};
    case ErrorCode::not_found:
      return {2, "not_found"};
    case ErrorCode::exhausted:
      return {2, "exhausted"};
    case ErrorCode::environment:
      return {3, "environment"};
    case ErrorCode::corrupt:
      return {3, "corrupt"};
    case ErrorCode::newer_version:
      return {3, "newer_version"};
    case ErrorCode::held:
      return {4, "held"};
  }
  return {1, "unknown"};
}

void add_format(CLI::App* verb, Format& format) {
  static const std::map<std::string, Format> names = {
      {"table", Format::table}, {"json", Format::json}, {"csv", Format::csv}};
  verb->add_option("--format", format, "table, json or csv")
      ->transform(CLI::CheckedTransformer(names, CLI::ignore_case))
      ->default_str("table");
  verb->add_flag_callback(
      "--json", [&format] { format = Format::json; }, "same as --format json");
}

/// The parsed command line; each verb fills its own part.
struct Arguments {
  TrainArgs train = {};
  PredictArgs predict = {};
  EvaluateArgs evaluate = {};
  TorchscriptArgs torchscript = {};
  CheckArgs check = {};
};

void add_train(CLI::App& app, TrainArgs& args, int& code) {
  CLI::App* verb = app.add_subcommand("train", "one training in a trial's folder");
  verb->add_option("--directory", args.directory,
                   "the folder, laid out as SageMaker's /opt/ml (default: SAGEMAKER_BASE_DIR)");
  verb->add_option("--trainer", args.trainer, "the built-in training program")
      ->capture_default_str();
  verb->add_option("--checkpoint-interval", args.checkpoint_interval_s,
                   "at most one checkpoint in so many seconds")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  verb->callback([&] { code = train(args); });
}

void add_predict(CLI::App& app, PredictArgs& args, int& code) {
  CLI::App* verb = app.add_subcommand("predict", "one .out file per photo");
  verb->add_option("model", args.model, "model.tar.gz or a model's folder")->required();
  verb->add_option("input", args.input, "a photo, or a folder with photos")->required();
  verb->add_option("--out", args.out, "folder for the .out files")->required();
  add_format(verb, args.format);
  verb->callback([&] { code = predict(args); });
}

void add_evaluate(CLI::App& app, EvaluateArgs& args, int& code) {
  CLI::App* verb = app.add_subcommand("evaluate", "accuracy and confusion on labelled photos");
  verb->add_option("model", args.model, "model.tar.gz or a model's folder")->required();
  verb->add_option("data", args.data, "a folder with one folder of photos per class")->required();
  verb->add_option("--against", args.against, "another model, compared on the same photos");
  verb->add_option("--train", args.train, "the training photos: which of them are in the data too");
  verb->add_option("--html", args.html, "writes a page with all this and the photos it got wrong");
  add_format(verb, args.format);
  verb->callback([&] { code = evaluate(args); });
}

void add_package_verbs(CLI::App& app, Arguments& args, int& code) {
  CLI::App* verb = app.add_subcommand("torchscript", "derives TorchScript from a model's folder");
  verb->add_option("model", args.torchscript.model, "the folder")->required();
  verb->add_option("out", args.torchscript.out, "the .pt file to write")->required();
  verb->callback([&] { code = torchscript(args.torchscript); });
  verb = app.add_subcommand("check", "loads a package as a server would, with one answer");
  verb->add_option("package", args.check.package, "model.tar.gz or a model's folder")->required();
  verb->callback([&] { code = check_package(args.check); });
}

int run(int argc, char** argv) {
  CLI::App app{"Trains and runs the bird classifier. People use `hpo`, which starts this.",
               "hpo-model"};
  app.require_subcommand(1);
  Arguments args;
  int code = 0;
  add_train(app, args.train, code);
  add_predict(app, args.predict, code);
  add_evaluate(app, args.evaluate, code);
  add_package_verbs(app, args, code);
  app.add_subcommand("hyperparameters", "lists the bird classifier's hyperparameters")
      ->callback([] { fmt::print("{}", describe_bird_options()); });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  return code;
}

}  // namespace

int fail(const Error& error, Format format) {
  const Outcome outcome = outcome_of(error.code);
  fmt::print(stderr, "hpo-model: {}\n", printable(error.message));
  if (!error.hint.empty()) fmt::print(stderr, "  {}\n", error.hint);
  if (format == Format::json) {
    const nlohmann::ordered_json json = {
        {"error", {{"code", outcome.name}, {"message", error.message}, {"hint", error.hint}}}};
    fmt::print("{}\n", json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  return outcome.exit_code;
}

}  // namespace hpo::cli

int main(int argc, char** argv) { return hpo::cli::run(argc, argv); }
