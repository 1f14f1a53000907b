#include "engine/report/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "engine/duration_text.h"
#include "engine/report/standing.h"
#include "objectives/glyphs.h"

namespace hpo::report {
namespace {

/// So many random trials say what chance finds; fewer do not.
constexpr std::size_t kEnoughRandom = 5;
/// Parameters with less than this share of the variance are not named.
constexpr double kMatters = 0.03;

std::string number(double value) { return fmt::format("{:.4g}", value); }

/// `50,000`.
std::string grouped(std::int64_t count) {
  const std::string digits = std::to_string(count);
  std::string text;
  for (std::size_t k = 0; k < digits.size(); ++k) {
    if (k > 0 && (digits.size() - k) % 3 == 0) text += ',';
    text += digits[k];
  }
  return text;
}

std::string counted(std::int64_t count, const std::string& noun) {
  return fmt::format("{} {}{}", grouped(count), noun, count == 1 ? "" : "s");
}

std::string percent(double share) {
  if (share > 0 && share < 0.01) return "less than 1 %";
  return fmt::format("{:.0f} %", 100 * share);
}

/// `a`, `a and b`, `a, b and c`.
std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
    text += words[i];
  }
  return text;
}

std::string counts_text(const Study& study) {
  std::vector<std::string> parts;
  for (const auto state : {TrialState::complete, TrialState::pruned, TrialState::failed,
                           TrialState::running, TrialState::paused, TrialState::waiting}) {
    const auto count = study.count(state);
    if (count > 0) parts.push_back(fmt::format("{} {}", grouped(count), to_string(state)));
  }
  return listed(parts);
}

std::vector<std::string> searched(const StudySource& source) {
  const Study& study = source.study();
  const auto& spec = study.spec;
  std::string goal;
  for (const auto& objective : spec.objectives) {
    goal += fmt::format("{}{} {}", goal.empty() ? "" : " and ", to_string(objective.goal),
                        printable(objective.metric));
  }
  std::vector<std::string> sentences = {fmt::format(
      "{} over {}, to {}.", counted(static_cast<std::int64_t>(study.trials.size()), "trial"),
      counted(static_cast<std::int64_t>(spec.space.parameters.size()), "parameter"), goal)};
  if (!study.trials.empty()) {
    const double active_s = source.stored.progress.active_s;
    sentences.push_back(active_s > 0
                            ? fmt::format("{}, in {}.", counts_text(study), duration_text(active_s))
                            : counts_text(study) + ".");
  }
  const std::string_view standing = standing_of(source.stored);
  if (standing == "running") sentences.emplace_back("The study is still running.");
  if (standing == "interrupted") sentences.emplace_back("It was interrupted before its end.");
  if (standing == "finished") {
    sentences.push_back(
        fmt::format("It ended: {}.", printable(source.stored.progress.stop_reason)));
  }
  return sentences;
}

/// The complete trial that began first, which is where the search started.
const Trial* first_complete(const Study& study) {
  for (const auto& trial : study.trials) {
    if (trial->state == TrialState::complete && trial->value) return trial.get();
  }
  return nullptr;
}

/// The median of what random trials gave; nothing with too few of them.
std::optional<std::pair<double, std::size_t>> random_trials(const Study& study) {
  std::vector<double> values;
  for (const auto& trial : study.trials) {
    const bool is_random = trial->sampler == "random" || trial->sampler == "sobol" ||
                           trial->model.find(R"("mode":"design")") != std::string::npos ||
                           trial->model.find(R"("mode":"random")") != std::string::npos;
    const bool has_value = trial->state == TrialState::complete && trial->value;
    if (is_random && has_value) values.push_back(*trial->value);
  }
  if (values.size() < kEnoughRandom) return std::nullopt;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return std::pair(*middle, values.size());
}

/// `, 12 % lower`: where a ratio means something, that is between positive values.
std::string relative(double value, double reference) {
  if (value <= 0 || reference <= 0 || value == reference) return {};
  const double change = std::abs(value - reference) / reference;
  if (change > 3) {
    const double times = std::max(value, reference) / std::min(value, reference);
    return fmt::format(" ({:.3g} times as high)", times);
  }
  return fmt::format(" ({} {})", percent(change), value < reference ? "lower" : "higher");
}

std::vector<std::string> won(const Study& study, const Knowledge& known) {
  const auto best = study.best_trial();
  if (!best) return {"No trial is complete, so none has won."};
  const auto& objective = study.spec.objectives.front();
  const double value = *best->value;
  std::vector<std::string> sentences = {fmt::format("Trial {} won with {} = {}.", best->number,
                                                    printable(objective.metric), number(value))};
  const Trial* first = first_complete(study);
  if (first->number == best->number) {
    sentences.emplace_back("It is the trial that the search started with.");
  } else {
    sentences.push_back(fmt::format("The search started at {}{}.", number(*first->value),
                                    relative(value, *first->value)));
  }
  if (const auto random = random_trials(study)) {
    sentences.push_back(fmt::format("The median of {} random configurations is {}{}.",
                                    grouped(static_cast<std::int64_t>(random->second)),
                                    number(random->first), relative(value, random->first)));
  } else if (known.random_value) {
    sentences.push_back(
        fmt::format("By the model, a random configuration gives {} in the median{}.",
                    number(*known.random_value), relative(value, *known.random_value)));
  }
  return sentences;
}

