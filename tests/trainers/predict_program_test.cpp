// `hpo-model predict` itself: what it writes, how it ends, and how it goes on.

#include <gmock/gmock.h>

#include <csignal>
#include <map>
#include <nlohmann/json.hpp>

#include "tests/trainers/images/png_files.h"
#include "tests/trainers/program.h"
#include "tests/trainers/training_run.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

const Variables kCpu = {{"CUDA_VISIBLE_DEVICES", ""}, {"OMP_NUM_THREADS", "2"}};

class PredictProgram : public testing::Test {
 protected:
  PredictProgram() : problem_(tiny_problem("bird_classifier", folder_.path())) {
    TrainingRun training(problem_, folder_ / "trial");
    const auto trained = training.run("bird_classifier", problem_.hyperparameters);
    EXPECT_TRUE(trained) << trained.error().message;
    for (int i = 0; i < 3; ++i) {
      write_file(photos() / ("good" + std::to_string(i) + ".jpg"), jpeg_bytes(i));
    }
  }
  [[nodiscard]] fs::path model() const { return folder_ / "trial/model"; }
  [[nodiscard]] fs::path photos() const { return folder_ / "photos"; }
  [[nodiscard]] Finished predict(const std::string& out,
                                 const std::vector<std::string>& more = {}) const {
    std::vector<std::string> words = {"predict", model(), photos(), "--out", folder_ / out};
    words.insert(words.end(), more.begin(), more.end());
    return run_program(words, kCpu);
  }
  [[nodiscard]] std::string text(const std::string& name) const {
    const Bytes bytes = file_content(folder_ / name);
    return {bytes.begin(), bytes.end()};
  }

  TempFolder folder_;
  TinyProblem problem_;
};

TEST_F(PredictProgram, BadPhotosAreListedAndStopNothing) {
  write_file(photos() / "broken.jpg", Bytes{1, 2, 3});
  write_file(photos() / "empty.png", Bytes());
  write_file(photos() / "drawn.png", png_of(plain(9, 7, 10, 200, 30)));
  const auto done = predict("out");
  EXPECT_EQ(done.status, 0) << done.errors;
  EXPECT_THAT(done.errors, HasSubstr("broken.jpg: is not a JPEG\n"));
  EXPECT_THAT(done.errors, HasSubstr("empty.png: is empty (0 bytes)\n"));
  EXPECT_THAT(done.errors, HasSubstr("4 of 6 photos predicted, one .out each in "));
  EXPECT_EQ(json::parse(text("out/drawn.png.out"))["class_labels"].size(), 3U);
  EXPECT_EQ(predict("out", {"--strict"}).status, 2);
  for (const auto& entry : fs::directory_iterator(photos())) {
    write_file(entry.path(), std::string("no photo"));
  }
  EXPECT_EQ(predict("other").status, 1);  // nothing usable
}

TEST_F(PredictProgram, WritesOneTableForAll) {
  write_file(photos() / "broken.jpg", Bytes{1, 2, 3});
  const auto csv = predict("all.csv", {"--top-k", "2"});
  EXPECT_EQ(csv.status, 0) << csv.errors;
  EXPECT_EQ(csv.output, "");
  EXPECT_THAT(text("all.csv"), testing::StartsWith("file,predicted_class,probability,class_2,"
                                                   "probability_2,error\nbroken.jpg,,,,,is not"));
  EXPECT_EQ(predict("all.jsonl").status, 0);
  const std::string lines = text("all.jsonl");
  const json second = json::parse(lines.substr(
      lines.find('\n') + 1, lines.find('\n', lines.find('\n') + 1) - lines.find('\n') - 1));
  EXPECT_EQ(second["file"], "good0.jpg");
  EXPECT_EQ(second["probabilities"][0].size(), 3U);
}

/// The inode of every .out file: a file that was written again has another one.
std::map<std::string, ino_t> out_files(const fs::path& folder) {
  std::map<std::string, ino_t> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    struct stat status = {};
    if (entry.path().extension() != ".out") continue;
    if (::stat(entry.path().c_str(), &status) == 0) files[entry.path()] = status.st_ino;
  }
  return files;
}

TEST_F(PredictProgram, GoesOnWhereItWasKilled) {
  constexpr std::size_t kPhotos = 1503;
  const std::string long_name(100, 'x');  // its answers fill the pipe long before the last photo
  for (std::size_t i = 3; i < kPhotos; ++i) {
    fs::create_symlink("good1.jpg", photos() / (long_name + std::to_string(i) + ".jpg"));
  }
  Program program({"predict", model(), photos(), "--out", folder_ / "out"}, kCpu);
  ASSERT_TRUE(program.read_line());
  program.send(SIGKILL);
  EXPECT_EQ(program.wait(), -SIGKILL);
  const auto before = out_files(folder_ / "out");
  ASSERT_GT(before.size(), 0U);
  ASSERT_LT(before.size(), kPhotos);
  for (const auto& [file, inode] : before) {
    const Bytes bytes = file_content(file);
    EXPECT_TRUE(json::accept(bytes.begin(), bytes.end())) << file;
  }
  const auto done = predict("out");
  EXPECT_EQ(done.status, 0) << done.errors;
  EXPECT_THAT(done.errors,
              HasSubstr(std::to_string(before.size()) + " of 1503 photos were done before\n"));
  const auto after = out_files(folder_ / "out");
  EXPECT_EQ(after.size(), kPhotos);
  for (const auto& [file, inode] : before) EXPECT_EQ(after.at(file), inode);
}

}  // namespace
}  // namespace hpo
