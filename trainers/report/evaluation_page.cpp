#include "trainers/report/evaluation_page.h"

#include <fmt/format.h>

#include "trainers/report/charts.h"
#include "trainers/report/html.h"
#include "trainers/report/page_parts.h"
#include "trainers/report/page_style.h"

namespace hpo {
namespace {

/// Nothing may be fetched and nothing may run, whatever a file name tried.
constexpr const char* kPolicy =
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action "
    "'none'";

std::string head(const EvaluationReport& r) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
      "<title>{} on {}</title>\n<style>{}</style></head>\n<body><main>\n",
      kPolicy, html_text(r.model), html_text(r.data), page_style());
}

std::string title(const EvaluationReport& r) {
  return fmt::format(
      "<header><h1>{}</h1>\n<p class=\"lede\">evaluated on {} photos of {} classes in {}, at {} × "
      "{} pixels</p></header>\n",
      html_text(r.model), r.evaluation.photos, r.classes.size(), html_text(r.data), r.image_size,
      r.image_size);
}

std::string navigation(const EvaluationReport& r, const EvaluationPictures& pictures) {
  std::string out = "<nav>";
  const auto link = [&](const char* id, const char* name) {
    out += fmt::format("<a href=\"#{}\">{}</a>", id, name);
  };
  link("overview", "Overview");
  link("confusion", "Confusion matrix");
  link("calibration", "Calibration");
  link("classes", "Classes");
  if (!r.confused.empty()) link("confused", "Most confused");
  link("wrong", "Wrong predictions");
  if (!pictures.right.empty()) link("right", "Right ones");
  if (r.duplicates) link("duplicates", "Duplicates");
  if (!r.skipped.empty()) link("skipped", "Left out");
  return out + "</nav>\n";
}

std::string charts(const EvaluationReport& r) {
  constexpr std::size_t kSideBySide = 12;  // more classes need the page's whole width
  const bool is_wide = r.classes.size() > kSideBySide;
  std::string out = is_wide ? "" : "<div class=\"pair\">\n";
  out +=
      "<section id=\"confusion\"><h2>Confusion matrix</h2>\n<p class=\"note\">A row for each true "
      "class, a column for each answer.</p>\n" +
      confusion_chart(r) + "</section>\n";
  out += fmt::format(
             "<section id=\"calibration\"><h2>Calibration</h2>\n<p class=\"note\">Where the model "
             "says 80 %, is it right in 8 of 10? Red: surer than right; yellow: less sure than it "
             "could be. On average it is {} sure and {} right.</p>\n",
             percent(r.calibration.mean_confidence), percent(r.evaluation.accuracy)) +
         calibration_chart(r.calibration) + "</section>\n";
  return out + (is_wide ? "" : "</div>\n");
}

constexpr const char* kFooter =
    "<footer><p>Interval: Wilson, 95 %. Calibration error: expected calibration error over ten "
    "bins "
    "(Guo et al. 2017). Grad-CAM: Selvaraju et al. 2017, of the last block. Input gradient: "
    "Simonyan "
    "et al. 2014. Duplicates: equal SHA-256 of the files, or a correlation of at least 0.98 "
    "between the pictures in grey at 16 × 16. Made by <code>hpo evaluate</code>; the page needs no "
    "network.</p></footer>\n</main></body></html>\n";

}  // namespace

std::string evaluation_page(const EvaluationReport& r, const EvaluationPictures& pictures) {
  return head(r) + title(r) + navigation(r, pictures) + overview_section(r) + charts(r) +
         classes_section(r) + confused_section(r) + wrong_section(r, pictures) +
         right_section(r, pictures) + duplicates_section(r, pictures) + skipped_section(r) +
         kFooter;
}

}  // namespace hpo
