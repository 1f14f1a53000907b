// The program itself, on drawn photos: trial folder in, model, predictions and reports out.

#include <gmock/gmock.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "storage/model_package.h"
#include "tests/trainers/program.h"
#include "tests/trainers/training_run.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

class HpoModel : public testing::Test {
 protected:
  TempFolder folder_;
  const TinyProblem problem_ = tiny_problem("bird_classifier", folder_.path());

  /// A trial's folder, as the engine makes it.
  fs::path make_trial(const std::string& name, const Configuration& changes = {}) {
    json values = json::object();
    Configuration all = problem_.hyperparameters;
    for (const auto& [key, value] : changes) all[key] = value;
    for (const auto& [key, value] : all) values[key] = to_text(value);
    const fs::path trial = folder_ / name;
    write_file(trial / "input/config/hyperparameters.json", values.dump());
    fs::create_directories(trial / "input/data");
    fs::create_directory_symlink(problem_.train, trial / "input/data/train");
    fs::create_directory_symlink(problem_.validation, trial / "input/data/validation");
    return trial;
  }

  Variables variables_for(const fs::path& trial) const {
    return {{"SAGEMAKER_BASE_DIR", trial.string()},
            {"HPO_SEED", "5"},
            {"HPO_CACHE_DIR", folder_ / "cache"},
            {"OMP_NUM_THREADS", "1"},
            {"CUDA_VISIBLE_DEVICES", ""}};
  }

  /// A trained model's folder.
  fs::path make_model(const std::string& name, const Configuration& changes = {}) {
    const fs::path trial = make_trial(name, changes);
    const auto done = run_program({"train"}, variables_for(trial));
    EXPECT_EQ(done.status, 0) << done.errors;
    return trial / "model";
  }
};

TEST_F(HpoModel, KilledAtAnyLineAndResumedEqualsUninterrupted) {
  const std::vector<std::string> arguments = {"train", "--checkpoint-interval", "0"};
  const fs::path whole = make_trial("whole");
  const auto reference = run_program(arguments, variables_for(whole));
  ASSERT_EQ(reference.status, 0) << reference.errors;
  const fs::path trial = make_trial("killed");
  for (const int lines : {4, 9, 13}) {
    Program program(arguments, variables_for(trial));
    for (int i = 0; i < lines; ++i) program.read_line();
    program.send(SIGKILL);
    EXPECT_EQ(program.wait(), -SIGKILL);
  }
  ASSERT_EQ(run_program(arguments, variables_for(trial)).status, 0);
  EXPECT_EQ(file_content(trial / "model/weights.safetensors"),
            file_content(whole / "model/weights.safetensors"));
}

TEST_F(HpoModel, ParallelTrialsShareTheCacheAlsoWhereOneIsKilled) {
  const fs::path pretrained = make_model("pretrained");
  fs::create_directories(folder_ / "weights");
  fs::copy_file(pretrained / "weights.safetensors", folder_ / "weights/w.safetensors");
  const auto make = [&](const std::string& name) {
    fs::path trial = make_trial(name, {{"fine_tune_from", std::int64_t{12}}, {"rotation", 0.1}});
    fs::create_directory_symlink(folder_ / "weights", trial / "input/data/weights");
    return trial;
  };
  const fs::path killed = make("killed");
  Program first({"train"}, variables_for(killed));
  first.read_line();  // decoded; the frozen layers run
  first.send(SIGKILL);
  first.wait();
  const fs::path trials[] = {make("a"), make("b"), make("c")};
  {
    Program a({"train"}, variables_for(trials[0]));
    Program b({"train"}, variables_for(trials[1]));
    EXPECT_EQ(a.wait(), 0) << a.errors();
    EXPECT_EQ(b.wait(), 0) << b.errors();
  }
  Variables alone = variables_for(trials[2]);
  alone["HPO_CACHE_DIR"] = folder_ / "another cache";
  EXPECT_EQ(run_program({"train"}, alone).status, 0);
  for (const auto& trial : trials) {
    EXPECT_EQ(file_content(trial / "model/weights.safetensors"),
              file_content(trials[0] / "model/weights.safetensors"));
  }
  for (const auto& entry : fs::directory_iterator(folder_ / "cache")) {
    EXPECT_NE(entry.path().extension(), ".part");
  }
}

