// hpo run: runs a study, or goes on with it.

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "engine/cli/file_args.h"
#include "engine/cli/model_export.h"
#include "engine/cli/progress.h"
#include "engine/cli/run_summary.h"
#include "engine/cli/sources.h"
#include "engine/cli/study_access.h"
#include "engine/cli/study_run.h"
#include "engine/cli/terminal.h"
#include "engine/cli/text.h"
#include "engine/cli/verbs.h"
#include "engine/plan.h"
#include "engine/sagemaker/request_plan.h"
#include "engine/strategy_text.h"

namespace hpo::cli {
namespace {

namespace fs = std::filesystem;

/// What would be done, without a trace of having asked.
int dry_run(const RunArgs& args, const TuningConfig& config) {
  PlanContext context{.folder = study_folder(config.storage, config.study.name)};
  const auto pool = make_pool(config);
  if (!pool) return fail(pool.error(), args.file.format);
  context.capacity = (*pool)->capacity();
  std::error_code error;
  if (!args.fresh && fs::exists(config.storage, error)) {
    const auto reader = make_sqlite_reader(config.storage);
    if (!reader) return fail(reader.error(), args.file.format);
    if (auto stored = (*reader)->load(config.study.name)) {
      context.resumed = std::move(stored->study);
    }
  }
  if (config.sagemaker) {
    const StudySpec& spec = context.resumed ? context.resumed->spec : config.study;
    auto requests = sagemaker::plan_requests(config, spec);
    if (!requests) return fail(requests.error(), args.file.format);
    context.request = std::move(requests->request);
    context.cost = requests->cost;
  }
  const WarmStart sources = read_sources(config, args.fresh);
  if (const auto failed = fail(sources, args.file.format)) return *failed;
  context.sources = sources.sources;
  const auto plan = describe_plan(config, context);
  if (!plan) return fail(plan.error(), args.file.format);
  if (args.file.format == Format::json) {
    print_json({{"study", config.study.name}, {"plan", *plan}});
  } else {
    print(printable_lines(*plan));
  }
  suggest(args.file.format, "hpo run" + file_flags(args.file));
  return kDone;
}

/// The first lines: where everything is, and what the study goes on from.
void say_begin(const TuningConfig& config, const StudyRun& run) {
  note(fmt::format("study {} in {}, logs in {}/<trial>", config.study.name,
                   printable(config.storage.string()), printable(run.folder().string())));
  const OpenedStudy& opened = run.opened();
  if (!opened.folder_moved_to.empty()) {
    note(
        fmt::format("trials of another study of this name were left beside the database; their "
                    "folders are now in {}",
                    printable(opened.folder_moved_to)));
  }
  const std::string chosen = auto_text(config, opened.study.trials.size());
  if (!chosen.empty()) note(printable(chosen));
  if (!opened.renamed_to.empty()) {
    note(fmt::format("the old study is now named {}", opened.renamed_to));
  }
  std::vector<PriorStudy> sources;
  for (const auto& use : opened.study.sources()) sources.push_back(*use.source);
  note_sources(sources);
  if (!opened.resumed) return;
  note(fmt::format("goes on after {}", counted(opened.study.finished(), "finished trial")));
  for (const auto& change : describe_changes(opened.previous_config, to_json_text(config))) {
    note("  changed " + printable(change));
  }
}

RunEnd watch(const TuningConfig& config, StudyRun& run) {
  RunFacts facts(config, run.opened().study, run.folder());
  facts.earlier_s = run.opened().progress.active_s;
  facts.begin = std::chrono::steady_clock::now();
  const auto progress = is_lively(STDERR_FILENO) ? make_live_progress(std::move(facts))
                                                 : make_plain_progress(std::move(facts));
  RunEnd end = run.run(*progress);
  progress->pause();
  return end;
}

/// `export:` of the file. The exit code where it fails.
int export_at_end(const TuningConfig& config, const RunEnd& end, Format format) {
  if (!config.export_to || !end.end || !end.end->finished || !end.study.best_trial()) return kDone;
  const auto loaded = load_study(config.storage.string(), config.study.name);
  if (!loaded) return fail(loaded.error(), format);
  const auto exported = export_model(*loaded, "best", *config.export_to);
  if (!exported) return fail(exported.error(), format);
  note(fmt::format("exported the model of trial {} to {}", exported->trial,
                   printable(exported->file.string())));
  return kDone;
}

}  // namespace

int run_run(const RunArgs& args) {
  const Format format = args.file.format;
  const auto loaded = load_file(args.file, ConfigUse::study);
  if (!loaded.config) return fail(loaded.errors, format);
  const TuningConfig& config = *loaded.config;
  note_advice(loaded.advice);
  if (args.require_target && !config.limits.target) {
    return fail({.message = "--require-target needs limits.target in the file"}, format);
  }
  if (args.dry_run) return dry_run(args, config);
  if (config.sagemaker) note("asking AWS, and uploading the channels that are not there yet");
  WarmStart sources = read_sources(config, args.fresh);
  if (const auto failed = fail(sources, format)) return *failed;
  auto run = StudyRun::open(config, {.fresh = args.fresh,
                                     .detach_jobs = args.detach_jobs,
                                     .sources = std::move(sources.sources)});
  if (!run) return fail(run.error(), format);
  say_begin(config, **run);
  const RunEnd end = watch(config, **run);
  run->reset();  // the lock: what follows looks at the study as everybody does
  if (!end.end) return fail(end.end.error(), format);
  const int exported = export_at_end(config, end, format);
  print_summary(config, end, format);
  suggest(format, next_command(config, end, file_flags(args.file)));
  return exported != kDone ? exported : exit_code_of(config, end, args.require_target);
}

}  // namespace hpo::cli
