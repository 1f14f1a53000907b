// hpo replay: are the suggestions of a stored study what its strategy says, bit for bit?

#include "engine/replay/replay.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/cli/study_access.h"
#include "engine/cli/text.h"
#include "engine/cli/verbs.h"

namespace hpo::cli {
namespace {

using nlohmann::ordered_json;

ordered_json to_json(const LoadedStudy& loaded, const ReplayReport& report) {
  auto exceptions = ordered_json::array();
  for (const auto& trial : report.trials) {
    if (trial.outcome == Replayed::same || trial.outcome == Replayed::given) continue;
    exceptions.push_back(
        {{"number", trial.number}, {"outcome", to_string(trial.outcome)}, {"reason", trial.why}});
  }
  return {{"study", loaded.name()},
          {"verified", report.is_verified()},
          {"trials", report.trials.size()},
          {"same", report.count(Replayed::same)},
          {"given", report.count(Replayed::given)},
          {"different", report.count(Replayed::different)},
          {"unknown", report.count(Replayed::unknown)},
          {"exceptions", std::move(exceptions)}};
}

/// What came of it, and the first trial of each kind that did not come out again.
std::string summary(const LoadedStudy& loaded, const ReplayReport& report) {
  std::string text = fmt::format(
      "study {}: {} of {} come out again bit for bit\n", loaded.name(),
      report.count(Replayed::same),
      counted(static_cast<std::int64_t>(report.trials.size()) - report.count(Replayed::given),
              "suggestion"));
  if (const auto given = report.count(Replayed::given); given > 0) {
    text += fmt::format("{} given by the user\n", counted(given, "configuration"));
  }
  for (const auto outcome : {Replayed::different, Replayed::unknown}) {
    const auto first =
        std::find_if(report.trials.begin(), report.trials.end(),
                     [&](const ReplayedTrial& trial) { return trial.outcome == outcome; });
    if (first == report.trials.end()) continue;
    text += fmt::format("{} {}; the first is trial {}: {}\n", report.count(outcome),
                        outcome == Replayed::different ? "differ" : "cannot be asked again",
                        first->number, printable(first->why));
  }
  return text;
}

}  // namespace

int run_replay(const StudyArgs& args) {
  const Format format = args.look.format;
  const auto loaded = load_study(args.look.storage, args.study);
  if (!loaded) return fail(loaded.error(), format);
  const auto runs = loaded->reader->runs(loaded->name());
  if (!runs) return fail(runs.error(), format);
  const auto report = replay(loaded->study(), *runs);
  if (format == Format::json) {
    print_json(to_json(*loaded, report));
  } else {
    print(summary(*loaded, report));
  }
  if (report.is_verified()) return kDone;
  flush_output();
  note("the same bits are promised for the same hpo program on the same type of CPU");
  return kNothingUsable;
}

}  // namespace hpo::cli