TEST_F(HpoModel, EndsWellWithModelAndCheckpointWhenItIsTerminated) {
  const fs::path trial = make_trial("trial", {{"fine_tuning_epochs", std::int64_t{10000}}});
  Program program({"train"}, variables_for(trial));
  while (const auto line = program.read_line()) {
    if (line->find("\"step\":2") != std::string::npos) break;
  }
  program.send(SIGTERM);
  EXPECT_EQ(program.wait(), 0) << program.errors();
  EXPECT_TRUE(fs::exists(trial / "model/manifest.json"));
  EXPECT_TRUE(fs::exists(trial / "checkpoints/checkpoint.json"));
  EXPECT_FALSE(fs::exists(trial / "output/failure"));
}

TEST_F(HpoModel, SaysWhyATrainingFailed) {
  const fs::path trial = make_trial("trial", {{"dropot", 0.5}});
  const auto failed = run_program({"train"}, variables_for(trial));
  EXPECT_EQ(failed.status, 2);
  EXPECT_THAT(failed.errors, HasSubstr("hpo-model: hyperparameter dropot is unknown; did you mean "
                                       "\"dropout\"?"));
  const Bytes reason = file_content(trial / "output/failure");
  EXPECT_THAT(std::string(reason.begin(), reason.end()), HasSubstr("did you mean"));
}

TEST_F(HpoModel, PredictsEveryPhotoOfAFolderAndNamesTheBadOnes) {
  const fs::path model = make_model("trial");
  write_file(problem_.validation / "broken\x1b.jpg", Bytes{1, 2, 3});
  ASSERT_EQ(mkfifo((problem_.validation / "pipe.jpg").c_str(), 0600), 0);
  fs::create_symlink("nowhere", problem_.validation / "dangling.jpg");
  const auto done = run_program(
      {"predict", model, problem_.validation, "--out", folder_ / "out", "--format", "json"});
  EXPECT_EQ(done.status, 0);
  for (const auto* bad : {R"(broken\x1b.jpg: )", "pipe.jpg: ", "dangling.jpg: "}) {
    EXPECT_THAT(done.errors, HasSubstr(bad));
  }
  const json answers = json::parse(done.output);
  ASSERT_EQ(answers.size(), 6U);
  for (const auto& answer : answers) {
    const Bytes text = file_content(folder_ / "out" / answer["out"].get<std::string>());
    const json out = json::parse(text.begin(), text.end());
    EXPECT_EQ(out["predicted_class"], answer["predicted_class"]);
    EXPECT_EQ(out["class_labels"].size(), 3U);
    EXPECT_EQ(out["probabilities"][0].size(), 3U);
  }
}

TEST_F(HpoModel, EvaluatesAndComparesInPairs) {
  const fs::path first = make_model("first");
  const fs::path second = make_model("second", {{"fine_tuning_epochs", std::int64_t{1}}});
  const auto done =
      run_program({"evaluate", first, problem_.train, "--against", second, "--format", "json"});
  ASSERT_EQ(done.status, 0) << done.errors;
  const json report = json::parse(done.output);
  EXPECT_EQ(report["photos"], 12);
  EXPECT_EQ(report["confusion"].size(), 3U);
  EXPECT_LE(report["accuracy_ci95"][0], report["accuracy"]);
  EXPECT_TRUE(report["against"].contains("p_value"));
  const auto table = run_program({"evaluate", first, problem_.train});
  EXPECT_THAT(table.output, HasSubstr("accuracy"));
  const auto csv = run_program({"evaluate", first, problem_.train, "--format", "csv"});
  EXPECT_THAT(csv.output, testing::StartsWith("class,photos,correct,recall,precision,f1\n"));
}