std::string intent_text(const Explanation& why) {
  const bool is_local = why.search == "local";
  if (why.expected->explores) return "to explore a region of which little was known";
  return is_local ? "to exploit what was known near the best trial"
                  : "because good values were expected there";
}

std::vector<std::string> why(const Study& study, const Knowledge& known) {
  const auto best = study.best_trial();
  if (!best) return {"There is nothing to explain yet."};
  const Explanation& reason = *known.winner;
  std::vector<std::string> sentences;
  if (reason.expected) {
    sentences.push_back(fmt::format("It was suggested after {}, {}.",
                                    counted(reason.finished, "finished trial"),
                                    intent_text(reason)));
    sentences.push_back(fmt::format("{} ± {} was expected of it, {} was to be beaten.",
                                    number(reason.expected->prediction.mean),
                                    fmt::format("{:.2g}", reason.expected->prediction.stddev),
                                    number(reason.expected->incumbent)));
  } else if (reason.mode == "design") {
    sentences.emplace_back("It was one of the initial points, spread evenly over the space.");
  } else if (best->sampler == "user") {
    sentences.emplace_back("It was asked for by the user.");
  } else {
    sentences.push_back(reason.mode == "random"
                            ? "It was suggested at random."
                            : fmt::format("It was suggested by {}.", printable(best->sampler)));
  }
  if (reason.left_out) {
    sentences.push_back(fmt::format("All other results together predict {} ± {} for it.",
                                    number(reason.left_out->mean),
                                    fmt::format("{:.2g}", reason.left_out->stddev)));
  }
  return sentences;
}

std::vector<std::string> mattered(const Knowledge& known) {
  if (!known.model) return {fmt::format("No model says: {}.", known.why_not)};
  std::vector<std::string> important;
  std::vector<std::string> idle;
  for (const auto& parameter : known.importance.parameters) {
    const std::string name = printable(parameter.name);
    if (parameter.total.value >= kMatters) {
      important.push_back(fmt::format("{} ({}, between {} and {})", name,
                                      percent(parameter.total.value), percent(parameter.total.low),
                                      percent(parameter.total.high)));
    } else {
      idle.push_back(name);
    }
  }
  std::vector<std::string> sentences;
  sentences.push_back(important.empty()
                          ? "No parameter has a visible share of the variance."
                          : fmt::format("Share of the variance: {}.", listed(important)));
  if (!idle.empty() && !important.empty()) {
    sentences.push_back(fmt::format("Hardly: {}.", listed(idle)));
  }
  const auto& calibration = known.model->calibration();
  sentences.push_back(fmt::format(
      "The model predicts a left-out result with R² {:.2f}; {} of them lie within one deviation.",
      calibration.explained, percent(calibration.within_one)));
  return sentences;
}

std::vector<std::string> failed(const Study& study) {
  std::map<std::string, std::int64_t> classes;
  for (const auto& trial : study.trials) {
    if (trial->state != TrialState::failed) continue;
    ++classes[trial->failure ? to_string(*trial->failure) : "other"];
  }
  const auto pruned = study.count(TrialState::pruned);
  std::vector<std::string> sentences;
  if (classes.empty()) {
    sentences.emplace_back("No trial failed.");
  } else {
    std::vector<std::pair<std::string, std::int64_t>> sorted(classes.begin(), classes.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    std::vector<std::string> parts;
    for (const auto& [name, count] : sorted)
      parts.push_back(fmt::format("{} {}", grouped(count), name));
    sentences.push_back(fmt::format(
        "{} of {} failed: {}.", grouped(study.count(TrialState::failed)),
        counted(static_cast<std::int64_t>(study.trials.size()), "trial"), listed(parts)));
  }
  if (pruned > 0) {
    sentences.push_back(fmt::format("{} stopped early.",
                                    counted(pruned, "trial") + (pruned == 1 ? " was" : " were")));
  }
  return sentences;
}

std::vector<std::string> next(const StudySource& source, const Knowledge& known) {
  const Study& study = source.study();
  std::vector<std::string> sentences;
  for (const auto& piece : known.advice) {
    sentences.push_back(printable(fmt::format("{}: {}.", piece.message, piece.hint)));
  }
  if (known.regret) {
    sentences.push_back(fmt::format(
        "The best trial lies within {:.2g} of the optimum with probability {}; ten more trials are "
        "expected to gain at most {:.2g}.",
        known.regret->bound, percent(known.regret->probability), known.regret->next_gain));
  }
  if (standing_of(source.stored) == std::string_view("interrupted")) {
    sentences.emplace_back("The same `hpo run` goes on where the study was interrupted.");
  }
  if (const auto best = study.best_trial()) {
    sentences.push_back(
        best->artifact.empty()
            ? fmt::format("`hpo explain{} {}` says more about the winner.", source.flags,
                          best->number)
            : fmt::format("`hpo export{} --out model.tar.gz` packs the winner.", source.flags));
  } else {
    sentences.push_back(
        study.count(TrialState::failed) > 0
            ? "Read the last lines of the failed trials below, and mend the program."
            : "Run trials: there is nothing to go by yet.");
  }
  return sentences;
}

}  // namespace

Answers answers(const StudySource& source, const Knowledge& known) {
  const Study& study = source.study();
  return {.searched = searched(source),
          .won = won(study, known),
          .why = why(study, known),
          .mattered = mattered(known),
          .failed = failed(study),
          .next = next(source, known)};
}

}  // namespace hpo::report
