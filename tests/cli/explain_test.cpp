// The verbs that explain a study with its model.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/hpo_program.h"

namespace hpo::cli {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

/// A folder with a finished study of thirty trials.
class Explain : public testing::Test {
 protected:
  Explain() { run({}); }

  void run(const std::vector<std::string>& more) {
    folder.write("t.yaml", branin_file("{trials: 30}"));
    std::vector<std::string> words = {"run", "t.yaml", "--set", "strategy.name=bayesian"};
    words.insert(words.end(), more.begin(), more.end());
    ended = folder.hpo(words);
    EXPECT_EQ(ended.code, 0) << ended.err;
  }
  TestFolder folder;
  Ended ended;
};

TEST_F(Explain, ImportanceHasEveryField) {
  json importance = folder.hpo({"importance", "--json"}).json();
  EXPECT_EQ(importance["study"], "branin");
  EXPECT_EQ(importance["results"], 30);
  ASSERT_THAT(importance["parameters"], SizeIs(2));
  for (const auto& parameter : importance["parameters"]) {
    EXPECT_GT(parameter["importance"], 0.2) << parameter;
    EXPECT_LE(parameter["interval"][0], parameter["importance"]);
    EXPECT_GE(parameter["interval"][1], parameter["importance"]);
    EXPECT_LE(parameter["alone"], parameter["importance"]);
    EXPECT_TRUE(parameter["in_best"].is_number());
  }
  EXPECT_GE(importance["parameters"][0]["importance"], importance["parameters"][1]["importance"]);
  EXPECT_TRUE(importance["explained_alone"].is_number());
  EXPECT_EQ(importance["calibration"]["left_out"], 30);
  EXPECT_TRUE(importance["advice"].is_array());
}

TEST_F(Explain, ImportanceIsATableAndCsv) {
  const auto table = folder.hpo({"importance"});
  EXPECT_THAT(table.out, AllOf(HasSubstr("parameter  importance"), HasSubstr("####"),
                               HasSubstr("90 % interval"), HasSubstr("by single parameters"),
                               HasSubstr("30 left-out results within one deviation")));
  EXPECT_THAT(table.err, HasSubstr("next: hpo explain branin best"));
  const auto csv = folder.hpo({"importance", "branin", "--format", "csv"}).lines();
  ASSERT_THAT(csv, SizeIs(3));
  EXPECT_EQ(csv[0], "parameter,importance,low,high,alone,alone_low,alone_high,in_best");
  EXPECT_THAT(csv[1], StartsWith("x"));
}

TEST_F(Explain, ATrialOfTheModelHasItsReason) {
  json trial = folder.hpo({"explain", "branin", "20", "--json"}).json();
  EXPECT_EQ(trial["number"], 20);
  EXPECT_EQ(trial["sampler"], "bayesian");
  EXPECT_EQ(trial["finished"], 20);
  EXPECT_EQ(trial["pending"], 0);
  EXPECT_TRUE(trial["best_then"]["value"].is_number());
  EXPECT_TRUE(trial["predicted"]["mean"].is_number());
  EXPECT_GT(trial["predicted"]["stddev"], 0);
  EXPECT_TRUE(trial["predicted"]["incumbent"].is_number());
  EXPECT_TRUE(trial["predicted"]["log_acquisition"].is_number());
  EXPECT_THAT(trial["predicted"]["intent"], testing::AnyOf("explore", "exploit"));
  EXPECT_THAT(trial["lengthscales"], SizeIs(2));
  EXPECT_THAT(trial["nearest"], Not(SizeIs(0)));
  EXPECT_TRUE(trial["z"].is_number());
  EXPECT_TRUE(trial["left_out"]["mean"].is_number());
  const auto text = folder.hpo({"explain", "20"});
  EXPECT_THAT(text.out,
              AllOf(HasSubstr("20 of study branin, by bayesian"), HasSubstr("predicted"),
                    HasSubstr("to be beaten"), HasSubstr("deviations from the prediction"),
                    HasSubstr("lengthscale"), HasSubstr("similarity")));
}

TEST_F(Explain, ATrialOfTheDesignSaysSo) {
  json trial = folder.hpo({"explain", "0", "--json"}).json();
  EXPECT_EQ(trial["mode"], "design");
  EXPECT_TRUE(trial["predicted"].is_null());
  EXPECT_TRUE(trial["z"].is_null());
  EXPECT_THAT(folder.hpo({"explain", "0"}).out, HasSubstr("initial design"));
  EXPECT_THAT(folder.hpo({"explain", "0-3", "--json"}).json(), SizeIs(4));
  EXPECT_THAT(folder.hpo({"explain", "0-3", "--format", "csv"}).lines(), SizeIs(5));
  const auto which = folder.hpo({"explain", "branin"});
  EXPECT_EQ(which.code, 2);
  EXPECT_THAT(which.err, HasSubstr("hpo explain branin best"));
}

TEST_F(Explain, BestIsBoundedFromTheOptimum) {
  json best = folder.hpo({"best", "--json"}).json();
  EXPECT_EQ(best["regret"]["probability"], 0.9);
  // The minimum is 0.397887.
  EXPECT_GE(best["regret"]["bound"], best["value"].get<double>() - 0.397888);
  EXPECT_TRUE(best["advice"].is_array());
  EXPECT_THAT(folder.hpo({"best"}).out, HasSubstr("of the optimum with probability 0.9"));
  EXPECT_THAT(ended.out, HasSubstr("of the optimum with probability 0.9"));
}

TEST_F(Explain, OtherSamplersStudiesAreExplainedToo) {
  run({"--set", "study=by-chance", "--set", "strategy.name=random"});
  json trial = folder.hpo({"explain", "by-chance", "12", "--json"}).json();
  EXPECT_EQ(trial["sampler"], "random");
  EXPECT_TRUE(trial["predicted"].is_null());
  EXPECT_TRUE(trial["left_out"]["z"].is_number());
  EXPECT_THAT(folder.hpo({"explain", "by-chance", "12"}).out, HasSubstr("at random"));
  EXPECT_THAT(folder.hpo({"importance", "by-chance", "--json"}).json()["parameters"], SizeIs(2));
}

TEST_F(Explain, ABestAtTheEndOfTheRangeIsAdvisedUpon) {
  // Within these bounds Branin falls towards the upper end of x1.
  run({"--set", "study=narrow", "--set", "parameters.x1.max=1.5", "--set", "parameters.x1.min=0.2",
       "--set", "parameters.x2.min=1", "--set", "parameters.x2.max=6"});
  EXPECT_THAT(ended.out, HasSubstr("raise parameters.x1.max"));
  json best = folder.hpo({"best", "narrow", "--json"}).json();
  ASSERT_THAT(best["advice"], SizeIs(1));
  EXPECT_EQ(best["advice"][0]["parameter"], "x1");
  EXPECT_EQ(best["advice"][0]["kind"], "raise_max");
}

TEST_F(Explain, TooFewTrialsAreSaid) {
  run({"--set", "study=short", "--set", "limits.trials=3"});
  const auto table = folder.hpo({"importance", "short"});
  EXPECT_EQ(table.code, 1);
  EXPECT_THAT(table.err,
              HasSubstr("a model of 2 parameters needs 4 different results, there are 3"));
  EXPECT_EQ(folder.hpo({"importance", "short", "--json"}).json()["error"]["code"], "not_found");
  EXPECT_EQ(folder.hpo({"explain", "short", "1"}).code, 0);
  EXPECT_TRUE(folder.hpo({"best", "short", "--json"}).json()["regret"].is_null());
}

TEST_F(Explain, AStudyEndsOnceItHasConverged) {
  run({"--set", "study=converged", "--set", "limits.trials=150", "--set",
       "limits.convergence=true"});
  EXPECT_THAT(ended.out, HasSubstr("converged: ten more trials would improve by"));
  json status = folder.hpo({"status", "converged", "--json"}).json();
  EXPECT_EQ(status["state"], "finished");
  EXPECT_LT(status["counts"]["complete"], 150);
}

}  // namespace
}  // namespace hpo::cli
