// The other verbs that act: validate, delete, export, train, prepare, doctor.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/model_package.h"
#include "tests/cli/hpo_program.h"

namespace hpo::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(Validate, SaysThatAFileIsValidAndWhatToDoNext) {
  const TestFolder folder;
  folder.write("t.yaml", branin_file());
  const auto ended = folder.hpo({"validate", "t.yaml"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.out, HasSubstr("t.yaml is valid: study branin, 2 parameters"));
  EXPECT_THAT(ended.err, HasSubstr("next: hpo run t.yaml"));
  EXPECT_EQ(folder.hpo({"validate", "t.yaml", "--json"}).json()["valid"], true);
  EXPECT_EQ(folder.hpo({"validate", "t.yaml", "--format", "csv"}).out,
            "message,file,line,column,hint\n");
}

TEST(Validate, GivesAdviceAndErrors) {
  const TestFolder folder;
  folder.write("t.yaml", branin_file());
  const auto advice = folder.hpo({"validate", "t.yaml", "--set", "parameters.x1.min=0.001"});
  EXPECT_EQ(advice.code, 0);
  EXPECT_THAT(advice.err, AllOf(HasSubstr("advice"), HasSubstr("4 decades on a linear scale")));
  const auto wrong = folder.hpo({"validate", "t.yaml", "--set", "parameters.x1.type=flaot"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("float"));
  const auto absent = folder.hpo({"validate", "absent.yaml", "--json"});
  EXPECT_EQ(absent.code, 2);
  EXPECT_THAT(absent.json()["error"]["message"].get<std::string>(), Not(HasSubstr("\n")));
}

TEST(Validate, TriesTheExpressionsOnALog) {
  const TestFolder folder;
  folder.write("t.yaml", script_file("{trials: 1}"));
  folder.write("train.sh", "");
  folder.write("good.log", "epoch 1\nloss: 0.5\nloss: 0.25\n");
  folder.write("bad.log", "epoch 1\nLoss=0.5\n");
  const auto good = folder.hpo({"validate", "t.yaml", "--log", "good.log"});
  EXPECT_EQ(good.code, 0);
  EXPECT_THAT(good.out, AllOf(HasSubstr("loss"), HasSubstr("2")));
  EXPECT_EQ(folder.hpo({"validate", "t.yaml", "--log", "good.log", "--json"})
                .json()["metrics"]["loss"]["values"],
            2);
  const auto bad = folder.hpo({"validate", "t.yaml", "--log", "bad.log"});
  EXPECT_EQ(bad.code, 2);
  EXPECT_THAT(bad.err, AllOf(HasSubstr("\"loss\" is in none of its 2 lines"), HasSubstr("hint")));
}

/// Three trials of which each writes a model of two files.
class WithModels : public testing::Test {
 protected:
  WithModels() {
    folder.write("t.yaml", script_file("{trials: 3}", "keep: {models: 1}\n"));
    folder.write("train.sh",
                 "echo \"model of $HPO_TRIAL\" > \"$SM_MODEL_DIR/weights.bin\"\n"
                 "echo text > \"$SM_MODEL_DIR/notes.txt\"\n"
                 "echo \"loss: $HPO_TRIAL\"\n");
    const auto ended = folder.hpo({"run", "t.yaml"});
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr("next: hpo export script --out model.tar.gz"));
  }
  TestFolder folder;
};

TEST_F(WithModels, ExportsTheBestWithProvenance) {
  const auto ended = folder.hpo({"export", "--out", "m.tar.gz", "--json"});
  ASSERT_EQ(ended.code, 0) << ended.err << ended.out;
  EXPECT_EQ(ended.json()["trial"], 0);
  EXPECT_EQ(ended.json()["files"], 2);
  const auto manifest = read_manifest(folder / "m.tar.gz");
  ASSERT_TRUE(manifest);
  json origin = manifest->at("provenance");
  EXPECT_EQ(origin["study"], "script");
  EXPECT_EQ(origin["trial"], 0);
  EXPECT_EQ(origin["value"], 0.0);
  EXPECT_EQ(origin["metric"], "loss");
  EXPECT_TRUE(verify_model_package(folder / "m.tar.gz"));
  EXPECT_EQ(folder.hpo({"show", "0", "--json"}).json()["model"],
            (folder / "hpo.runs/script/0/model").string());
}

TEST_F(WithModels, AModelThatWasNotKeptIsSaid) {
  const auto ended = folder.hpo({"export", "script", "--trial", "2", "--out", "m.tar.gz"});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("trial 2 was not kept"), HasSubstr("have one: 0")));
  EXPECT_FALSE(fs::exists(folder / "m.tar.gz"));
  const auto nowhere = folder.hpo({"export", "--out", "no/such/m.tar.gz"});
  EXPECT_NE(nowhere.code, 0);
}

