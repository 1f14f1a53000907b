#include "trainers/report/evaluation_page.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <regex>

#include "trainers/report/evaluation_json.h"
#include "trainers/report/html.h"

namespace hpo {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Four photos of `classes` classes, one judged wrongly, with a name that is an attack.
EvaluationReport small_report(std::size_t classes = 3) {
  EvaluationReport report{.model = "model.tar.gz", .data = "data/test", .image_size = 64};
  for (std::size_t i = 0; i < classes; ++i) {
    report.classes.push_back("00" + std::to_string(i % 10) + ".Bird_" + std::to_string(i));
  }
  report.classes[1] = "002.<script>alert('x')</script>";
  const auto add = [&](const char* path, int label, int predicted) {
    std::vector<double> row(classes, 0.1 / static_cast<double>(classes));
    row[static_cast<std::size_t>(predicted)] += 0.9;
    report.photos.push_back(
        {.path = path, .label = label, .predicted = predicted, .probabilities = row});
  };
  add("a/1.jpg", 0, 0);
  add("b/\"><img src=http://evil.example/x>\xff.jpg", 1, 2);
  add("b/2.jpg", 1, 1);
  add("c/1.jpg", 2, 2);
  summarise(report);
  return report;
}

EvaluationPictures small_pictures() {
  const std::vector<std::uint8_t> bytes = {0xff, 0xd8, 0xff};
  return {.wrong = {{.index = 1, .photo = bytes, .grad_cam = bytes, .gradient = bytes}},
          .right = {{.index = 0, .photo = bytes, .grad_cam = bytes, .gradient = bytes}}};
}

TEST(EvaluationPage, NeedsNothingFromOutside) {
  EvaluationReport report = small_report();
  report.duplicates = DuplicateSearch{.folder = "data/train", .photos = 9};
  report.skipped.push_back({.path = "x.jpg", .reason = "is a <PNG>"});
  const std::string page = evaluation_page(report, small_pictures());
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  const std::regex address(R"((src|href)\s*=\s*"(?!data:|#))");
  EXPECT_FALSE(std::regex_search(page, address));
  EXPECT_THAT(page, Not(HasSubstr("url(")));
  EXPECT_THAT(page, Not(HasSubstr("@import")));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("<img src=http")));
  EXPECT_THAT(page, HasSubstr("&lt;img src=http"));
  EXPECT_THAT(page, HasSubstr("is a &lt;PNG&gt;"));
}

TEST(EvaluationPage, ClosesWhatItOpens) {
  const std::string page = evaluation_page(small_report(), small_pictures());
  for (const std::string name : {"section", "div", "svg", "g", "figure", "table", "text", "main"}) {
    const std::regex open("<" + name + "[ >]");
    const std::regex close("</" + name + ">");
    const auto count = [&](const std::regex& what) {
      return std::distance(std::sregex_iterator(page.begin(), page.end(), what), {});
    };
    EXPECT_EQ(count(open), count(close)) << name;
  }
}

TEST(EvaluationPage, ShowsTheErrorAndWhereTheModelLooked) {
  const std::string page = evaluation_page(small_report(), small_pictures());
  EXPECT_THAT(page, HasSubstr("75.0 %"));
  EXPECT_THAT(page, HasSubstr("All 1, the surest first"));
  EXPECT_THAT(page, HasSubstr("taken for <span class=\"said\">Bird 2</span>"));
  EXPECT_THAT(page, HasSubstr("data:image/jpeg;base64,/9j/"));
  EXPECT_THAT(page, HasSubstr("Grad-CAM for Bird 2"));
}

TEST(EvaluationPage, LeavesNumbersOutOfAHugeMatrix) {
  const std::string page = evaluation_page(small_report(200), {});
  EXPECT_THAT(page, Not(HasSubstr("class=\"count")));
  EXPECT_LT(page.size(), 300'000U);
}

TEST(EvaluationPage, SaysThatNothingWasWrong) {
  EvaluationReport report = small_report();
  report.photos.erase(report.photos.begin() + 1);
  summarise(report);
  EXPECT_THAT(evaluation_page(report, {}), HasSubstr("None."));
}

TEST(EvaluationJson, HasWhatThePageShows) {
  EvaluationReport report = small_report();
  report.duplicates = DuplicateSearch{
      .folder = "data/train",
      .photos = 9,
      .pairs = {{.photo = "a/1.jpg", .training = "a/7.jpg", .likeness = Likeness::looks_alike}}};
  const auto json = nlohmann::json::parse(evaluation_json(report));
  EXPECT_EQ(json["accuracy"], 0.75);
  EXPECT_EQ(json["top5_accuracy"], 1);
  EXPECT_EQ(json["per_class"][2]["f1"], 2 / 3.0);
  EXPECT_EQ(json["calibration"]["bins"].size(), 10U);
  EXPECT_EQ(json["confused"][0]["photos"], 1);
  EXPECT_EQ(json["wrong"].size(), 1U);
  EXPECT_EQ(json["wrong"][0]["predicted_class"], "002.Bird_2");
  EXPECT_EQ(json["duplicates"]["pairs"][0]["found_by"], "picture");
}

TEST(Html, SpellsOutWhatIsNoText) {
  EXPECT_EQ(html_text("a<b> & \"c\" 'd'"), "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;");
  EXPECT_EQ(html_text("\x1b\xff"), "\\x1b\\xff");
  EXPECT_EQ(class_text("013.Red_winged"), "Red winged");
  EXPECT_EQ(class_text("a.b_c"), "a.b c");
  EXPECT_EQ(data_url("image/jpeg", std::vector<std::uint8_t>{'h', 'p', 'o', '!'}),
            "data:image/jpeg;base64,aHBvIQ==");
  EXPECT_EQ(percent(0.5), "50.0 %");
  EXPECT_EQ(percent(1), "100 %");
}

}  // namespace
}  // namespace hpo
