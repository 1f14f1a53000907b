// hpo report: the file it writes. What a browser makes of it is tested in tests/report/.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/cli/hpo_program.h"

namespace hpo::cli {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// The data block of a page.
json data_of(const std::string& page) {
  const std::string begin = R"(<script type="application/json" id="data">)";
  const auto from = page.find(begin) + begin.size();
  return json::parse(page.substr(from, page.find("</script>", from) - from));
}

class Report : public testing::Test {
 protected:
  void run(const std::string& yaml) const {
    folder.write("t.yaml", yaml);
    const auto ended = folder.hpo({"run", "t.yaml"});
    ASSERT_EQ(ended.code, 0) << ended.err;
  }
  TestFolder folder;
};

TEST_F(Report, IsOneFileWithItsDataAndAPolicy) {
  run(branin_file("{trials: 12}"));
  const auto ended = folder.hpo({"report", "--html", "page.html"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("page.html"));
  const std::string page = folder.read("page.html");
  EXPECT_THAT(page, AllOf(HasSubstr("default-src 'none'; script-src 'sha256-"),
                          HasSubstr("connect-src 'none'"), HasSubstr("<title>hpo: branin</title>"),
                          Not(HasSubstr("unsafe-inline")), Not(HasSubstr(folder.path().string()))));
  const json data = data_of(page);
  EXPECT_EQ(data["schema"], 1);
  const json& study = data["studies"][0];
  EXPECT_EQ(study["trials"]["count"], 12);
  EXPECT_EQ(study["state"], "finished");
  EXPECT_TRUE(study["winner"]["value"].is_number());
  for (const auto& [question, sentences] : study["answers"].items()) {
    EXPECT_FALSE(sentences.empty()) << question;
  }
}

TEST_F(Report, IsNamedAfterItsStudyOrGoesToStdout) {
  run(branin_file("{trials: 2}"));
  EXPECT_EQ(folder.hpo({"report", "--json"}).json()["html"], "branin.html");
  EXPECT_TRUE(std::filesystem::exists(folder / "branin.html"));
  EXPECT_THAT(folder.hpo({"report", "branin", "--html", "-"}).out,
              testing::StartsWith("<!doctype html>"));
}

TEST_F(Report, HasSeveralStudies) {
  run(branin_file("{trials: 3}"));
  ASSERT_EQ(folder.hpo({"run", "t.yaml", "--set", "study=other"}).code, 0);
  ASSERT_EQ(folder.hpo({"report", "branin", "other", "--html", "both.html"}).code, 0);
  const json data = data_of(folder.read("both.html"));
  ASSERT_EQ(data["studies"].size(), 2U);
  EXPECT_EQ(data["studies"][1]["name"], "other");
}

TEST_F(Report, TextOfAStudyEndsNoElement) {
  folder.write("bad.yaml", R"(study: bad
objective: {metric: loss, goal: minimize}
parameters:
  x: {type: categorical, values: ["</script><script>alert(1)</script>", "<!--"]}
limits: {trials: 2}
trial: {command: [sh, -c, "echo '</script><img src=x>' >&2; exit 1"], metrics: {loss: 'loss: (\S+)'}}
)");
  ASSERT_EQ(folder.hpo({"run", "bad.yaml"}).code, 1);
  ASSERT_EQ(folder.hpo({"report", "bad", "--html", "bad.html"}).code, 0);
  const std::string page = folder.read("bad.html");
  EXPECT_THAT(page, AllOf(Not(HasSubstr("<script>alert")), Not(HasSubstr("<img")),
                          HasSubstr("\\u003c/script>\\u003cimg src=x>")));
  const json study = data_of(page)["studies"][0];
  EXPECT_EQ(study["trials"]["parameters"][0]["values"][1], "<!--");
  EXPECT_EQ(study["failures"][0]["class"], "exit_code");
  EXPECT_EQ(study["failures"][0]["examples"][0]["lines"][0], "</script><img src=x>");
}

TEST_F(Report, SaysWhichStudyIsMissingAndWhereItCannotWrite) {
  run(branin_file("{trials: 2}"));
  EXPECT_EQ(folder.hpo({"report", "brainin"}).code, 2);
  EXPECT_EQ(folder.hpo({"report", "--html", "nowhere/page.html"}).code, 2);
}

}  // namespace
}  // namespace hpo::cli
