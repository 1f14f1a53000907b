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
  ServeArgs serve = {};
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
  CLI::App* verb = app.add_subcommand("predict", "predictions of many photos");
  verb->add_option("model", args.model, "model.tar.gz or a model's folder")->required();
  verb->add_option("input", args.inputs,
                   "photos, folders, patterns ('photos/*.png'), lists (.txt, .manifest, .json, "
                   ".jsonl, - for stdin)")
      ->required();
  verb->add_option("--out", args.out,
                   "folder for one .out file per photo, or a .csv or .jsonl file for all")
      ->required();
  verb->add_option("--top-k", args.top_k, "only the most probable classes (default: all)")
      ->check(CLI::PositiveNumber);
  verb->add_flag("--strict", args.strict, "exit code 2 where a photo cannot be read");
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

void add_serve(CLI::App& app, ServeArgs& args, int& code) {
  CLI::App* verb = app.add_subcommand("serve", "predictions over HTTP, as SageMaker asks for them");
  verb->add_option("model", args.model,
                   "model.tar.gz or a model's folder (in a container: /opt/ml/model)");
  verb->add_option("--host", args.host,
                   "address to listen on (default: 127.0.0.1, in a container all)");
  verb->add_option("--port", args.port, "port, 0 for any free one (default: 8080)");
  verb->add_option("--workers", args.workers, "threads that compute (default: one per CPU)")
      ->check(CLI::Range(std::size_t{1}, kMaxWorkers));
  verb->add_option("--max-batch", args.max_batch,
                   "photos computed together (default: 4 on CPUs, 32 on a GPU)")
      ->check(CLI::Range(1, 1024));
  verb->add_option("--max-batch-time", args.max_batch_s,
                   "seconds that a batch may take: those that wait for a worker wait no longer")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  verb->add_option("--queue", args.queue,
                   "requests that may wait; more are answered 503 (default: 64 per worker)")
      ->check(CLI::Range(1, 1 << 20));
  verb->add_option("--max-payload", args.max_payload_mib, "MiB of one request's body")
      ->capture_default_str()
      ->check(CLI::Range(1, 100));
  verb->add_option("--max-megapixels", args.max_megapixels, "millions of pixels of one photo")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  verb->add_flag("!--no-access-log", args.access_log, "no line on stderr for each request");
  verb->callback([&] { code = serve(args); });
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
  add_serve(app, args.serve, code);
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
