// `hpo-model`: everything that needs libtorch. `hpo train|predict|evaluate|export` start it.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "trainers/bird_options.h"
#include "trainers/cli/verbs.h"

namespace hpo::cli {

int exit_code(const Error& error) {
  switch (error.code) {
    case ErrorCode::numerical:
      return 1;
    case ErrorCode::usage:
    case ErrorCode::not_found:
    case ErrorCode::exhausted:
      return 2;
    case ErrorCode::environment:
    case ErrorCode::corrupt:
    case ErrorCode::newer_version:
      return 3;
    case ErrorCode::held:
      return 4;
  }
  return 1;
}

int fail(const Error& error) {
  fmt::print(stderr, "hpo-model: {}\n", error.message);
  if (!error.hint.empty()) fmt::print(stderr, "  {}\n", error.hint);
  return exit_code(error);
}

namespace {

/// A verb's arguments live in `args`, which outlives the parser.
template <class Args>
CLI::App* add_verb(CLI::App& app, const char* name, const char* help, int (*run)(const Args&),
                   Args& args, int& code) {
  CLI::App* verb = app.add_subcommand(name, help);
  verb->callback([run, &args, &code] { code = run(args); });
  return verb;
}

int run(int argc, char** argv) {
  CLI::App app{"Trains and runs the bird classifier. People use `hpo`, which starts this.",
               "hpo-model"};
  app.require_subcommand(1);
  int code = 0;
  TrainArgs training;
  CLI::App* verb =
      add_verb(app, "train", "one training in a trial's folder", train, training, code);
  verb->add_option("--directory", training.directory,
                   "the folder, laid out as SageMaker's /opt/ml (default: SAGEMAKER_BASE_DIR)");
  verb->add_option("--trainer", training.trainer, "the built-in training program")
      ->capture_default_str();
  verb->add_option("--checkpoint-interval", training.checkpoint_interval_s,
                   "at most one checkpoint in so many seconds")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
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
}  // namespace hpo::cli

int main(int argc, char** argv) { return hpo::cli::run(argc, argv); }
