#include "trainers/report/page_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "trainers/report/charts.h"
#include "trainers/report/html.h"

namespace hpo {
namespace {

const std::string& class_name(const EvaluationReport& r, int index) {
  return r.classes[static_cast<std::size_t>(index)];
}

std::string tile(const std::string& value, const std::string& meaning, bool warn = false) {
  return fmt::format("<div class=\"tile{}\"><b>{}</b><span>{}</span></div>\n", warn ? " warn" : "",
                     value, meaning);
}

std::string meter(double share, double weak) {
  return fmt::format("<div class=\"meter{}\"><i style=\"--w:{:.1f}%\"></i><span>{}</span></div>",
                     share < weak ? " bad" : "", 100 * share, percent(share));
}

std::string image(const std::vector<std::uint8_t>& jpeg, const std::string& meaning) {
  return fmt::format(R"(<img loading="lazy" src="{}" alt="{}" title="{}">)",
                     data_url("image/jpeg", jpeg), meaning, meaning);
}

/// How sure the model is compared with how often it is right, in words.
std::string calibration_words(const EvaluationReport& r) {
  const double surplus = r.calibration.mean_confidence - r.evaluation.accuracy;
  constexpr double kSlight = 0.03;
  if (surplus > kSlight) return "surer than it is right";
  if (surplus < -kSlight) return "more often right than it is sure";
  return "about as sure as it is right";
}

std::string tiles(const EvaluationReport& r) {
  std::string out = "<div class=\"tiles\">\n";
  for (const std::size_t k : {std::size_t{2}, std::size_t{5}}) {
    if (k > r.top_k.size() || k >= r.classes.size()) continue;
    out += tile(percent(r.top_k[k - 1]), fmt::format("right among its first {}", k));
  }
  out += tile(fmt::format("{:.3f}", macro_f1(r.evaluation)), "macro F1, mean over the classes");
  out += tile(percent(r.calibration.ece), "calibration error (ECE): " + calibration_words(r));
  if (r.duplicates) {
    const std::size_t found = r.duplicates->pairs.size();
    out += tile(fmt::format("{}", found), "photos that the training folder holds too", found > 0);
  }
  if (!r.skipped.empty()) {
    out += tile(fmt::format("{}", r.skipped.size()), "files that are no readable photos", true);
  }
  return out + "</div>\n";
}

/// The most probable classes, and the true one where it is not among them.
std::string odds(const EvaluationReport& r, const JudgedPhoto& photo) {
  constexpr std::size_t kShown = 3;
  std::vector<std::size_t> order(r.classes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return photo.probabilities[a] > photo.probabilities[b];
  });
  const auto label = static_cast<std::size_t>(photo.label);
  const auto shown = order.begin() + static_cast<std::ptrdiff_t>(std::min(kShown, order.size()));
  const bool is_shown = std::find(order.begin(), shown, label) != shown;
  order.erase(shown, order.end());
  if (!is_shown) order.push_back(label);
  std::string out = "<div class=\"odds\">";
  for (const std::size_t c : order) {
    const std::string name = class_text(r.classes[c]);
    out += fmt::format(
        "<span class=\"{}\" title=\"{}\">{}</span><i style=\"--w:{:.1f}%\"></i><em>{:.0f} %</em>",
        c == label ? "true" : "", name, name, 100 * photo.probabilities[c],
        100 * photo.probabilities[c]);
  }
  return out + "</div>";
}

std::string figure(const EvaluationReport& r, const ShownPhoto& shown) {
  const JudgedPhoto& photo = r.photos[shown.index];
  const std::string truth = class_text(class_name(r, photo.label));
  const std::string answer = class_text(class_name(r, photo.predicted));
  const std::string said =
      photo.is_right()
          ? fmt::format("<span class=\"ok\">{}</span>", truth)
          : fmt::format("<b>{}</b> taken for <span class=\"said\">{}</span>", truth, answer);
  return fmt::format(
      "<figure><div class=\"strip\">{}{}{}</div>\n<figcaption>{}{}<small>{}</small></figcaption>"
      "</figure>\n",
      image(shown.photo, truth), image(shown.grad_cam, "Grad-CAM for " + answer),
      image(shown.gradient, "input gradient for " + answer), said, odds(r, photo),
      html_text(photo.path));
}

std::string gallery(const EvaluationReport& r, const std::vector<ShownPhoto>& photos) {
  std::string out = "<div class=\"gallery\">\n";
  for (const auto& photo : photos) out += figure(r, photo);
  return out + "</div>\n";
}

std::string rival_words(const Rival& rival) {
  return fmt::format(
      "<p class=\"note\">Against {}: {} right ({} to {}). Right only with the first {}, only with "
      "the second {}; McNemar's exact test p = {:.3f}: {}.</p>\n",
      html_text(rival.model), percent(rival.evaluation.accuracy),
      percent(rival.evaluation.accuracy_ci95.low), percent(rival.evaluation.accuracy_ci95.high),
      rival.comparison.only_first, rival.comparison.only_second, rival.comparison.p_value,
      html_text(rival.comparison.verdict));
}

std::string duplicate_figure(const DuplicateSearch::Pair& pair, const ShownDuplicate& shown) {
  const std::string kind =
      pair.likeness == Likeness::same_bytes
          ? "the same file, byte for byte"
          : fmt::format("looks alike: the pictures correlate by {:.3f}", pair.resemblance);
  return fmt::format(
      "<figure><div class=\"strip two\">{}{}</div>\n<figcaption>{}{}<small>{}<br>{}</small>"
      "</figcaption></figure>\n",
      image(shown.photo, "in the evaluated folder"),
      image(shown.training, "in the training folder"), kind,
      pair.is_other_class ? ", <span class=\"said\">under another class</span>" : "",
      html_text(pair.photo), html_text(pair.training));
}

}  // namespace

