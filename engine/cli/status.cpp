// hpo status: how a study stands, also while it runs.

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "engine/cli/status_page.h"
#include "engine/cli/terminal.h"
#include "engine/cli/verbs.h"
#include "engine/cli/watch.h"

namespace hpo::cli {
namespace {

std::string next_command(const LoadedStudy& loaded, const Orphans& orphans) {
  const std::string flags = study_flags(loaded.file, loaded.name());
  if (loaded.stored.holder) return fmt::format("hpo trials{0}, or hpo stop{0}", flags);
  if (!orphans.empty()) {
    return fmt::format("hpo run FILE (goes on with them), or hpo stop{} --now (ends them)", flags);
  }
  return (loaded.study().best_trial() ? "hpo best" : "hpo trials") + flags;
}

int print_status(const LoadedStudy& loaded) {
  const Orphans orphans = orphans_of(loaded);
  print(status_page(loaded, orphans, terminal_width(STDOUT_FILENO), draws_unicode(STDOUT_FILENO)));
  suggest(Format::table, next_command(loaded, orphans));
  return kDone;
}

}  // namespace

int run_status(const StatusArgs& args) {
  const Format format = args.of.look.format;
  if (args.watch && format != Format::table) {
    return fail({.message = "--watch is for people: no --format"}, format);
  }
  auto loaded = load_study(args.of.look.storage, args.of.study);
  if (!loaded) return fail(loaded.error(), format);
  switch (format) {
    case Format::json:
      print_json(status_json(*loaded));
      return kDone;
    case Format::csv:
      print(status_csv(*loaded));
      return kDone;
    case Format::table:
      if (args.watch) {
        if (const int code = watch(*loaded); code != kDone) return code;
      }
  }
  return print_status(*loaded);
}

}  // namespace hpo::cli
