#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "objectives/csv.h"
#include "objectives/glyphs.h"
#include "trainers/cli/evaluation_pictures.h"
#include "trainers/cli/evaluation_run.h"
#include "trainers/cli/verbs.h"
#include "trainers/files.h"
#include "trainers/report/evaluation_json.h"

namespace hpo::cli {
namespace {

void print_accuracy(const std::string& name, const Evaluation& e) {
  fmt::print("{}: accuracy {:.3f} (95 %: {:.3f} to {:.3f}), {} of {} photos\n", printable(name),
             e.accuracy, e.accuracy_ci95.low, e.accuracy_ci95.high, e.correct, e.photos);
}

void print_classes(const EvaluationReport& r) {
  std::size_t width = 5;
  for (const auto& name : r.classes) width = std::max(width, printable(name).size());
  fmt::print("\n{:{}}  photos  recall  precision    F1  predicted as 1..{}\n", "class", width,
             r.classes.size());
  constexpr std::size_t kColumns = 20;  // wider confusion matrices are for --html and --json
  for (std::size_t i = 0; i < r.classes.size(); ++i) {
    const ClassScore& score = r.evaluation.per_class[i];
    std::string row;
    for (std::size_t j = 0; j < r.classes.size() && r.classes.size() <= kColumns; ++j) {
      row += fmt::format(" {:3}", r.evaluation.confusion[i][j]);
    }
    fmt::print("{:{}}  {:6}  {:6.2f}  {:9.2f}  {:4.2f} {}\n", printable(r.classes[i]), width,
               score.photos, score.recall(), score.precision(), score.f1(), row);
  }
}

void print_duplicates(const DuplicateSearch& search) {
  fmt::print("\n{} of the photos are among the {} of {} too\n", search.pairs.size(), search.photos,
             printable(search.folder));
  constexpr std::size_t kShown = 10;
  for (std::size_t i = 0; i < std::min(kShown, search.pairs.size()); ++i) {
    const auto& pair = search.pairs[i];
    fmt::print("  {} = {} ({})\n", printable(pair.photo), printable(pair.training),
               pair.likeness == Likeness::same_bytes ? "same bytes" : "looks alike");
  }
  if (search.pairs.size() > kShown) fmt::print("  ...\n");
}

void print_table(const EvaluationReport& r) {
  print_accuracy(r.model, r.evaluation);
  fmt::print("among the first {}: {:.3f}; macro F1 {:.3f}; calibration error {:.3f}\n",
             r.top_k.size(), r.top_k.back(), macro_f1(r.evaluation), r.calibration.ece);
  print_classes(r);
  constexpr std::size_t kPairs = 5;
  if (!r.confused.empty()) fmt::print("\nmost confused\n");
  for (std::size_t i = 0; i < std::min(kPairs, r.confused.size()); ++i) {
    const ConfusedPair& pair = r.confused[i];
    fmt::print("  {:3}  {} and {}\n", pair.photos(), printable(r.classes[pair.first]),
               printable(r.classes[pair.second]));
  }
  if (r.duplicates) print_duplicates(*r.duplicates);
  if (!r.against) return;
  fmt::print("\n");
  print_accuracy(r.against->model, r.against->evaluation);
  const Comparison& c = r.against->comparison;
  fmt::print("right only with the first {}, only with the second {}; McNemar p = {:.3f}: {}\n",
             c.only_first, c.only_second, c.p_value, c.verdict);
}

void print_csv(const EvaluationReport& r) {
  fmt::print("{}", csv_line({"class", "photos", "correct", "recall", "precision", "f1"}));
  for (std::size_t i = 0; i < r.classes.size(); ++i) {
    const ClassScore& score = r.evaluation.per_class[i];
    fmt::print("{}",
               csv_line({r.classes[i], std::to_string(score.photos), std::to_string(score.correct),
                         fmt::format("{}", score.recall()), fmt::format("{}", score.precision()),
                         fmt::format("{}", score.f1())}));
  }
}

void print(const EvaluationReport& report, Format format) {
  switch (format) {
    case Format::json:
      fmt::print("{}\n", evaluation_json(report));
      break;
    case Format::csv:
      print_csv(report);
      break;
    case Format::table:
      print_table(report);
      break;
  }
}

Result<void> write_page(const EvaluationReport& report, const EvaluateArgs& args,
                        Classifier& model) {
  const auto pictures = draw_pictures(report, args, model);
  if (!pictures) return pictures.error();
  return write_atomically(args.html, evaluation_page(report, *pictures));
}

}  // namespace

int evaluate(const EvaluateArgs& args) {
  const auto models = load_models(args);
  if (!models) return fail(models.error(), args.format);
  const auto report = run_evaluation(args, *models);
  if (!report) return fail(report.error(), args.format);
  for (const auto& bad : report->skipped) {
    fmt::print(stderr, "hpo-model: skipped {}: {}\n", printable(bad.path), printable(bad.reason));
  }
  if (!args.html.empty()) {
    const auto written = write_page(*report, args, *models->front());
    if (!written) return fail(written.error(), args.format);
    fmt::print(stderr, "wrote {}, to be opened in a browser\n", printable(args.html.string()));
  }
  print(*report, args.format);
  return 0;
}

}  // namespace hpo::cli
