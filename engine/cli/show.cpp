// hpo show and hpo best: everything about one trial, or a few.

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "engine/cli/front_text.h"
#include "engine/cli/model_text.h"
#include "engine/cli/reports.h"
#include "engine/cli/sources.h"
#include "engine/cli/study_access.h"
#include "engine/cli/table.h"
#include "engine/cli/terminal.h"
#include "engine/cli/text.h"
#include "engine/cli/trial_json.h"
#include "engine/cli/verbs.h"
#include "engine/duration_text.h"
#include "engine/trial_directory.h"
#include "objectives/json.h"

namespace hpo::cli {
namespace {

using nlohmann::ordered_json;

using Fields = std::vector<std::pair<std::string, std::string>>;

std::string state_text(const Trial& trial) {
  std::string text = to_string(trial.state);
  if (trial.failure) text += fmt::format(" ({})", to_string(*trial.failure));
  if (!trial.reason.empty()) text += ": " + brief_reason(trial);
  return text;
}

/// What a failed program wrote last, which the reason holds in its further lines.
std::string last_words(const Trial& trial) {
  std::string text;
  for (std::size_t end = trial.reason.find('\n'); end != std::string::npos;) {
    const std::size_t begin = end + 1;
    end = trial.reason.find('\n', begin);
    text += "  | " + printable(trial.reason.substr(begin, end - begin)) + "\n";
  }
  return text;
}

std::string time_text(const Trial& trial, TimePoint now) {
  if (!trial.started_at) return {};
  std::string text = to_iso8601(*trial.started_at).substr(0, 19) + "Z";
  text[10] = ' ';
  const auto took = duration_s(trial, now);
  if (!took) return text;
  return text + (trial.finished_at ? ", took " : ", for so far ") + duration_text(*took);
}

std::string metric_title(const StudySpec& spec) {
  return spec.objectives.empty() ? "value" : printable(spec.objectives.front().metric);
}

Fields fields_of(const LoadedStudy& loaded, const Trial& trial) {
  const auto best = loaded.study().best_trial();
  const bool is_best = best && best->number == trial.number;
  const auto root = trial_folder(trial, loaded.folder());
  std::error_code error;
  const auto log = TrialDirectory{.root = root.value_or("")}.log(trial.attempt);
  const StudySpec& spec = loaded.study().spec;
  const char* mark = spec.objectives.size() > 1 ? " (the knee of the front)" : " (best)";
  Fields fields = {{"trial", fmt::format("{} of study {}{}", trial.number, printable(loaded.name()),
                                         is_best ? mark : "")},
                   {"state", state_text(trial)},
                   {metric_title(spec), number_text(trial.value)}};
  for (std::size_t k = 1; k < spec.objectives.size(); ++k) {
    const auto at = trial.metrics.find(spec.objectives[k].metric);
    fields.emplace_back(printable(spec.objectives[k].metric),
                        at == trial.metrics.end() ? "-" : number_text(at->second));
  }
  fields.emplace_back("breaks", broken_text(spec, trial));
  for (const auto& [name, value] : trial.configuration) {
    fields.emplace_back("  " + printable(name), value_text(value));
  }
  for (const auto& [name, value] : other_metrics(loaded.study().spec, trial)) {
    fields.emplace_back("metric " + printable(name), number_text(value));
  }
  fields.insert(fields.end(), {{"attempt", trial.attempt > 1 ? std::to_string(trial.attempt) : ""},
                               {"started", time_text(trial, current_time())},
                               {"on", printable(trial.resource)},
                               {"folder", root ? printable(root->string()) : ""},
                               {"log", root && std::filesystem::exists(log, error)
                                           ? printable(log.filename().string())
                                           : ""},
                               {"model", printable(kept_model(trial).value_or(""))}});
  return fields;
}

Result<ordered_json> detailed_json(const LoadedStudy& loaded, const Trial& trial) {
  const auto measurements = loaded.reader->measurements(loaded.name(), trial.number);
  if (!measurements) return measurements.error();
  ordered_json out = trial_json(loaded.study().spec, trial, loaded.folder(), current_time());
  out["measurements"] = reports_json(by_step(*measurements));
  return out;
}

int show_json(const LoadedStudy& loaded, const Trials& trials) {
  ordered_json list = ordered_json::array();
  for (const auto& trial : trials) {
    auto one = detailed_json(loaded, *trial);
    if (!one) return fail(one.error(), Format::json);
    list.push_back(std::move(*one));
  }
  print_json(list.size() == 1 ? list.front() : list);
  return kDone;
}

int show_text(const LoadedStudy& loaded, const Trials& trials) {
  for (const auto& trial : trials) {
    const auto measurements = loaded.reader->measurements(loaded.name(), trial->number);
    if (!measurements) return fail(measurements.error(), Format::table);
    if (trial != trials.front()) print("\n");
    print(fields_text(fields_of(loaded, *trial), terminal_width(STDOUT_FILENO)));
    print(last_words(*trial));
    print(reports_text(by_step(*measurements), *trial));
  }
  return kDone;
}

int show(const LoadedStudy& loaded, const Trials& trials, Format format) {
  if (format == Format::json) return show_json(loaded, trials);
  if (format == Format::csv) {
    print(trials_csv(loaded.study(), trials, loaded.folder(), current_time()));
    return kDone;
  }
  return show_text(loaded, trials);
}

/// With what a model says about it.
int show_best(const LoadedStudy& loaded, const Trials& trials, Format format) {
  if (format == Format::csv) {
    const bool has_front = loaded.study().spec.objectives.size() > 1;
    return show(loaded, has_front ? loaded.study().front() : trials, format);
  }
  const Outlook outlook = outlook_of(loaded.study());
  if (format == Format::table) {
    const int code = show_text(loaded, trials);
    auto fields = better_fields(loaded.study());
    if (const auto front = front_sentence(loaded.study()); !front.empty()) {
      fields.emplace_back("front", front);
    }
    for (auto& field : outlook_fields(outlook)) fields.push_back(std::move(field));
    if (code == kDone && !fields.empty()) {
      print("\n" + fields_text(fields, terminal_width(STDOUT_FILENO)));
    }
    return code;
  }
  auto best = detailed_json(loaded, *trials.front());
  if (!best) return fail(best.error(), format);
  (*best)["regret"] = regret_json(outlook.regret);
  (*best)["advice"] = advice_json(outlook.advice);
  if (loaded.study().spec.objectives.size() > 1) {
    (*best)["front"] = front_json(loaded);
    const auto gain = gain_json(loaded.study());
    (*best)["hypervolume"] = gain["hypervolume"];
    (*best)["reference"] = gain["reference"];
  }
  print_json(*best);
  return kDone;
}

std::string trial_command(const LoadedStudy& loaded, const char* verb, std::int64_t number) {
  return fmt::format("hpo {} {} {}{}", verb, loaded.name(), number, storage_flag(loaded.file));
}

}  // namespace

int run_show(const TrialsArgs& args) {
  const Format format = args.look.format;
  const auto named = load_words(args.look.storage, args.words);
  if (!named) return fail(named.error(), format);
  const LoadedStudy& loaded = named->loaded;
  if (named->trials.empty()) {
    const Error error{.message = "which trial?",
                      .hint = fmt::format("hpo show {} best, last, 7 or 3-7", loaded.name())};
    return fail(error, format);
  }
  const auto trials = select_trials(loaded.study(), named->trials);
  if (!trials) return fail(trials.error(), format);
  const int code = show(loaded, *trials, format);
  const Trial& last = *trials->back();
  const bool has_log = trial_folder(last, loaded.folder()).has_value();
  if (code == kDone && has_log) suggest(format, trial_command(loaded, "logs", last.number));
  return code;
}

int run_best(const StudyArgs& args) {
  const Format format = args.look.format;
  const auto loaded = load_study(args.look.storage, args.study);
  if (!loaded) return fail(loaded.error(), format);
  const auto trials = select_trials(loaded->study(), {"best"});
  if (!trials) {
    fail(trials.error(), format);
    return kNothingUsable;
  }
  const int code = show_best(*loaded, *trials, format);
  const Trial& best = *trials->front();
  if (code != kDone) return code;
  if (kept_model(best)) {
    suggest(format, fmt::format("hpo export{} --out model.tar.gz",
                                study_flags(loaded->file, loaded->name())));
  } else {
    suggest(format, "hpo trials" + study_flags(loaded->file, loaded->name()) + " --top 10");
  }
  return kDone;
}

}  // namespace hpo::cli