TEST_F(WithModels, ExportAtTheEndOfARun) {
  const auto ended =
      folder.hpo({"run", "t.yaml", "--set", "limits.trials=4", "--set", "export.to=end.tar.gz"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("exported the model of trial 0"));
  EXPECT_TRUE(verify_model_package(folder / "end.tar.gz"));
}

TEST_F(WithModels, DeleteRemovesRowsAndFoldersButFollowsNoLinks) {
  fs::create_directory(folder / "precious");
  folder.write("precious/file", "keep me");
  fs::create_directory_symlink(folder / "precious", folder / "hpo.runs/script/0/out");
  EXPECT_EQ(folder.hpo({"delete", "--yes"}).code, 2);
  const auto asked = folder.hpo({"delete", "script"});
  EXPECT_EQ(asked.code, 2);
  EXPECT_THAT(asked.err, HasSubstr("--yes"));
  const auto ended = folder.hpo({"delete", "script", "--yes"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_FALSE(fs::exists(folder / "hpo.runs/script"));
  EXPECT_EQ(folder.read("precious/file"), "keep me");
  EXPECT_EQ(folder.hpo({"studies", "--json"}).json(), json::array());
  EXPECT_EQ(folder.hpo({"delete", "script", "--yes"}).code, 2);
}

TEST_F(WithModels, DeleteAsksOnATerminal) {
  Process no(folder.path(), {"delete", "script"}, Process::Io::terminal);
  ASSERT_TRUE(no.read_until("to agree: "));
  no.type("y\n");
  EXPECT_EQ(no.wait().code, 2);
  Process yes(folder.path(), {"delete", "script"}, Process::Io::terminal);
  ASSERT_TRUE(yes.read_until("to agree: "));
  yes.type("script\n");
  EXPECT_EQ(yes.wait().code, 0);
}

TEST(Train, RunsOnceWithFixedHyperparameters) {
  const TestFolder folder;
  folder.write("t.yaml",
               "study: one\n"
               "trial:\n"
               "  command: [sh, train.sh]\n"
               "  hyperparameters: {lr: 0.5}\n"
               "  metrics: {loss: 'loss: (\\S+)'}\n");
  folder.write("train.sh", "echo \"args $*\"\necho 'loss: 0.75'\necho w > \"$SM_MODEL_DIR/w\"\n");
  const auto ended = folder.hpo({"train", "t.yaml"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("args --lr 0.5\nloss: 0.75\n"));
  EXPECT_THAT(ended.out, AllOf(HasSubstr("complete"), HasSubstr("0.75"),
                               HasSubstr((folder / "hpo.runs/one/train/0/model").string())));
  json again = folder.hpo({"train", "t.yaml", "--json"}).json();
  EXPECT_EQ(again["number"], 1);
  EXPECT_EQ(again["metrics"]["loss"], 0.75);
  EXPECT_FALSE(fs::exists(folder / "hpo.db"));
}

TEST(Train, AFailureIsNoSuccess) {
  const TestFolder folder;
  folder.write("t.yaml", "study: one\ntrial: {command: [sh, train.sh]}\n");
  folder.write("train.sh", "exit 5\n");
  const auto ended = folder.hpo({"train", "t.yaml"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.out, HasSubstr("failed"));
}

TEST(Prepare, DrawsPhotosAndSaysHowMany) {
  const TestFolder folder;
  const auto ended = folder.hpo(
      {"prepare", "--synthetic", "--out", "data", "--species", "2", "--images", "5", "--json"});
  ASSERT_EQ(ended.code, 0) << ended.out << ended.err;
  EXPECT_THAT(ended.json()["classes"], testing::SizeIs(2));
  EXPECT_TRUE(fs::is_directory(folder / "data/train"));
  EXPECT_EQ(folder.hpo({"prepare", "--out", "data"}).code, 2);
  EXPECT_EQ(folder.hpo({"prepare", "data/train", "--synthetic", "--out", "x"}).code, 2);
  const auto again = folder.hpo({"prepare", "data/train", "--out", "split", "--test", "0"});
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_THAT(again.out, AllOf(HasSubstr("class"), HasSubstr("all")));
}

TEST(Doctor, NamesWhatTheMachineHas) {
  const TestFolder folder;
  const auto ended = folder.hpo({"doctor", "--json"});
  json report = ended.json();
  EXPECT_EQ(ended.code, report["healthy"].get<bool>() ? 0 : 3);
  std::vector<std::string> names;
  for (const auto& check : report["checks"]) names.push_back(check["name"]);
  for (const auto* name :
       {"hpo", "CPUs", "hpo-model", "hpo-supervisor", "lock folder", "disk", "SQLite"}) {
    EXPECT_THAT(names, testing::Contains(name));
  }
}

TEST(Doctor, ABrokenPartIsExitCodeThree) {
  const TestFolder folder;
  const auto ended = folder.hpo({"doctor"}, {{"HPO_SUPERVISOR", "/nowhere"}});
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.out, AllOf(HasSubstr("hpo-supervisor"), HasSubstr("broken")));
}

}  // namespace
}  // namespace hpo::cli