std::string overview_section(const EvaluationReport& r) {
  const Evaluation& e = r.evaluation;
  std::string out = "<section id=\"overview\">\n<div class=\"hero\">";
  out += fmt::format("<div class=\"big\">{}</div>\n", percent(e.accuracy));
  out += fmt::format(
      "<p>{} of {} photos got their right name. With 95 % certainty the accuracy on photos like "
      "these lies between {} and {}.</p></div>\n",
      e.correct, e.photos, percent(e.accuracy_ci95.low), percent(e.accuracy_ci95.high));
  out += accuracy_scale(r) + tiles(r);
  if (r.against) out += rival_words(*r.against);
  return out + "</section>\n";
}

std::string classes_section(const EvaluationReport& r) {
  std::string out =
      "<section id=\"classes\"><h2>Classes</h2>\n<p class=\"note\">Precision: how many of the "
      "photos taken for the class belong to it. Recall: how many of its photos were found.</p>\n"
      "<div class=\"scroll\"><table><thead><tr><th>class<th class=\"n\">photos<th>precision"
      "<th>recall<th>F1</tr></thead><tbody>\n";
  constexpr double kWeak = 0.5;
  for (std::size_t i = 0; i < r.classes.size(); ++i) {
    const ClassScore& score = r.evaluation.per_class[i];
    out += fmt::format("<tr><td>{}<td class=\"n\">{}<td>{}<td>{}<td>{}</tr>\n",
                       class_text(r.classes[i]), score.photos, meter(score.precision(), kWeak),
                       meter(score.recall(), kWeak), meter(score.f1(), kWeak));
  }
  return out + "</tbody></table></div></section>\n";
}

