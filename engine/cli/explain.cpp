// hpo explain: why a trial was tried, and how it turned out.

#include <fmt/ranges.h>
#include <unistd.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "bayesopt/explanation.h"
#include "engine/cli/model_text.h"
#include "engine/cli/study_access.h"
#include "engine/cli/table.h"
#include "engine/cli/terminal.h"
#include "engine/cli/text.h"
#include "engine/cli/trial_json.h"
#include "engine/cli/trial_selection.h"
#include "engine/cli/verbs.h"
#include "objectives/csv.h"
#include "objectives/json.h"

namespace hpo::cli {
namespace {

using nlohmann::ordered_json;
using Fields = std::vector<std::pair<std::string, std::string>>;

/// What is explained, with what it takes.
struct Explained {
  const LoadedStudy& loaded;
  const Trial& trial;
  const std::optional<StudyModel>& model;
  Explanation why = {};
};

/// Where a model looked, in words.
const char* search_text(const std::string& search) {
  if (search == "local") return ", near the best";
  if (search == "open") return ", beside no known point";
  return "";
}

/// The reason in one line.
std::string why_text(const Explained& e) {
  const std::string& mode = e.why.mode;
  if (mode == "feasibility") return "to find what keeps the constraints: no trial had";
  if (e.why.expected) {
    const char* what = e.why.expected->explores ? "to explore: more was unknown than promised there"
                                                : "to exploit: good values were expected there";
    return what + std::string(search_text(e.why.search));
  }
  if (mode == "transfer") return "the best configuration of a related study";
  if (mode == "design") return "a point of the initial design, spread evenly";
  const std::string reason = e.why.reason.empty() ? "" : ": " + printable(e.why.reason);
  if (mode == "random") return "at random" + reason;
  if (!mode.empty()) return printable(mode) + reason;
  return e.trial.sampler == "user" ? "asked for by the user" : "the sampler left no reason";
}

std::string then_text(const Explanation& why) {
  return fmt::format("{} finished{}", counted(why.finished, "trial"),
                     why.pending > 0 ? fmt::format(", {} pending", why.pending) : "");
}

std::string others_text(const Explanation& why) {
  std::vector<std::string> parts;
  if (why.from_others > 0) {
    parts.push_back(counted(why.from_others, "result") + " of identical studies");
  }
  for (const auto& [name, weight] : why.related) {
    parts.push_back(fmt::format("{:.2g} times study {}", weight, printable(name)));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string best_text(const Explanation& why) {
  if (!why.best_then) return {};
  return fmt::format("{} of trial {}", number_text(why.best_then->value), why.best_then->number);
}

void add_expected(const Explanation& why, Fields& fields) {
  if (!why.expected) return;
  const Expectation& expected = *why.expected;
  fields.emplace_back("predicted", prediction_text(expected.prediction));
  for (const auto& output : why.outputs) {
    fields.emplace_back("  " + printable(output.metric), prediction_text(output.prediction));
  }
  if (std::isfinite(expected.incumbent)) {
    fields.emplace_back("to be beaten",
                        number_text(expected.incumbent) + " (expected of the best)");
  }
  if (expected.expected_improvement) {
    fields.emplace_back(
        "improvement",
        fmt::format("{:.3g} expected, with probability {}", *expected.expected_improvement,
                    percent_text(expected.probability_of_improvement)));
  }
  if (expected.feasibility < 1) {
    fields.emplace_back("success", percent_text(expected.feasibility) + " probable");
  }
}

std::string outcome_text(const Trial& trial, const Explanation& why) {
  if (!trial.value) return to_string(trial.state);
  if (!why.z) return number_text(*trial.value);
  const std::string capped =
      *why.taken_as == *trial.value
          ? ""
          : fmt::format(" (the model tells nothing beyond {} apart)", number_text(*why.taken_as));
  return fmt::format("{}{}, {:+.1f} deviations from the prediction", number_text(*trial.value),
                     capped, *why.z);
}

std::string left_out_text(const Explanation& why) {
  if (!why.left_out) return {};
  return fmt::format("{} ({:+.1f} deviations), by all other results of today",
                     prediction_text(*why.left_out), *why.left_out_z);
}

void print_parameters(const Explained& e) {
  Table table({{.title = "parameter", .may_shrink = true},
               {.title = "value", .align = Align::right},
               {.title = "best then", .align = Align::right, .drop = 1},
               {.title = "lengthscale", .align = Align::right, .drop = 2}});
  const auto add = [&](const std::string& name, const std::string& lengthscale) {
    const auto value = e.trial.configuration.find(name);
    if (value == e.trial.configuration.end()) return;
    std::string best;
    if (e.why.best_then) {
      const auto at = e.why.best_then->configuration.find(name);
      if (at != e.why.best_then->configuration.end()) best = value_text(at->second);
    }
    table.add({printable(name), value_text(value->second), best, lengthscale});
  };
  for (const auto& [name, l] : e.why.lengthscales) add(name, fmt::format("{:.2g}", l));
  if (e.why.lengthscales.empty()) {
    for (const auto& [name, value] : e.trial.configuration) add(name, "");
  }
  print("\n" + table.text(terminal_width(STDOUT_FILENO)));
}

void print_nearest(const Explanation& why) {
  if (why.nearest.empty()) return;
  Table table({{.title = "nearest then", .align = Align::right},
               {.title = "value", .align = Align::right},
               {.title = "similarity", .align = Align::right}});
  for (const auto& near : why.nearest) {
    table.add({fmt::format("trial {}", near.number), number_text(near.value),
               fmt::format("{:.2f}", near.similarity)});
  }
  print("\n" + table.text(terminal_width(STDOUT_FILENO)));
}

void print_text(const Explained& e) {
  Fields fields = {{"trial", fmt::format("{} of study {}, by {}", e.trial.number,
                                         printable(e.loaded.name()), printable(e.trial.sampler))},
                   {"why", why_text(e)},
                   {"known then", then_text(e.why)},
                   {"other studies", others_text(e.why)},
                   {"best then", best_text(e.why)}};
  add_expected(e.why, fields);
  fields.emplace_back("came out", outcome_text(e.trial, e.why));
  fields.emplace_back("left out", left_out_text(e.why));
  fields.emplace_back("model", e.model ? calibration_text(e.model->calibration()) : "");
  print(fields_text(fields, terminal_width(STDOUT_FILENO)));
  print_parameters(e);
  print_nearest(e.why);
}

ordered_json prediction_json(const Prediction& prediction) {
  return {{"mean", number_json(prediction.mean)}, {"stddev", number_json(prediction.stddev)}};
}

ordered_json expected_json(const Expectation& expected) {
  ordered_json out = prediction_json(expected.prediction);
  out["noise_stddev"] = number_json(expected.noise_stddev);
  out["incumbent"] = number_json(expected.incumbent);
  out["probability_of_improvement"] = number_json(expected.probability_of_improvement);
  out["expected_improvement"] = number_json(expected.expected_improvement);
  out["log_acquisition"] = number_json(expected.log_acquisition);
  out["feasibility"] = number_json(expected.feasibility);
  out["intent"] = expected.explores ? "explore" : "exploit";
  return out;
}

ordered_json outputs_json(const Explanation& why) {
  ordered_json list = ordered_json::array();
  for (const auto& output : why.outputs) {
    ordered_json one = {{"metric", output.metric}};
    one.update(prediction_json(output.prediction));
    list.push_back(std::move(one));
  }
  return list;
}

ordered_json left_out_json(const Explanation& why) {
  if (!why.left_out) return {};
  ordered_json out = prediction_json(*why.left_out);
  out["z"] = number_json(why.left_out_z);
  return out;
}

ordered_json explained_json(const Explained& e) {
  const Explanation& why = e.why;
  ordered_json lengthscales = ordered_json::object();
  for (const auto& [name, l] : why.lengthscales) lengthscales[name] = number_json(l);
  ordered_json nearest = ordered_json::array();
  for (const auto& near : why.nearest) {
    nearest.push_back({{"number", near.number},
                       {"value", number_json(near.value)},
                       {"similarity", number_json(near.similarity)}});
  }
  ordered_json related = ordered_json::object();
  for (const auto& [name, weight] : why.related) related[name] = weight;
  ordered_json best;
  if (why.best_then) {
    best = {{"number", why.best_then->number}, {"value", number_json(why.best_then->value)}};
  }
  return {{"study", e.loaded.name()},
          {"number", e.trial.number},
          {"configuration", to_json(e.trial.configuration)},
          {"sampler", text_json(e.trial.sampler)},
          {"mode", text_json(why.mode)},
          {"search", text_json(why.search)},
          {"reason", text_json(why.reason)},
          {"finished", why.finished},
          {"pending", why.pending},
          {"from_others", why.from_others},
          {"related", std::move(related)},
          {"best_then", std::move(best)},
          {"predicted", why.expected ? expected_json(*why.expected) : ordered_json()},
          {"outputs", outputs_json(why)},
          {"lengthscales", std::move(lengthscales)},
          {"nearest", std::move(nearest)},
          {"state", to_string(e.trial.state)},
          {"value", number_json(e.trial.value)},
          {"taken_as", number_json(why.taken_as)},
          {"z", number_json(why.z)},
          {"left_out", left_out_json(why)},
          {"calibration", e.model ? calibration_json(e.model->calibration()) : ordered_json()}};
}

void print_csv(const std::vector<Explained>& list) {
  print(csv_line({"number", "sampler", "mode", "intent", "predicted", "stddev", "incumbent",
                  "log_acquisition", "value", "taken_as", "z", "left_out_z"}));
  const auto text = [](const std::optional<double>& v) {
    return v ? to_text(ParameterValue(*v)) : std::string();
  };
  for (const auto& [loaded, trial, model, why] : list) {
    const auto& e = why.expected;
    print(csv_line({std::to_string(trial.number), trial.sampler, why.mode,
                    !e            ? ""
                    : e->explores ? "explore"
                                  : "exploit",
                    e ? text(e->prediction.mean) : "", e ? text(e->prediction.stddev) : "",
                    e ? text(e->incumbent) : "", e ? text(e->log_acquisition) : "",
                    text(trial.value), text(why.taken_as), text(why.z), text(why.left_out_z)}));
  }
}

void print_all(const std::vector<Explained>& list, Format format) {
  if (format == Format::csv) return print_csv(list);
  if (format == Format::json) {
    ordered_json out = ordered_json::array();
    for (const auto& e : list) out.push_back(explained_json(e));
    return print_json(out.size() == 1 ? out.front() : out);
  }
  for (const auto& e : list) {
    if (&e != &list.front()) print("\n");
    print_text(e);
  }
}

}  // namespace

int run_explain(const TrialsArgs& args) {
  const Format format = args.look.format;
  const auto named = load_words(args.look.storage, args.words);
  if (!named) return fail(named.error(), format);
  const LoadedStudy& loaded = named->loaded;
  if (named->trials.empty()) {
    return fail({.message = "which trial?",
                 .hint = fmt::format("hpo explain {} best, last, 7 or 3-7", loaded.name())},
                format);
  }
  const auto trials = select_trials(loaded.study(), named->trials);
  if (!trials) return fail(trials.error(), format);
  std::optional<StudyModel> model;
  if (auto made = StudyModel::of(loaded.study())) model = std::move(*made);
  std::vector<Explained> list;
  for (const auto& trial : *trials) {
    list.push_back({.loaded = loaded,
                    .trial = *trial,
                    .model = model,
                    .why = explain(loaded.study(), trial->number, model ? &*model : nullptr)});
  }
  print_all(list, format);
  suggest(format, "hpo importance" + study_flags(loaded.file, loaded.name()));
  return kDone;
}

}  // namespace hpo::cli
