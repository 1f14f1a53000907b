#include "trainers/report/charts.h"

#include <fmt/format.h>

#include <algorithm>

#include "trainers/report/html.h"

namespace hpo {
namespace {

constexpr std::size_t kNamedClasses = 30;

std::string svg_open(double width, double height, const std::string& label) {
  return fmt::format(
      R"(<svg viewBox="0 0 {0:.0f} {1:.0f}" style="max-width:{0:.0f}px" role="img" aria-label="{2}">)"
      "\n",
      width, height, label);
}

std::string text(double x, double y, const char* style, const std::string& content) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" class=\"{}\">{}</text>\n", x, y, style,
                     content);
}

/// Where the matrix lies, and how large its cells are.
struct Grid {
  double left = 0;
  double top = 0;
  double cell = 0;
  bool named = true;
};

Grid grid_of(const EvaluationReport& r) {
  constexpr double kWidth = 900;
  const auto n = static_cast<double>(r.classes.size());
  if (r.classes.size() > kNamedClasses) {
    return {.left = 1, .top = 1, .cell = std::max(4.0, kWidth / n), .named = false};
  }
  std::size_t longest = 0;
  for (const auto& name : r.classes) longest = std::max(longest, class_text(name).size());
  const double left = std::clamp(7.2 * static_cast<double>(longest) + 16, 60.0, 230.0);
  return {.left = left,
          .top = 0.72 * left + 6,
          .cell = std::clamp((kWidth - left) / n, 20.0, 56.0),
          .named = true};
}

std::string cell_of(const EvaluationReport& r, const Grid& grid, std::size_t row,
                    std::size_t column) {
  const std::int64_t count = r.evaluation.confusion[row][column];
  const auto photos =
      static_cast<double>(std::max<std::int64_t>(r.evaluation.per_class[row].photos, 1));
  const double share = static_cast<double>(count) / photos;
  const double x = grid.left + static_cast<double>(column) * grid.cell;
  const double y = grid.top + static_cast<double>(row) * grid.cell;
  const double gap = grid.named ? 2 : 0.4;
  const double faintest = grid.named ? 0.12 : 0.45;  // a tiny cell must be seen without a number
  std::string out = fmt::format(
      R"(<g><title>{} taken for {}: {}</title><rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="{}" style="fill-opacity:{:.2f}"/>)",
      class_text(r.classes[row]), class_text(r.classes[column]), count,
      row == column ? "good" : "bad", x, y, grid.cell - gap, grid.cell - gap, grid.named ? 4 : 0,
      faintest + (1 - faintest) * share);
  if (grid.named) {
    out += text(x + (grid.cell - gap) / 2, y + (grid.cell - gap) / 2 + 4,
                share > 0.45 ? "count on" : "count", fmt::format("{}", count));
  }
  return out + "</g>\n";
}

std::string empty_cells(const EvaluationReport& r, const Grid& grid) {
  const double side = static_cast<double>(r.classes.size()) * grid.cell;
  if (!grid.named) {
    return fmt::format(R"(<rect class="inset" x="{}" y="{}" width="{:.1f}" height="{:.1f}"/>)"
                       "\n",
                       grid.left, grid.top, side, side);
  }
  std::string out;
  for (std::size_t i = 0; i < r.classes.size(); ++i) {
    for (std::size_t j = 0; j < r.classes.size(); ++j) {
      if (r.evaluation.confusion[i][j] != 0) continue;
      out += fmt::format(
          R"(<rect class="inset" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="4"/>)"
          "\n",
          grid.left + static_cast<double>(j) * grid.cell,
          grid.top + static_cast<double>(i) * grid.cell, grid.cell - 2, grid.cell - 2);
    }
  }
  return out;
}

std::string class_names(const EvaluationReport& r, const Grid& grid) {
  std::string out;
  for (std::size_t i = 0; i < r.classes.size(); ++i) {
    const double centre = (static_cast<double>(i) + 0.5) * grid.cell;
    const std::string name = class_text(r.classes[i]);
    out += text(grid.left - 10, grid.top + centre + 3, "name end", name);
    const double x = grid.left + centre;
    const double y = grid.top - 8;
    out += fmt::format(
        R"svg(<text class="name" transform="translate({:.1f} {:.1f}) rotate(-45)">{}</text>)svg"
        "\n",
        x, y, name);
  }
  return out;
}

/// The plot of the calibration chart.
constexpr double kX = 46;
constexpr double kY = 14;
constexpr double kSide = 300;
constexpr double kStripTop = kY + kSide + 34;
constexpr double kStrip = 54;

double across(double share) { return kX + share * kSide; }
double up(double share) { return kY + (1 - share) * kSide; }

std::string calibration_axes() {
  std::string out;
  for (int i = 0; i <= 4; ++i) {
    const double share = i / 4.0;
    out += fmt::format(R"(<line class="grid" x1="{0:.1f}" x2="{1:.1f}" y1="{2:.1f}" y2="{2:.1f}"/>)"
                       "\n",
                       kX, kX + kSide, up(share));
    out += text(kX - 8, up(share) + 4, "tick end", fmt::format("{:.0f}", 100 * share));
    out += text(across(share), kY + kSide + 17, "tick mid", fmt::format("{:.0f}", 100 * share));
  }
  out += fmt::format(R"(<line class="ideal" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>)"
                     "\n",
                     across(0), up(0), across(1), up(1));
  out += fmt::format(
      R"svg(<text class="tick mid" transform="translate(12 {:.1f}) rotate(-90)">right, %</text>)svg"
      "\n",
      kY + kSide / 2);
  return out + text(kX + kSide / 2, kStripTop + kStrip + 18, "tick mid",
                    "confidence, %; below, how many photos have it");
}