std::string confused_section(const EvaluationReport& r) {
  if (r.confused.empty()) return {};
  std::string out =
      "<section id=\"confused\"><h2>Most confused</h2>\n<div class=\"scroll\"><table><thead><tr>"
      "<th>pair<th class=\"n\">photos<th class=\"n\">of all errors<th>which way</tr></thead>"
      "<tbody>\n";
  const auto errors = static_cast<double>(r.evaluation.photos - r.evaluation.correct);
  for (const auto& pair : r.confused) {
    const std::string first = class_text(r.classes[pair.first]);
    const std::string second = class_text(r.classes[pair.second]);
    out += fmt::format(
        "<tr><td>{0} and {1}<td class=\"n\">{2}<td class=\"n\">{3}<td><small>{4} × {0} taken for "
        "{1}, {5} × the other way</small></tr>\n",
        first, second, pair.photos(), percent(static_cast<double>(pair.photos()) / errors),
        pair.first_as_second, pair.second_as_first);
  }
  return out + "</tbody></table></div></section>\n";
}

std::string wrong_section(const EvaluationReport& r, const EvaluationPictures& pictures) {
  const auto errors = static_cast<std::size_t>(r.evaluation.photos - r.evaluation.correct);
  if (errors == 0) {
    return "<section id=\"wrong\"><h2>Wrong predictions</h2><p "
           "class=\"note\">None.</p></section>\n";
  }
  const std::string count = pictures.wrong.size() == errors
                                ? fmt::format("All {}", errors)
                                : fmt::format("The {} surest of {}", pictures.wrong.size(), errors);
  return fmt::format(
             "<section id=\"wrong\"><h2>Wrong predictions</h2>\n<p class=\"note\">{}, the surest "
             "first. Beside each photo: where the last layers found what they took it for "
             "(Grad-CAM), and which pixels would change that answer most (input gradient).</p>\n",
             count) +
         gallery(r, pictures.wrong) + "</section>\n";
}

std::string right_section(const EvaluationReport& r, const EvaluationPictures& pictures) {
  if (pictures.right.empty()) return {};
  return "<section id=\"right\"><h2>Right predictions, for comparison</h2>\n<p class=\"note\">The "
         "surest of some classes. A model that learnt birds looks at the bird.</p>\n" +
         gallery(r, pictures.right) + "</section>\n";
}

std::string duplicates_section(const EvaluationReport& r, const EvaluationPictures& pictures) {
  if (!r.duplicates) return {};
  const DuplicateSearch& search = *r.duplicates;
  std::string out = "<section id=\"duplicates\"><h2>Duplicates in the training photos</h2>\n";
  if (search.pairs.empty()) {
    return out + fmt::format(
                     "<p class=\"note\">None: no photo has the bytes or the look of one of the {} "
                     "photos of {}.</p></section>\n",
                     search.photos, html_text(search.folder));
  }
  out += fmt::format(
      "<p class=\"note\">{} of the photos evaluated here: also among the {} of {}. What was "
      "trained on says nothing "
      "about new ones: remove them and evaluate again.</p>\n<div class=\"gallery\">\n",
      search.pairs.size(), search.photos, html_text(search.folder));
  for (const auto& shown : pictures.duplicates) {
    out += duplicate_figure(search.pairs[shown.index], shown);
  }
  out += "</div>\n";
  if (pictures.duplicates.size() < search.pairs.size()) {
    out += fmt::format("<p class=\"note\">{} more are in the JSON report.</p>\n",
                       search.pairs.size() - pictures.duplicates.size());
  }
  return out + "</section>\n";
}

std::string skipped_section(const EvaluationReport& r) {
  if (r.skipped.empty()) return {};
  constexpr std::size_t kShown = 50;
  std::string out = "<section id=\"skipped\"><h2>Files left out</h2>\n<ul class=\"plain\">\n";
  for (std::size_t i = 0; i < std::min(kShown, r.skipped.size()); ++i) {
    out += fmt::format("<li>{} <small>{}</small></li>\n", html_text(r.skipped[i].path),
                       html_text(r.skipped[i].reason));
  }
  out += "</ul>\n";
  if (r.skipped.size() > kShown) {
    out += fmt::format("<p class=\"note\">and {} more</p>\n", r.skipped.size() - kShown);
  }
  return out + "</section>\n";
}

}  // namespace hpo
