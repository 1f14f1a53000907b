// The command line of the verbs that run, change and use studies.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "engine/cli/command_line.h"
#include "engine/cli/options.h"
#include "engine/cli/verbs.h"

namespace hpo::cli {
namespace {

void declare_file(CLI::App& app, FileArgs& args) {
  app.add_option("FILE", args.file)->required();
  app.add_option("--set", args.set, "override a key of the file, such as limits.trials=12")
      ->allow_extra_args(false)
      ->option_text("KEY=VALUE");
  declare_storage(app, args.storage);
  declare_format(app, args.format);
}

void declare_run(CLI::App& app, Action& action) {
  const auto args = std::make_shared<RunArgs>();
  declare_file(app, args->file);
  app.add_flag("--dry-run", args->dry_run, "say what would be done; touches nothing");
  app.add_flag("--fresh", args->fresh, "begin anew; the old study is renamed, never deleted");
  app.add_flag("--detach-jobs", args->detach_jobs,
               "Ctrl-C leaves SageMaker's training jobs running, for the next run to adopt");
  app.add_flag("--require-target", args->require_target,
               "exit code 5 where limits.target was not reached");
  app.callback([args, &action] { action = [args] { return run_run(*args); }; });
}

void declare_validate(CLI::App& app, Action& action) {
  const auto args = std::make_shared<ValidateArgs>();
  declare_file(app, args->file);
  app.add_option("--log", args->log, "try the file's metric expressions on this log")
      ->option_text("LOG");
  app.callback([args, &action] { action = [args] { return run_validate(*args); }; });
}

void declare_train(CLI::App& app, Action& action) {
  const auto args = std::make_shared<FileArgs>();
  declare_file(app, *args);
  app.callback([args, &action] { action = [args] { return run_train(*args); }; });
}

void declare_ask_tell(CLI::App& app, Action& action) {
  const auto args = std::make_shared<AskTellArgs>();
  declare_file(app, args->file);
  app.add_flag("--memory", args->memory, "store nothing");
  app.callback([args, &action] { action = [args] { return run_ask_tell(*args); }; });
}

void declare_enqueue(CLI::App& app, Action& action) {
  const auto args = std::make_shared<EnqueueArgs>();
  app.add_option("STUDY", args->of.study);
  app.add_option("--set", args->set, "a parameter's value, such as lr=0.01")
      ->allow_extra_args(false)
      ->option_text("NAME=VALUE");
  // Unlike elsewhere not the short form of --format json.
  app.add_option("--json", args->json, "all values as one object")->option_text("OBJECT");
  declare_storage(app, args->of.look.storage);
  declare_format_only(app, args->of.look.format);
  app.callback([args, &action] { action = [args] { return run_enqueue(*args); }; });
}

void declare_stop(CLI::App& app, Action& action) {
  const auto args = std::make_shared<StopArgs>();
  declare_study(app, args->of);
  app.add_flag("--now", args->now, "stop the running trials too (they go on at the next run)");
  app.add_flag("--wait", args->wait, "return when it has ended; --now always does");
  app.callback([args, &action] { action = [args] { return run_stop(*args); }; });
}

void declare_delete(CLI::App& app, Action& action) {
  const auto args = std::make_shared<DeleteArgs>();
  declare_study(app, args->of);
  app.add_flag("-y,--yes", args->yes, "without asking");
  app.callback([args, &action] { action = [args] { return run_delete(*args); }; });
}

void declare_export(CLI::App& app, Action& action) {
  const auto args = std::make_shared<ExportArgs>();
  declare_study(app, args->of);
  app.add_option("--trial", args->trial, "another trial than the best")->option_text("TRIAL");
  app.add_option("-o,--out", args->out, "the package to write")
      ->required()
      ->option_text("FILE.tar.gz");
  app.callback([args, &action] { action = [args] { return run_export(*args); }; });
}

void declare_prepare(CLI::App& app, Action& action) {
  const auto args = std::make_shared<PrepareArgs>();
  app.add_option("SOURCE", args->source);
  app.add_option("-o,--out", args->out, "the folder to make")->required()->option_text("DIR");
  app.add_flag("--synthetic", args->synthetic, "draw photos instead of taking a folder's");
  const auto list = [&](const char* name, std::vector<std::string>& words, const char* text) {
    app.add_option(name, words, text)
        ->delimiter(',')
        ->allow_extra_args(false)
        ->option_text("NAME,...");
  };
  list("--classes", args->classes, "only these classes");
  list("--exclude", args->exclude, "without these classes");
  app.add_option("--validation", args->validation, "share of the training photos (0.2)")
      ->option_text("FRACTION");
  app.add_option("--test", args->test, "share of all photos (0.2); CUB-200-2011 has its own")
      ->option_text("FRACTION");
  app.add_option("--species", args->species, "with --synthetic (6)")->option_text("N");
  app.add_option("--images", args->images, "per species, with --synthetic (40)")->option_text("N");
  app.add_option("--seed", args->seed, "of the split and the drawing (0)")->option_text("N");
  declare_format(app, args->format);
  app.callback([args, &action] { action = [args] { return run_prepare(*args); }; });
}

/// Verbs that hpo-model carries out: is_model_verb sends them there before anything is parsed.
void declare_model(CLI::App&, Action&) {}

void declare_doctor(CLI::App& app, Action& action) {
  const auto args = std::make_shared<DoctorArgs>();
  declare_format(app, args->format);
  app.callback([args, &action] { action = [args] { return run_doctor(*args); }; });
}

void declare_completion(CLI::App& app, Action& action) {
  const auto shell = std::make_shared<std::string>();
  app.add_option("SHELL", *shell)->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
  app.callback([shell, &action] { action = [shell] { return run_completion(*shell); }; });
}

void declare_schema(CLI::App& app, Action& action) {
  app.callback([&action] { action = [] { return run_schema(); }; });
}

constexpr const char* kRun = "Run studies";
constexpr const char* kModels = "Data and models";
constexpr const char* kMachine = "This machine";

}  // namespace

const std::vector<Verb>& acting_verbs() {
  static const std::vector<Verb> verbs = {
      {"run", kRun, "Run a study, or go on with it", "FILE",
       "  hpo run tuning.yaml\n  hpo run tuning.yaml --dry-run\n"
       "  hpo run tuning.yaml --set limits.trials=12 --set study=again\n\n"
       "Ctrl-C once: no new trials; twice: stop the running ones; three times: kill them.\n"
       "The same command goes on where it ended.",
       declare_run},
      {"validate", kRun, "What is wrong with a tuning file, and advice", "FILE",
       "  hpo validate tuning.yaml\n  hpo validate tuning.yaml --log train.log", declare_validate},
      {"schema", kRun, "The JSON Schema of tuning files, for editors", "",
       "  hpo schema > tuning.schema.json\n\n"
       "An editor that knows YAML completes and checks a file whose first line is\n"
       "  # yaml-language-server: $schema=tuning.schema.json",
       declare_schema},
      {"ask-tell", kRun, "Suggestions for a program that runs its own trials", "FILE",
       "  hpo ask-tell tuning.yaml\n"
       "  echo '{\"op\":\"ask\"}' | hpo ask-tell tuning.yaml --memory\n\n"
       "One JSON object per line on stdin, its answer on stdout:\n"
       "  {\"op\":\"ask\"}                                     {\"op\":\"ask\",\"count\":3}\n"
       "  {\"op\":\"tell\",\"number\":0,\"value\":0.31}          or an object of metrics\n"
       "  {\"op\":\"tell\",\"number\":1,\"state\":\"failed\"}      or \"pruned\"\n"
       "  {\"op\":\"report\",\"number\":2,\"step\":3,\"value\":0.5}\n"
       "  {\"op\":\"enqueue\",\"parameters\":{\"lr\":0.01}}\n"
       "  {\"op\":\"best\"}                                    {\"op\":\"pending\"}",
       declare_ask_tell},
      {"enqueue", kRun, "Have a configuration tried next", "[STUDY] --set NAME=VALUE...",
       "  hpo enqueue birds --set lr=0.01 --set optimizer=adam\n"
       "  hpo enqueue birds --json '{\"lr\": 0.01, \"optimizer\": \"adam\"}'\n\n"
       "Before the strategy's next suggestion, or when the study goes on.",
       declare_enqueue},
      {"stop", kRun, "Stop a running study from elsewhere", "[STUDY]",
       "  hpo stop birds          running trials finish\n"
       "  hpo stop birds --now    they are stopped and go on at the next run",
       declare_stop},
      {"delete", kRun, "Remove a study with its folders", "[STUDY]",
       "  hpo delete birds\n  hpo delete birds --yes", declare_delete},
      {"prepare", kModels, "Make train, validation and test folders of photos", "SOURCE --out DIR",
       "  hpo prepare CUB_200_2011 --out data --classes bobolink,gray_catbird\n"
       "  hpo prepare --synthetic --out data --species 6 --images 40",
       declare_prepare},
      {"train", kModels, "One training without a search", "[FILE]",
       "  hpo train tuning.yaml --set trial.hyperparameters.dropout=0.4\n\n"
       "Without FILE: the entry point of a training container (/opt/ml).",
       declare_train},
      {"export", kModels, "The winning model as a package", "[STUDY] --out FILE.tar.gz",
       "  hpo export birds --out model.tar.gz\n"
       "  hpo export birds --trial 7 --out model.tar.gz",
       declare_export},
      {"predict", kModels, "Predictions of many photos", "MODEL INPUT... --out DIR|FILE", "",
       declare_model},
      {"evaluate", kModels, "How good a model is, and where it errs", "MODEL DATA [--html FILE]",
       "", declare_model},
      {"serve", kModels, "Predictions over HTTP, as SageMaker asks for them", "MODEL [--port 8080]",
       "", declare_model},
      {"doctor", kMachine, "What this machine can do", "", "  hpo doctor\n  hpo doctor --json",
       declare_doctor},
      {"completion", kMachine, "A completion script for a shell", "bash|zsh|fish",
       "  hpo completion bash > ~/.local/share/bash-completion/completions/hpo\n"
       "  hpo completion zsh > ~/.zfunc/_hpo\n"
       "  hpo completion fish > ~/.config/fish/completions/hpo.fish",
       declare_completion},
  };
  return verbs;
}

bool is_model_verb(const std::vector<std::string>& words) {
  const std::string& verb = words.front();
  if (verb == "predict" || verb == "evaluate" || verb == "serve") return true;
  return verb == "train" && words.size() == 1;
}

}  // namespace hpo::cli
