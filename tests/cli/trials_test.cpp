// hpo trials: filters, order and columns, on a stored study.

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

StudySpec birds() {
  StudySpec spec{.name = "birds", .objectives = {{.metric = "accuracy", .goal = Goal::maximize}}};
  spec.space.parameters = {
      {.name = "lr", .domain = FloatParameter{.min = 1e-5, .max = 1, .scale = Scale::log}},
      {.name = "optimizer",
       .domain = CategoricalParameter{.values = {std::string("adam"), std::string("sgd")}}},
      {.name = "size",
       .domain = OrdinalParameter{.values = {std::int64_t{96}, std::int64_t{128}}}}};
  return spec;
}

/// Trial k of ten: a rising learning rate, every third one failed.
Trial trial_of(std::int64_t k) {
  Trial trial{.number = k,
              .configuration = {{"lr", 1e-5 * static_cast<double>(1 << k)},
                                {"optimizer", std::string(k % 2 == 0 ? "adam" : "sgd")},
                                {"size", std::int64_t{k < 5 ? 96 : 128}}},
              .state = TrialState::complete};
  if (k % 3 == 2) {
    trial.state = TrialState::failed;
    trial.failure = FailureClass::oom;
    return trial;
  }
  trial.value = 0.1 * static_cast<double>(k);
  trial.metrics = {{"accuracy", *trial.value}, {"loss", 1 - *trial.value}};
  return trial;
}

class TrialsTable : public testing::Test {
 protected:
  TrialsTable() {
    auto store = make_sqlite_store(folder / "hpo.db");
    EXPECT_TRUE((*store)->open(birds(), {}));
    for (std::int64_t k = 0; k < 10; ++k) EXPECT_TRUE((*store)->save(trial_of(k)));
  }
  /// Numbers of the trials that the words choose.
  [[nodiscard]] std::vector<int> numbers(std::vector<std::string> words) const {
    words.insert(words.begin(), "trials");
    words.emplace_back("--json");
    std::vector<int> list;
    for (const auto& trial : folder.hpo(words).json()) list.push_back(trial["number"]);
    return list;
  }
  TestFolder folder;
};

TEST_F(TrialsTable, ConditionsAreAnded) {
  EXPECT_THAT(numbers({"--where", "optimizer=sgd"}), ElementsAre(1, 3, 5, 7, 9));
  EXPECT_THAT(numbers({"--where", "optimizer=sgd", "--where", "lr<1e-3"}), ElementsAre(1, 3, 5));
  EXPECT_THAT(numbers({"--where", "optimizer != sgd", "--where", "state=complete"}),
              ElementsAre(0, 4, 6));
  EXPECT_THAT(numbers({"--where", "value>=0.6"}), ElementsAre(6, 7, 9));
  EXPECT_THAT(numbers({"--where", "loss<=0.4", "--where", "size>100"}), ElementsAre(6, 7, 9));
  EXPECT_THAT(numbers({"--where", "failure=oom"}), ElementsAre(2, 5, 8));
  EXPECT_THAT(numbers({"--where", "number<3", "--state", "failed"}), ElementsAre(2));
}

TEST_F(TrialsTable, ANumberEqualsWhatTheTableShows) {
  EXPECT_THAT(folder.hpo({"trials", "7"}).out, HasSubstr("0.00128"));
  EXPECT_THAT(numbers({"--where", "lr=0.00128"}), ElementsAre(7));
  EXPECT_THAT(numbers({"--where", "lr<=0.00128", "--where", "lr!=1e-5"}), SizeIs(7));
  EXPECT_THAT(numbers({"--where", "lr<0.00128"}), SizeIs(7));
}

TEST_F(TrialsTable, AnOrderIsAscendingOrDescendingAndMissingComesLast) {
  EXPECT_THAT(numbers({"--sort", "-value"}), ElementsAre(9, 7, 6, 4, 3, 1, 0, 2, 5, 8));
  EXPECT_THAT(numbers({"--sort", "value"}), ElementsAre(0, 1, 3, 4, 6, 7, 9, 2, 5, 8));
  EXPECT_THAT(numbers({"--sort=-lr", "--top", "2"}), ElementsAre(9, 8));
  EXPECT_THAT(numbers({"--where", "optimizer=adam", "--top", "2"}), ElementsAre(6, 4));
}

TEST_F(TrialsTable, ColumnsAreShownInTheirOrder) {
  const std::vector<std::string> words = {"trials", "1-2", "--columns", "loss,trial,optimizer"};
  auto with = [&](const std::string& format) {
    auto all = words;
    all.insert(all.end(), {"--format", format});
    return folder.hpo(all);
  };
  EXPECT_THAT(with("table").lines(),
              ElementsAre("loss  number  optimizer", " 0.9       1  sgd", "           2  adam"));
  EXPECT_EQ(with("csv").out, "loss,number,optimizer\n0.9,1,sgd\n,2,adam\n");
  EXPECT_EQ(with("json").json(), json::parse(R"([{"loss":0.9,"number":1,"optimizer":"sgd"},
                                                {"loss":null,"number":2,"optimizer":"adam"}])"));
}

TEST_F(TrialsTable, WhatCannotBeIsSaidWithTheNearestWord) {
  const auto said = [&](const std::vector<std::string>& words) {
    auto all = words;
    all.insert(all.begin(), "trials");
    const auto ended = folder.hpo(all);
    EXPECT_EQ(ended.code, 2) << ended.out;
    EXPECT_EQ(ended.out, "");
    return ended.err;
  };
  EXPECT_THAT(said({"--where", "optimiser=sgd"}), HasSubstr("did you mean \"optimizer\"?"));
  EXPECT_THAT(said({"--where", "optimizer=sdg"}), HasSubstr("did you mean \"sgd\"?"));
  EXPECT_THAT(said({"--where", "state=fialed"}), HasSubstr("did you mean \"failed\"?"));
  EXPECT_THAT(said({"--where", "lr<small"}), HasSubstr("lr is a number, got \"small\""));
  EXPECT_THAT(said({"--where", "optimizer<sgd"}), HasSubstr("optimizer is no number"));
  EXPECT_THAT(said({"--where", "sgd"}), HasSubstr("\"sgd\" is no condition"));
  EXPECT_THAT(said({"--columns", "lr,vlaue"}), HasSubstr("did you mean \"value\"?"));
  EXPECT_THAT(said({"--sort", "-vlaue"}), HasSubstr("did you mean \"value\"?"));
}

TEST_F(TrialsTable, ColumnsFitANarrowWindow) {
  Process process(folder.path(), {"trials", "--columns", "number,lr,optimizer,size,value,loss"},
                  Process::Io::terminal);
  process.resize(40, 24);
  for (const auto& line : process.wait().lines()) {
    const bool is_advice = line.find("next:") != std::string::npos;
    EXPECT_TRUE(is_advice || line.size() <= 41) << line;
  }
}

}  // namespace
}  // namespace hpo::cli
