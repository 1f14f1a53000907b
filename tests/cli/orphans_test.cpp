// Trials whose engine was killed: they go on by design, and the verbs see and end them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <optional>

#include "tests/cli/gate.h"
#include "tests/cli/hpo_program.h"

namespace hpo::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

/// Two trials that wait at the gate, under an engine that a test may kill.
class Orphaned : public testing::Test {
 protected:
  Orphaned() : gate(folder / "gate"), started(folder / "started") {
    folder.write("t.yaml", script_file("{trials: 2, parallel: 2}"));
    folder.write("train.sh", "echo 'loss: 0.5'\necho > started\nread line < gate\n");
    engine.emplace(folder.path(), std::vector<std::string>{"run", "t.yaml"});
    started.await(2);
  }
  ~Orphaned() override {  // leaves no trial behind that writes into the folder as it goes
    engine.reset();
    (void)folder.hpo({"delete", "script", "--yes"});
  }
  void kill_engine() {
    engine->signal(SIGKILL);
    engine->wait();
  }
  [[nodiscard]] json orphans() const { return folder.hpo({"status", "--json"}).json()["orphans"]; }

  TestFolder folder;
  Gate gate;
  Gate started;
  std::optional<Process> engine = {};
};

TEST_F(Orphaned, StatusNamesThem) {
  EXPECT_THAT(orphans(), IsEmpty());
  EXPECT_THAT(folder.hpo({"status"}).out, Not(HasSubstr("without hpo")));
  kill_engine();
  const json left = orphans();
  ASSERT_THAT(left, SizeIs(2));
  EXPECT_EQ(left[0]["trial"], 0);
  EXPECT_EQ(left[1]["trial"], 1);
  const auto table = folder.hpo({"status"});
  EXPECT_THAT(table.out, HasSubstr("2 trials still run without hpo: pids " + left[0]["pid"].dump() +
                                   ", " + left[1]["pid"].dump()));
  EXPECT_THAT(table.err, AllOf(HasSubstr("hpo run FILE"), HasSubstr("hpo stop script --now")));
}

TEST_F(Orphaned, StopSaysThatTheyRunAndLeavesThem) {
  kill_engine();
  const auto ended = folder.hpo({"stop"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("2 trials still run without hpo"),
                               HasSubstr("hpo run FILE"), HasSubstr("hpo stop script --now")));
  EXPECT_EQ(folder.hpo({"stop", "--json"}).json()["action"], "none");
  EXPECT_EQ(folder.hpo({"stop", "--format", "csv"}).out, "study,pid,action\nscript,,none\n");
  EXPECT_THAT(orphans(), SizeIs(2));
}

TEST_F(Orphaned, StopNowEndsThemAndTheNextRunGoesOn) {
  kill_engine();
  const auto ended = folder.hpo({"stop", "script", "--now", "--json"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.json()["action"], "ended");
  EXPECT_THAT(ended.err, HasSubstr("ended 2 trials"));
  EXPECT_THAT(orphans(), IsEmpty());
  EXPECT_THAT(processes_of(folder), IsEmpty());
  EXPECT_THAT(folder.hpo({"stop", "--now"}).err, Not(HasSubstr("ended")));

  gate.let_through(2);
  EXPECT_EQ(folder.hpo({"run", "t.yaml"}).code, 0);
  EXPECT_EQ(folder.hpo({"status", "--json"}).json()["counts"]["complete"], 2);
  EXPECT_EQ(folder.hpo({"show", "0", "--json"}).json()["attempt"], 2);
}

TEST_F(Orphaned, DeleteEndsThemAndLeavesNothing) {
  kill_engine();
  const auto ended = folder.hpo({"delete", "script", "--yes"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("ended 2 trials"));
  EXPECT_THAT(processes_of(folder), IsEmpty());
  EXPECT_FALSE(fs::exists(folder / "hpo.runs"));
}

TEST_F(Orphaned, DeleteLeavesAStudyAloneThatRuns) {
  EXPECT_EQ(folder.hpo({"delete", "script", "--yes"}).code, 4);
  gate.let_through(2);
  EXPECT_EQ(engine->wait().code, 0);
  EXPECT_EQ(folder.hpo({"status", "--json"}).json()["counts"]["complete"], 2);
}

TEST_F(Orphaned, DeleteKeepsTheFolderOfOtherStudies) {
  kill_engine();
  folder.write("b.yaml", branin_file("{trials: 1}"));
  EXPECT_EQ(folder.hpo({"run", "b.yaml"}).code, 0);
  EXPECT_EQ(folder.hpo({"delete", "script", "--yes"}).code, 0);
  EXPECT_TRUE(fs::exists(folder / "hpo.runs/branin"));
}

}  // namespace
}  // namespace hpo::cli
