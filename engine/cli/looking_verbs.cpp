// The command line of the verbs that look at studies, and of the options that verbs share.

#include <CLI/CLI.hpp>
#include <map>
#include <memory>

#include "engine/cli/command_line.h"
#include "engine/cli/options.h"
#include "engine/cli/verbs.h"

namespace hpo::cli {

void declare_format_only(CLI::App& app, Format& format) {
  const std::map<std::string, Format> names = {
      {"table", Format::table}, {"json", Format::json}, {"csv", Format::csv}};
  app.add_option_function<std::string>(
         "--format", [&format, names](const std::string& name) { format = names.at(name); },
         "table (default), json or csv")
      ->check(CLI::IsMember({"table", "json", "csv"}))
      ->option_text("FORMAT");
}

void declare_format(CLI::App& app, Format& format) {
  declare_format_only(app, format);
  app.add_flag_callback(
      "--json", [&format] { format = Format::json; }, "short for --format json");
}

void declare_storage(CLI::App& app, std::string& storage) {
  app.add_option("--storage", storage, "the database (default: HPO_STORAGE, else hpo.db)")
      ->option_text("FILE");
}

void declare_look(CLI::App& app, LookArgs& look) {
  declare_storage(app, look.storage);
  declare_format(app, look.format);
}

void declare_study(CLI::App& app, StudyArgs& args) {
  app.add_option("STUDY", args.study);
  declare_look(app, args.look);
}

void declare_words(CLI::App& app, std::vector<std::string>& words, LookArgs& look) {
  app.add_option("WORDS", words);
  declare_look(app, look);
}

namespace {

void declare_studies(CLI::App& app, Action& action) {
  const auto args = std::make_shared<LookArgs>();
  declare_look(app, *args);
  app.callback([args, &action] { action = [args] { return run_studies(*args); }; });
}

void declare_status(CLI::App& app, Action& action) {
  const auto args = std::make_shared<StatusArgs>();
  declare_study(app, args->of);
  app.add_flag("-w,--watch", args->watch, "go on until the study ends");
  app.callback([args, &action] { action = [args] { return run_status(*args); }; });
}

void declare_trials(CLI::App& app, Action& action) {
  const auto args = std::make_shared<TrialsArgs>();
  declare_words(app, args->words, args->look);
  app.add_option("--state", args->states, "only trials in these states, such as failed,pruned")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->option_text("STATE,...");
  app.add_option("--where", args->where,
                 "only where it holds, such as 'lr<1e-3' (= != < <= > >=); several must all hold")
      ->allow_extra_args(false)
      ->option_text("CONDITION");
  app.add_option("--sort", args->sort,
                 "by number, state, value, duration, started, resource, failure, attempt, sampler, "
                 "a parameter or a metric; -FIELD is descending")
      ->option_text("FIELD");
  app.add_option("--columns", args->columns, "these fields, in this order")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->option_text("FIELD,...");
  app.add_option("--top", args->top, "the best so many; with --sort the first so many")
      ->check(CLI::Range(1, 1'000'000))
      ->option_text("N");
  app.callback([args, &action] { action = [args] { return run_trials(*args); }; });
}

void declare_show(CLI::App& app, Action& action) {
  const auto args = std::make_shared<TrialsArgs>();
  declare_words(app, args->words, args->look);
  app.callback([args, &action] { action = [args] { return run_show(*args); }; });
}

void declare_best(CLI::App& app, Action& action) {
  const auto args = std::make_shared<StudyArgs>();
  declare_study(app, *args);
  app.callback([args, &action] { action = [args] { return run_best(*args); }; });
}

void declare_logs(CLI::App& app, Action& action) {
  const auto args = std::make_shared<LogsArgs>();
  declare_words(app, args->words, args->look);
  app.add_flag("-f,--follow", args->follow, "go on until the trial has ended");
  app.add_option("--attempt", args->attempt, "another attempt than the last one")
      ->check(CLI::Range(1, 1'000'000))
      ->option_text("N");
  app.add_option("-n,--lines", args->lines, "only the last so many lines")
      ->check(CLI::NonNegativeNumber)
      ->option_text("N");
  app.callback([args, &action] { action = [args] { return run_logs(*args); }; });
}

void declare_compare(CLI::App& app, Action& action) {
  const auto args = std::make_shared<TrialsArgs>();
  declare_words(app, args->words, args->look);
  app.callback([args, &action] { action = [args] { return run_compare(*args); }; });
}

void declare_plot(CLI::App& app, Action& action) {
  const auto args = std::make_shared<PlotArgs>();
  declare_words(app, args->words, args->look);
  app.add_option("--width", args->width, "columns (default: the window's; 80 without one)")
      ->check(CLI::Range(20, 1000))
      ->option_text("N");
  app.add_option("--height", args->height, "lines of one chart (default: what suits the window)")
      ->check(CLI::Range(7, 200))
      ->option_text("N");
  app.callback([args, &action] { action = [args] { return run_plot(*args); }; });
}

void declare_replay(CLI::App& app, Action& action) {
  const auto args = std::make_shared<StudyArgs>();
  declare_study(app, *args);
  app.callback([args, &action] { action = [args] { return run_replay(*args); }; });
}

void declare_importance(CLI::App& app, Action& action) {
  const auto args = std::make_shared<ImportanceArgs>();
  declare_study(app, args->of);
  app.add_option("--objective", args->objective, "of two the one with this metric (default: first)")
      ->option_text("METRIC");
  app.callback([args, &action] { action = [args] { return run_importance(*args); }; });
}

void declare_explain(CLI::App& app, Action& action) {
  const auto args = std::make_shared<TrialsArgs>();
  declare_words(app, args->words, args->look);
  app.callback([args, &action] { action = [args] { return run_explain(*args); }; });
}

void declare_report(CLI::App& app, Action& action) {
  const auto args = std::make_shared<ReportArgs>();
  app.add_option("STUDY", args->studies);
  declare_look(app, args->look);
  app.add_option("--html", args->html, "the page (default: STUDY.html); - is stdout")
      ->option_text("FILE");
  app.callback([args, &action] { action = [args] { return run_report(*args); }; });
}

constexpr const char* kGroup = "Look at studies";

}  // namespace

const std::vector<Verb>& looking_verbs() {
  static const std::vector<Verb> verbs = {
      {"studies", kGroup, "The studies of a storage", "[--storage FILE]",
       "  hpo studies\n  hpo studies --storage old/hpo.db --json", declare_studies},
      {"status", kGroup, "How a study stands, also while it runs", "[STUDY] [--watch]",
       "  hpo status\n  hpo status birds --watch\n  hpo status birds --json | jq .best.value",
       declare_status},
      {"trials", kGroup, "A table of trials", "[STUDY] [TRIAL...]",
       "  hpo trials\n  hpo trials birds --top 5\n  hpo trials birds 10-19 --sort dropout\n"
       "  hpo trials birds --where optimizer=sgd --where 'lr<1e-3' --columns number,lr,value\n"
       "  hpo trials birds --state failed --format csv > failed.csv",
       declare_trials},
      {"show", kGroup, "Everything about a trial", "[STUDY] TRIAL...",
       "  hpo show birds 7\n  hpo show best\n  hpo show birds 3-7 --json", declare_show},
      {"best", kGroup, "The best trial", "[STUDY]", "  hpo best\n  hpo best birds --json",
       declare_best},
      {"logs", kGroup, "What a trial wrote", "[STUDY] TRIAL [-f]",
       "  hpo logs birds 7\n  hpo logs last -f\n  hpo logs birds 7 --attempt 1 -n 50",
       declare_logs},
      {"compare", kGroup, "Trials side by side, or the best of several studies",
       "[STUDY] [TRIAL...]", "  hpo compare birds best 3 7-9\n  hpo compare birds birds-wide",
       declare_compare},
      {"plot", kGroup, "Draw a study in the terminal",
       "[STUDY] history|curves|slice|importance [PARAMETER...]",
       "  hpo plot history\n  hpo plot birds slice lr dropout\n  hpo plot birds curves --width "
       "120\n\n"
       "Without a terminal that shows Unicode the drawing is plain ASCII.",
       declare_plot},
      {"replay", kGroup, "Prove that a study's suggestions come out again, bit for bit", "[STUDY]",
       "  hpo replay birds\n\n"
       "Every trial's strategy is asked again, on the results it knew then. Exit code 1 where it\n"
       "says something else.",
       declare_replay},
      {"importance", kGroup, "Which parameters matter, by a model of the trials", "[STUDY]",
       "  hpo importance\n  hpo importance birds --format csv\n"
       "  hpo importance birds --objective latency_ms",
       declare_importance},
      {"explain", kGroup, "Why a trial was tried, and what was expected of it", "[STUDY] TRIAL...",
       "  hpo explain birds 17\n  hpo explain best --json", declare_explain},
      {"report", kGroup, "One page about a study, or several, for any browser, without a network",
       "[STUDY...] [--html FILE]",
       "  hpo report birds --html birds.html\n  hpo report birds birds-wide --html both.html",
       declare_report},
  };
  return verbs;
}

}  // namespace hpo::cli
