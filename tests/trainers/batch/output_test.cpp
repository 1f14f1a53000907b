// What predictions are written to, and what it knows when it is opened again.

#include "trainers/batch/output.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/trainers/images/photo_files.h"

namespace hpo::batch {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

class Outputs : public testing::Test {
 protected:
  Outputs() {
    for (const char* name : {"a.jpg", "b/c.jpg", "bad, \"one\".jpg"}) {
      write_file(folder_ / "in" / name, "x");
      inputs_.push_back({.file = folder_ / "in" / name, .name = name});
    }
  }
  [[nodiscard]] OutputOptions options(const std::string& model = "m1") const {
    return {.classes = {"owl", "wren"}, .model = model};
  }
  [[nodiscard]] std::unique_ptr<Output> open(const std::string& out,
                                             const OutputOptions& options) const {
    const fs::path path = folder_ / out;
    auto opened =
        is_table_name(path) ? open_table(path, options) : open_out_folder(path, inputs_, options);
    EXPECT_TRUE(opened) << opened.error().message;
    return opened ? std::move(*opened) : nullptr;
  }
  static void add(Output& output, const Input& input, const Row& row) {
    EXPECT_TRUE(output.add({.input = input, .row = &row}));
  }
  static void add_bad(Output& output, const Input& input) {
    EXPECT_TRUE(output.add({.input = input, .problem = "is a GIF"}));
  }
  [[nodiscard]] std::string text(const std::string& name) const {
    const Bytes bytes = file_content(folder_ / name);
    return {bytes.begin(), bytes.end()};
  }
  TempFolder folder_;
  std::vector<Input> inputs_;
};

TEST_F(Outputs, AFolderGetsOneFilePerPhotoAsBatchTransformWritesThem) {
  const auto output = open("out", options());
  add(*output, inputs_[0], {0.25, 0.75});
  add(*output, inputs_[1], {1, 0});
  add_bad(*output, inputs_[2]);
  EXPECT_TRUE(output->finish(inputs_));
  EXPECT_EQ(text("out/a.jpg.out"),
            "{\"predicted_class\":\"wren\",\"class_labels\":[\"owl\",\"wren\"],"
            "\"probabilities\":[[0.25,0.75]]}\n");
  EXPECT_EQ(json::parse(text("out/b/c.jpg.out"))["predicted_class"], "owl");
  EXPECT_FALSE(fs::exists(folder_ / "out/bad, \"one\".jpg.out"));
}

TEST_F(Outputs, AFolderGoesOnWithTheSameModelOnly) {
  add(*open("out", options()), inputs_[0], {1, 0});
  const auto same = open("out", options());
  EXPECT_EQ(same->known(inputs_[0]), Known::predicted);
  EXPECT_EQ(same->known(inputs_[1]), Known::no);
  auto fewer = options();
  fewer.top_k = 1;
  // While one writes there, no other does.
  EXPECT_EQ(open_out_folder(folder_ / "out", inputs_, fewer).error().code, ErrorCode::held);
}

TEST_F(Outputs, AnotherModelsFilesAreNotTakenForItsOwn) {
  add(*open("out", options()), inputs_[0], {1, 0});
  {
    const auto other = open("out", options("m2"));
    EXPECT_EQ(other->known(inputs_[0]), Known::no);
    add(*other, inputs_[1], {1, 0});
  }  // killed here: the first model's file must not look done
  const auto again = open("out", options("m2"));
  EXPECT_EQ(again->known(inputs_[0]), Known::no);
  EXPECT_EQ(again->known(inputs_[1]), Known::predicted);
}

TEST_F(Outputs, APhotoThatChangedIsPredictedAgain) {
  add(*open("out", options()), inputs_[0], {1, 0});
  const fs::path out = folder_ / "out/a.jpg.out";
  fs::last_write_time(inputs_[0].file, fs::last_write_time(out) + std::chrono::seconds(1));
  EXPECT_EQ(open("out", options())->known(inputs_[0]), Known::no);
}

TEST_F(Outputs, ACsvHasALineForEachPhotoInTheInputsOrder) {
  auto two = options();
  two.top_k = 2;
  const auto output = open("all.csv", two);
  add(*output, inputs_[1], {1, 0});
  add_bad(*output, inputs_[2]);
  add(*output, inputs_[0], {0.25, 0.75});
  EXPECT_FALSE(fs::exists(folder_ / "all.csv"));
  ASSERT_TRUE(output->finish(inputs_));
  EXPECT_EQ(text("all.csv"),
            "file,predicted_class,probability,class_2,probability_2,error\n"
            "a.jpg,wren,0.75,owl,0.25,\n"
            "b/c.jpg,owl,1,wren,0,\n"
            "\"bad, \"\"one\"\".jpg\",,,,,is a GIF\n");
  EXPECT_FALSE(fs::exists(folder_ / "all.csv.partial"));
}

TEST_F(Outputs, JsonLinesHoldTheDocumentsOrTheReason) {
  const auto output = open("all.jsonl", options());
  add(*output, inputs_[0], {0.25, 0.75});
  add_bad(*output, inputs_[2]);
  ASSERT_TRUE(output->finish(std::vector{inputs_[0], inputs_[2]}));
  EXPECT_EQ(text("all.jsonl"),
            "{\"file\":\"a.jpg\",\"predicted_class\":\"wren\",\"class_labels\":[\"owl\",\"wren\"],"
            "\"probabilities\":[[0.25,0.75]]}\n"
            "{\"file\":\"bad, \\\"one\\\".jpg\",\"error\":\"is a GIF\"}\n");
}

TEST_F(Outputs, ATableThatWasCutAnywhereGoesOn) {
  {
    const auto output = open("all.csv", options());
    add(*output, inputs_[0], {0.25, 0.75});
    add_bad(*output, inputs_[2]);
    add(*output, inputs_[1], {1, 0});
  }
  const std::string whole = text("all.csv.partial");
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    write_file(folder_ / "all.csv.partial", whole.substr(0, size));
    const auto output = open("all.csv", options());
    if (output->known(inputs_[0]) == Known::no) add(*output, inputs_[0], {0.25, 0.75});
    if (output->known(inputs_[2]) == Known::no) add_bad(*output, inputs_[2]);
    EXPECT_EQ(output->known(inputs_[2]), Known::bad);
    if (output->known(inputs_[1]) == Known::no) add(*output, inputs_[1], {1, 0});
    ASSERT_TRUE(output->finish(inputs_));
    EXPECT_EQ(text("all.csv"),
              "file,predicted_class,probability,error\na.jpg,wren,0.75,\nb/c.jpg,owl,1,\n"
              "\"bad, \"\"one\"\".jpg\",,,is a GIF\n")
        << size;
  }
}

TEST_F(Outputs, ATableOfAnotherModelBeginsAnew) {
  add(*open("all.csv", options()), inputs_[0], {1, 0});
  EXPECT_EQ(open("all.csv", options())->known(inputs_[0]), Known::predicted);
  EXPECT_EQ(open("all.csv", options("m2"))->known(inputs_[0]), Known::no);
  const auto held = open("all.csv", options());
  EXPECT_EQ(open_table(folder_ / "all.csv", options()).error().code, ErrorCode::held);
}

}  // namespace
}  // namespace hpo::batch
