// hpo prepare: photos into train, validation and test channels.

#include "trainers/images/prepare.h"

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "engine/cli/table.h"
#include "engine/cli/terminal.h"
#include "engine/cli/text.h"
#include "engine/cli/verbs.h"
#include "objectives/csv.h"

namespace hpo::cli {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kSkippedShown = 10;

/// What was typed that does not go together.
std::optional<Error> contradiction(const PrepareArgs& args) {
  if (args.synthetic && !args.source.empty()) {
    return Error{.message = "--synthetic draws its photos: no SOURCE"};
  }
  if (args.synthetic && !(args.classes.empty() && args.exclude.empty())) {
    return Error{.message = "--classes and --exclude choose from a SOURCE, not with --synthetic"};
  }
  if (!args.synthetic && args.source.empty()) {
    return Error{.message = "which photos? expected SOURCE or --synthetic",
                 .hint = "hpo prepare CUB_200_2011 --out data"};
  }
  if (!args.synthetic && (args.species || args.images)) {
    return Error{.message = "--species and --images go with --synthetic"};
  }
  return std::nullopt;
}

Result<PrepareSummary> prepared(const PrepareArgs& args) {
  if (const auto wrong = contradiction(args)) return *wrong;
  if (!args.synthetic) {
    PrepareOptions options{.source = args.source,
                           .out = args.out,
                           .classes = args.classes,
                           .exclude = args.exclude,
                           .test = args.test,
                           .seed = args.seed};
    options.validation = args.validation.value_or(options.validation);
    return prepare_channels(options);
  }
  SyntheticOptions options{.out = args.out, .seed = args.seed};
  options.species = args.species.value_or(options.species);
  options.images = args.images.value_or(options.images);
  options.validation = args.validation.value_or(options.validation);
  options.test = args.test.value_or(options.test);
  return prepare_synthetic(options);
}

void print_classes(const PrepareSummary& summary, Format format) {
  ClassCounts all{.name = "all"};
  Table table({{.title = "class", .may_shrink = true},
               {.title = "train", .align = Align::right},
               {.title = "validation", .align = Align::right},
               {.title = "test", .align = Align::right}});
  if (format == Format::csv) print(csv_line({"class", "train", "validation", "test"}));
  for (const auto& c : summary.classes) {
    const std::vector<std::string> row = {c.name, std::to_string(c.train),
                                          std::to_string(c.validation), std::to_string(c.test)};
    if (format == Format::csv) print(csv_line(row));
    table.add({printable(row[0]), row[1], row[2], row[3]});
    all.train += c.train;
    all.validation += c.validation;
    all.test += c.test;
  }
  if (format == Format::csv) return;
  table.add({all.name, std::to_string(all.train), std::to_string(all.validation),
             std::to_string(all.test)});
  print(table.text(terminal_width(STDOUT_FILENO)));
}

void note_skipped(const std::vector<SkippedFile>& skipped) {
  if (skipped.empty()) return;
  note(fmt::format("left out {}:", counted(static_cast<std::int64_t>(skipped.size()), "photo")));
  for (std::size_t i = 0; i < std::min(skipped.size(), kSkippedShown); ++i) {
    note(fmt::format("  {}: {}", printable(skipped[i].path), printable(skipped[i].reason)));
  }
  if (skipped.size() > kSkippedShown) note("  ...");
}

void print_summary_json(const PrepareArgs& args, const PrepareSummary& summary) {
  ordered_json classes = ordered_json::array();
  for (const auto& c : summary.classes) {
    classes.push_back(
        {{"name", c.name}, {"train", c.train}, {"validation", c.validation}, {"test", c.test}});
  }
  ordered_json skipped = ordered_json::array();
  for (const auto& s : summary.skipped) {
    skipped.push_back({{"path", s.path}, {"reason", s.reason}});
  }
  print_json({{"source", summary.source},
              {"out", args.out},
              {"classes", std::move(classes)},
              {"skipped", std::move(skipped)}});
}

}  // namespace

int run_prepare(const PrepareArgs& args) {
  const auto summary = prepared(args);
  if (!summary) return fail(summary.error(), args.format);
  if (args.format == Format::json) {
    print_summary_json(args, *summary);
    return kDone;
  }
  print_classes(*summary, args.format);
  note_skipped(summary->skipped);
  note(fmt::format("made {} from {}", printable(args.out), printable(summary->source)));
  suggest(args.format, "hpo validate tuning.yaml   (trial.channels names these folders)");
  return kDone;
}

}  // namespace hpo::cli
