// The verbs that look, on databases that `hpo run` made.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/study_store.h"
#include "tests/cli/hpo_program.h"

namespace hpo::cli {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

/// A folder with a finished study of eight trials.
class Look : public testing::Test {
 protected:
  Look() {
    folder.write("t.yaml", branin_file());
    const auto ended = folder.hpo({"run", "t.yaml"});
    EXPECT_EQ(ended.code, 0) << ended.err;
  }
  TestFolder folder;
};

TEST_F(Look, StudiesListsThem) {
  json list = folder.hpo({"studies", "--json"}).json();
  ASSERT_THAT(list, SizeIs(1));
  EXPECT_EQ(list[0]["name"], "branin");
  EXPECT_EQ(list[0]["state"], "finished");
  EXPECT_EQ(list[0]["trials"], 8);
  EXPECT_TRUE(list[0]["best_value"].is_number());
  EXPECT_THAT(list[0]["created_at"].get<std::string>(), testing::EndsWith("Z"));
  const auto table = folder.hpo({"studies"});
  EXPECT_THAT(table.out, AllOf(HasSubstr("branin"), HasSubstr("finished")));
  EXPECT_THAT(table.err, HasSubstr("next: hpo status branin"));
}

TEST_F(Look, StatusHasEveryField) {
  json status = folder.hpo({"status", "--json"}).json();
  EXPECT_EQ(status["study"], "branin");
  EXPECT_EQ(status["state"], "finished");
  EXPECT_TRUE(status["pid"].is_null());
  EXPECT_EQ(status["counts"]["complete"], 8);
  for (const auto* state : {"waiting", "running", "pruned", "failed"}) {
    EXPECT_EQ(status["counts"][state], 0) << state;
  }
  EXPECT_TRUE(status["best"]["number"].is_number_integer());
  EXPECT_TRUE(status["elapsed_s"].is_number());
  EXPECT_TRUE(status["eta_s"].is_null());
  EXPECT_TRUE(status["resources"].is_array());
  EXPECT_THAT(status["stop_reason"].get<std::string>(), HasSubstr("8 trials"));
  const auto table = folder.hpo({"status"});
  EXPECT_THAT(table.out, AllOf(HasSubstr("8 complete (of 8)"), HasSubstr("finished: 8 trials")));
  EXPECT_THAT(table.err, HasSubstr("next: hpo best branin"));
}

TEST_F(Look, TrialsAreTheContractsObjects) {
  json list = folder.hpo({"trials", "branin", "--format", "json"}).json();
  ASSERT_THAT(list, SizeIs(8));
  json& trial = list[3];
  EXPECT_EQ(trial["number"], 3);
  EXPECT_EQ(trial["state"], "complete");
  EXPECT_TRUE(trial["value"].is_number());
  EXPECT_TRUE(trial["configuration"]["x1"].is_number());
  EXPECT_EQ(trial["metrics"]["value"], trial["value"]);
  EXPECT_EQ(trial["attempt"], 1);
  for (const auto* key : {"failure", "reason", "directory", "model"}) {
    EXPECT_TRUE(trial.at(key).is_null()) << key;
  }
  EXPECT_TRUE(trial["started_at"].is_string());
  EXPECT_TRUE(trial["duration_s"].is_number());
  EXPECT_TRUE(trial.contains("resource"));
  EXPECT_TRUE(trial.contains("finished_at"));
}

TEST_F(Look, TrialsChooseAndSort) {
  json top = folder.hpo({"trials", "--top", "3", "--json"}).json();
  ASSERT_THAT(top, SizeIs(3));
  EXPECT_LE(top[0]["value"], top[1]["value"]);
  EXPECT_LE(top[1]["value"], top[2]["value"]);
  EXPECT_EQ(folder.hpo({"best", "--json"}).json()["number"], top[0]["number"]);
  EXPECT_THAT(folder.hpo({"trials", "2-4", "last", "--json"}).json(), SizeIs(4));
  json sorted = folder.hpo({"trials", "--sort", "x1", "--json"}).json();
  EXPECT_LE(sorted[0]["configuration"]["x1"], sorted[7]["configuration"]["x1"]);
  EXPECT_EQ(folder.hpo({"trials", "--state", "failed,pruned", "--json"}).json(), json::array());
  const auto wrong = folder.hpo({"trials", "--state", "fialed"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("did you mean \"failed\"?"));
}

TEST_F(Look, TrialsAsCsvHaveAColumnForEachParameterAndMetric) {
  const auto lines = folder.hpo({"trials", "--format", "csv"}).lines();
  ASSERT_THAT(lines, SizeIs(9));
  EXPECT_EQ(lines[0],
            "number,state,value,configuration.x1,configuration.x2,metrics.value,attempt,failure,"
            "reason,started_at,finished_at,duration_s,resource,directory,model");
  EXPECT_THAT(lines[1], testing::StartsWith("0,complete,"));
}

TEST_F(Look, ShowIsATrialWithItsReports) {
  json trial = folder.hpo({"show", "branin", "2", "--json"}).json();
  EXPECT_EQ(trial["number"], 2);
  ASSERT_THAT(trial["measurements"], SizeIs(1));
  EXPECT_TRUE(trial["measurements"][0]["metrics"]["value"].is_number());
  EXPECT_THAT(folder.hpo({"show", "3-5", "--json"}).json(), SizeIs(3));
  EXPECT_THAT(folder.hpo({"show", "best"}).out, HasSubstr("of study branin (best)"));
  const auto which = folder.hpo({"show", "branin"});
  EXPECT_EQ(which.code, 2);
  EXPECT_THAT(which.err, HasSubstr("hpo show branin best"));
  const auto absent = folder.hpo({"show", "99"});
  EXPECT_EQ(absent.code, 2);
  EXPECT_THAT(absent.err, HasSubstr("it has 0 to 7"));
}

TEST_F(Look, CompareShowsWhatDiffers) {
  json compared = folder.hpo({"compare", "branin", "1", "4", "best", "--json"}).json();
  ASSERT_THAT(compared["trials"], testing::SizeIs(testing::AnyOf(2, 3)));
  EXPECT_EQ(compared["parameters"][0]["name"], "x1");
  EXPECT_EQ(compared["parameters"][0]["differs"], true);
  EXPECT_EQ(compared["parameters"][0]["values"][0], compared["trials"][0]["configuration"]["x1"]);
  EXPECT_THAT(folder.hpo({"compare", "1", "4"}).out,
              AllOf(HasSubstr("trial 1"), HasSubstr("trial 4"), HasSubstr("duration_s")));
  EXPECT_THAT(folder.hpo({"compare", "--json"}).json()["trials"], SizeIs(5));
}

TEST_F(Look, StudiesMayBeCalledLikeVerbs) {
  ASSERT_EQ(folder.hpo({"run", "t.yaml", "--set", "study=best"}).code, 0);
  EXPECT_EQ(folder.hpo({"show", "best", "last", "--json"}).json()["number"], 7);
  EXPECT_EQ(folder.hpo({"status", "best", "--json"}).json()["study"], "best");
  EXPECT_EQ(folder.hpo({"show", "branin", "best", "--json"}).code, 0);
}

TEST_F(Look, CompareTakesStudies) {
  ASSERT_EQ(folder.hpo({"run", "t.yaml", "--set", "study=other", "--set", "strategy.seed=9"}).code,
            0);
  json compared = folder.hpo({"compare", "branin", "other", "--json"}).json();
  ASSERT_THAT(compared["studies"], SizeIs(2));
  EXPECT_EQ(compared["trials"][1]["study"], "other");
  EXPECT_EQ(compared["studies"][1]["best_value"], compared["trials"][1]["value"]);
  json back = folder.hpo({"compare", "other", "branin", "--json"}).json();
  // One of the two has the better best, so the other one never gets there.
  EXPECT_NE(compared["studies"][1]["trials_to_first_best"].is_null(),
            back["studies"][1]["trials_to_first_best"].is_null());
  EXPECT_THAT(folder.hpo({"compare", "branin", "other"}).out,
              HasSubstr("the best of branin was reached by"));
}

TEST_F(Look, SeveralStudiesHaveToBeNamed) {
  ASSERT_EQ(folder.hpo({"run", "t.yaml", "--set", "study=other"}).code, 0);
  const auto ended = folder.hpo({"status"});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("2 studies"), HasSubstr("branin, other")));
  const auto near = folder.hpo({"status", "brainn"});
  EXPECT_EQ(near.code, 2);
  EXPECT_THAT(near.err, HasSubstr("did you mean \"branin\"?"));
}