TEST_F(HpoModel, WritesAPageOfWhatItGotWrong) {
  const fs::path model = make_model("trial");
  const auto done = run_program({"evaluate", model, problem_.validation, "--train", problem_.train,
                                 "--html", folder_ / "new/page.html", "--json"});
  ASSERT_EQ(done.status, 0) << done.errors;
  const json report = json::parse(done.output);
  const Bytes bytes = file_content(folder_ / "new/page.html");
  const std::string page(bytes.begin(), bytes.end());
  EXPECT_THAT(page, HasSubstr("Confusion matrix"));
  EXPECT_THAT(page, HasSubstr("Duplicates in the training photos"));
  std::size_t figures = 0;
  for (auto at = page.find("Grad-CAM for"); at != std::string::npos;
       at = page.find("Grad-CAM for", at + 1)) {
    ++figures;
  }
  EXPECT_GE(figures, 2 * report["wrong"].size());  // as alt and as title
  EXPECT_EQ(report["duplicates"]["training_photos"], 12);
  const auto again = run_program({"evaluate", model, problem_.train, "--train", problem_.train,
                                  "--html", folder_ / "page.html", "--json"});
  EXPECT_EQ(json::parse(again.output)["duplicates"]["pairs"].size(), 12U);
  EXPECT_EQ(run_program({"evaluate", model, problem_.train, "--html", "/dev/null/x"}).status, 3);
}

TEST_F(HpoModel, ExportsAPackageThatChecksAndPredicts) {
  const fs::path model = make_model("trial");
  const auto script = run_program({"torchscript", model, model / "model.pt"});
  ASSERT_EQ(script.status, 0) << script.errors;
  const fs::path package = folder_ / "model.tar.gz";
  ASSERT_TRUE(write_model_package(model, json{{"study", "birds"}}, package));
  const auto checked = run_program({"check", package});
  EXPECT_EQ(checked.status, 0) << checked.errors;
  EXPECT_THAT(checked.output, HasSubstr("TorchScript agrees"));
  const auto predicted = run_program({"predict", package, problem_.train, "--out", folder_ / "o"});
  EXPECT_EQ(predicted.status, 0) << predicted.errors;
}

TEST_F(HpoModel, NoticesTorchscriptOfAnotherModel) {
  const fs::path model = make_model("trial");
  const fs::path other = make_model("other", {{"initial_lr", 0.01}});
  ASSERT_EQ(run_program({"torchscript", other, model / "model.pt"}).status, 0);
  const auto checked = run_program({"check", model});
  EXPECT_EQ(checked.status, 3);
  EXPECT_THAT(checked.errors, HasSubstr("its probabilities differ"));
}

TEST_F(HpoModel, AnswersMistakesWithExitCodesAndHints) {
  EXPECT_EQ(run_program({}).status, 2);
  EXPECT_EQ(run_program({"predict"}).status, 2);
  EXPECT_EQ(run_program({"--help"}).status, 0);
  const auto none = run_program(
      {"predict", folder_ / "none.tar.gz", problem_.train, "--out", folder_ / "o", "--json"});
  EXPECT_EQ(none.status, 2);
  EXPECT_EQ(json::parse(none.output)["error"]["code"], "not_found");
  EXPECT_EQ(run_program({"evaluate", problem_.train, problem_.train}).status, 2);
  write_file(folder_ / "bad.tar.gz", Bytes{1, 2, 3});
  EXPECT_EQ(run_program({"check", folder_ / "bad.tar.gz"}).status, 3);
  EXPECT_THAT(run_program({"hyperparameters"}).output, HasSubstr("fine_tuning_lr"));
}

TEST_F(HpoModel, NeverTrainsOnTheCpuWhereAGpuIsLeased) {
  if (fs::exists("/dev/nvidia0")) GTEST_SKIP() << "this machine has a GPU";
  const fs::path trial = make_trial("trial");
  Variables variables = variables_for(trial);
  variables["CUDA_VISIBLE_DEVICES"] = "GPU-0";
  const auto failed = run_program({"train"}, variables);
  EXPECT_EQ(failed.status, 3);
  EXPECT_THAT(failed.errors, HasSubstr("a GPU is leased"));
}

}  // namespace
}  // namespace hpo
