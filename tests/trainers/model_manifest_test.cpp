#include "trainers/model_manifest.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/trainers/images/photo_files.h"
#include "trainers/files.h"

namespace hpo {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const ModelManifest kManifest{.architecture = {.alpha = 0.35, .hidden = {64, 32}},
                              .classes = {"a bird", "b"},
                              .image_size = 96,
                              .hyperparameters = {{"optimizer", std::string("sgd")},
                                                  {"dropout", 0.25},
                                                  {"batch_size", std::int64_t{8}}},
                              .metrics = {{"validation:loss", 0.5}}};

/// A model's folder with some bytes for weights.
void write_model(const TempFolder& folder) {
  const Bytes weights = {1, 2, 3, 4};
  write_file(folder / kWeightsFile, weights);
  ASSERT_TRUE(write_manifest(folder.path(), kManifest, sha256_hex(weights), weights.size()));
}

json manifest_in(const TempFolder& folder) {
  const Bytes bytes = file_content(folder / kManifestFile);
  return json::parse(bytes.begin(), bytes.end());
}

Error after(const TempFolder& folder, const json& manifest) {
  write_file(folder / kManifestFile, manifest.dump());
  const auto model = read_model_folder(folder.path());
  EXPECT_FALSE(model);
  return model ? Error{} : model.error();
}

TEST(ModelManifest, ComesBack) {
  TempFolder folder;
  write_model(folder);
  const auto model = read_model_folder(folder.path());
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(model->manifest, kManifest);
  EXPECT_EQ(model->weights, (Bytes{1, 2, 3, 4}));
}

TEST(ModelManifest, IsTheDocumentedFormat) {
  TempFolder folder;
  write_model(folder);
  const json m = manifest_in(folder);
  EXPECT_EQ(m["format"], "hpo-model");
  EXPECT_EQ(m["format_version"], 1);
  EXPECT_EQ(m["classes"][0], "a bird");
  EXPECT_EQ(m["preprocessing"]["image_size"], 96);
  EXPECT_EQ(m["files"]["weights.safetensors"]["bytes"], 4);
  EXPECT_EQ(m["files"]["weights.safetensors"]["sha256"].get<std::string>().size(), 64U);
}

TEST(ModelManifest, NoticesAFlippedByteOfTheWeights) {
  TempFolder folder;
  write_model(folder);
  write_file(folder / kWeightsFile, Bytes{1, 2, 3, 5});
  const auto model = read_model_folder(folder.path());
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code, ErrorCode::corrupt);
  EXPECT_THAT(model.error().message, HasSubstr("SHA-256"));
}

TEST(ModelManifest, IsRefusedWhereItIsDamagedOrNewer) {
  TempFolder folder;
  EXPECT_EQ(read_model_folder(folder.path()).error().code, ErrorCode::not_found);
  write_model(folder);
  const json good = manifest_in(folder);
  json bad = good;
  bad["format_version"] = 2;
  EXPECT_EQ(after(folder, bad).code, ErrorCode::newer_version);
  bad = good;
  bad["architecture"]["name"] = "a network to come";
  EXPECT_EQ(after(folder, bad).code, ErrorCode::newer_version);
  bad = good;
  bad["format"] = "files";
  EXPECT_EQ(after(folder, bad).code, ErrorCode::corrupt);
  for (const char* key : {"architecture", "classes", "preprocessing", "files", "metrics"}) {
    bad = good;
    bad.erase(key);
    EXPECT_EQ(after(folder, bad).code, ErrorCode::corrupt) << key;
  }
  bad = good;
  bad["architecture"]["hidden"] = {1e15};
  EXPECT_EQ(after(folder, bad).code, ErrorCode::corrupt);
  EXPECT_EQ(after(folder, json::array()).code, ErrorCode::corrupt);
}

}  // namespace
}  // namespace hpo