TEST_F(Look, StorageIsAFlagOrAVariable) {
  std::filesystem::rename(folder / "hpo.db", folder / "moved.db");
  EXPECT_EQ(folder.hpo({"status"}).code, 2);
  const auto flag = folder.hpo({"status", "--storage", "moved.db"});
  EXPECT_EQ(flag.code, 0);
  EXPECT_THAT(flag.err, HasSubstr("hpo best branin --storage moved.db"));
  const auto variable = folder.hpo({"status"}, {{"HPO_STORAGE", "moved.db"}});
  EXPECT_EQ(variable.code, 0);
  EXPECT_THAT(variable.err, Not(HasSubstr("--storage")));
}

TEST_F(Look, AReadOnlyFolderIsEnough) {
  using std::filesystem::perms;
  std::filesystem::permissions(folder.path(), perms::owner_read | perms::owner_exec);
  const auto ended = folder.hpo({"trials", "--json"});
  std::filesystem::permissions(folder.path(), perms::owner_all);
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.json(), SizeIs(8));
}

TEST_F(Look, LogsOfAnInProcessTrialAreExplained) {
  const auto ended = folder.hpo({"logs", "0"});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("no log"), HasSubstr("in-process")));
}

/// Stores trials that no objective of a test would make.
void store_odd_trials(const TestFolder& folder) {
  auto store = make_sqlite_store(folder / "hpo.db");
  ASSERT_TRUE(store);
  StudySpec spec{.name = "odd", .objectives = {{.metric = "loss"}}};
  spec.space.parameters = {{.name = "mode",
                            .domain = CategoricalParameter{.values = {std::string("\x1b[31mred"),
                                                                      std::string("a,\"b")}}},
                           {.name = "größe", .domain = IntParameter{.min = 1, .max = 9}}};
  auto opened = (*store)->open(spec, {});
  ASSERT_TRUE(opened) << opened.error().message;
  Trial nan{.number = 0,
            .configuration = {{"mode", std::string("\x1b[31mred")}, {"größe", std::int64_t{3}}},
            .state = TrialState::failed,
            .metrics = {{"loss", std::nan("")}},
            .failure = FailureClass::nan,
            .reason = "loss was \x1b[1mnan\nsecond line"};
  Trial other = nan;
  other.number = 1;
  other.configuration["mode"] = std::string("a,\"b");
  ASSERT_TRUE((*store)->save(nan));
  ASSERT_TRUE((*store)->save(other));
}