std::string calibration_bin(const CalibrationBin& bin, std::int64_t most) {
  constexpr double kGap = 3;
  const double x = across(bin.low) + kGap / 2;
  const double width = (bin.high - bin.low) * kSide - kGap;
  const double height = kStrip * static_cast<double>(bin.photos) /
                        static_cast<double>(std::max<std::int64_t>(most, 1));
  std::string out = fmt::format(
      "<g><title>confidence {:.0f} to {:.0f} %: {} photos, {} right, mean confidence {}</title>",
      100 * bin.low, 100 * bin.high, bin.photos, percent(bin.accuracy), percent(bin.confidence));
  const double above = std::max(bin.accuracy, bin.confidence);
  const double below = std::min(bin.accuracy, bin.confidence);
  out += fmt::format(R"(<rect class="bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>)",
                     x, up(below), width, up(0) - up(below));
  out += fmt::format(R"(<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>)",
                     bin.confidence > bin.accuracy ? "boast" : "doubt", x, up(above), width,
                     up(below) - up(above));
  out += fmt::format(R"(<circle class="dot" cx="{:.1f}" cy="{:.1f}" r="4"/>)",
                     across(bin.confidence), up(bin.accuracy));
  out += fmt::format(
      R"(<rect class="soft" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="2"/>)", x,
      kStripTop + kStrip - height, width, height);
  out += text(x + width / 2, kStripTop + kStrip - height - 4, "tick mid",
              fmt::format("{}", bin.photos));
  return out + "</g>\n";
}

}  // namespace

std::string accuracy_scale(const EvaluationReport& r) {
  constexpr double kWidth = 1130;
  constexpr double kLine = 34;
  const auto at = [](double share) { return 20 + share * (kWidth - 40); };
  const Interval& ci = r.evaluation.accuracy_ci95;
  const double chance = 1 / static_cast<double>(r.classes.size());
  std::string out = svg_open(kWidth, 64, "accuracy and its interval");
  out += fmt::format(R"(<line class="scale" x1="{:.0f}" x2="{:.0f}" y1="{}" y2="{}"/>)"
                     "\n",
                     at(0), at(1), kLine, kLine);
  for (int i = 0; i <= 10; ++i) {
    out += fmt::format(R"(<line class="scale" x1="{0:.0f}" x2="{0:.0f}" y1="{1}" y2="{2}"/>)"
                       "\n",
                       at(i / 10.0), kLine, kLine + 5);
    if (i % 2 == 0) out += text(at(i / 10.0), kLine + 22, "tick mid", fmt::format("{} %", 10 * i));
  }
  out += fmt::format(
      R"(<rect class="band" x="{:.1f}" y="{}" width="{:.1f}" height="14" rx="7"><title>95 % interval: {} to {}</title></rect>)"
      "\n",
      at(ci.low), kLine - 7, at(ci.high) - at(ci.low), percent(ci.low), percent(ci.high));
  out += fmt::format(R"(<line class="chance" x1="{0:.1f}" x2="{0:.1f}" y1="{1}" y2="{2}"/>)"
                     "\n",
                     at(chance), kLine - 14, kLine + 5);
  out += text(at(chance), kLine - 19, "tick mid", "guessing");
  out += fmt::format(R"(<circle class="dot" cx="{:.1f}" cy="{}" r="7"/>)"
                     "\n",
                     at(r.evaluation.accuracy), kLine);
  return out + "</svg>\n";
}

std::string confusion_chart(const EvaluationReport& r) {
  const Grid grid = grid_of(r);
  const double side = static_cast<double>(r.classes.size()) * grid.cell;
  const double overhang = grid.named ? 0.72 * grid.left - grid.cell / 2 : 0;  // of the last name
  std::string out =
      svg_open(grid.left + side + std::max(overhang, 1.0), grid.top + side + 1, "confusion matrix");
  out += empty_cells(r, grid);
  for (std::size_t i = 0; i < r.classes.size(); ++i) {
    for (std::size_t j = 0; j < r.classes.size(); ++j) {
      if (r.evaluation.confusion[i][j] != 0) out += cell_of(r, grid, i, j);
    }
  }
  if (grid.named) out += class_names(r, grid);
  return out + "</svg>\n";
}

std::string calibration_chart(const Calibration& calibration) {
  std::int64_t most = 0;
  for (const auto& bin : calibration.bins) most = std::max(most, bin.photos);
  std::string out = svg_open(kX + kSide + 14, kStripTop + kStrip + 26, "calibration curve");
  out += calibration_axes();
  for (const auto& bin : calibration.bins) {
    if (bin.photos > 0) out += calibration_bin(bin, most);
  }
  return out + "</svg>\n";
}

}  // namespace hpo