TEST(LookAtOddities, ControlCharactersAreEscapedAndNanIsNull) {
  const TestFolder folder;
  store_odd_trials(folder);
  const auto table = folder.hpo({"trials"});
  EXPECT_THAT(table.out, AllOf(HasSubstr("\\x1b[31mred"), Not(HasSubstr("\x1b")),
                               HasSubstr("loss was \\x1b[1mnan"), HasSubstr("größe")));
  json trial = folder.hpo({"show", "0", "--json"}).json();
  EXPECT_EQ(trial["configuration"]["mode"], "\x1b[31mred");
  EXPECT_TRUE(trial["metrics"]["loss"].is_null());
  EXPECT_EQ(trial["failure"], "nan");
  EXPECT_THAT(folder.hpo({"show", "0"}).out, HasSubstr("nan"));
  EXPECT_THAT(folder.hpo({"trials", "1", "--format", "csv"}).out, HasSubstr(",\"a,\"\"b\","));
}

TEST(LookAtOddities, NothingCompleteIsSaid) {
  const TestFolder folder;
  store_odd_trials(folder);
  const auto best = folder.hpo({"best", "--json"});
  EXPECT_EQ(best.code, 1);
  EXPECT_EQ(best.json()["error"]["code"], "not_found");
  EXPECT_TRUE(folder.hpo({"status", "--json"}).json()["best"].is_null());
  EXPECT_EQ(folder.hpo({"status", "--json"}).json()["state"], "interrupted");
}

TEST(LookAtOddities, TablesFitTheTerminal) {
  const TestFolder folder;
  store_odd_trials(folder);
  Process process(folder.path(), {"trials"}, Process::Io::terminal);
  process.resize(40, 24);
  for (const auto& line : process.wait().lines()) EXPECT_LE(line.size(), 60U) << line;
}

}  // namespace
}  // namespace hpo::cli
