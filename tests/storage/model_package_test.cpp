#include "storage/model_package.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/storage/child.h"
#include "tests/storage/model_files.h"
#include "tests/support/temp_folder.h"

namespace hpo::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

class ModelPackage : public testing::Test {
 protected:
  Result<PackageSummary> write(const json& provenance = {{"study", "birds"}}) {
    return write_model_package(model_, provenance, package_);
  }
  std::string fails(const Result<PackageSummary>& result, ErrorCode code) {
    if (result) return "it succeeded";
    EXPECT_EQ(static_cast<int>(result.error().code), static_cast<int>(code));
    EXPECT_FALSE(result.error().hint.empty());
    EXPECT_FALSE(fs::exists(package_));
    return result.error().message;
  }

  TempFolder folder_;
  fs::path model_ = folder_ / "model";
  fs::path package_ = folder_ / "model.tar.gz";
};

TEST_F(ModelPackage, HoldsTheFolderAndItsManifest) {
  write_model(model_);
  const auto written = write();
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_EQ(written->files, 4);
  EXPECT_EQ(written->bytes, static_cast<std::int64_t>(fs::file_size(package_)));
  EXPECT_EQ(written->sha256, sha256_of_file(package_).value());
  const auto manifest = read_manifest(package_);
  ASSERT_TRUE(manifest);
  EXPECT_EQ(manifest->at("format"), "files");
  EXPECT_EQ(manifest->at("provenance").at("study"), "birds");
  EXPECT_EQ(manifest->at("files").size(), 4U);
  EXPECT_EQ(manifest->at("files").at("code/inference.py").at("bytes"), 14);
  const auto extracted = extract_model_package(package_, folder_ / "deep/copy");
  ASSERT_TRUE(extracted) << extracted.error().message;
  auto expected = contents(model_);
  expected["manifest.json"] = read_text(folder_ / "deep/copy/manifest.json");
  EXPECT_EQ(contents(folder_ / "deep/copy"), expected);
  EXPECT_EQ(json::parse(expected["manifest.json"]), *manifest);
}

TEST_F(ModelPackage, IsReadByTar) {
  write_model(model_);
  ASSERT_TRUE(write());
  fs::create_directories(folder_ / "by_tar");
  const auto command = "cd '" + (folder_ / "by_tar").string() + "' && LC_ALL=C.UTF-8 tar -xzf '" +
                       package_.string() + "' && sha256sum -c --quiet manifest.json.sha256";
  ASSERT_EQ(std::system(command.c_str()), 0);
  auto unpacked = contents(folder_ / "by_tar");
  EXPECT_EQ(unpacked.erase("manifest.json") + unpacked.erase("manifest.json.sha256"), 2U);
  EXPECT_EQ(unpacked, contents(model_));
}

TEST_F(ModelPackage, CompletesTheModelsOwnManifest) {
  write_model(model_);
  const auto sum = sha256_of_file(model_ / "weights.safetensors");
  const json own = {{"format", "hpo-model"},
                    {"classes", {"001.Albatross"}},
                    {"files", {{"weights.safetensors", {{"sha256", *sum}, {"bytes", 5000}}}}}};
  write_text(model_ / "manifest.json", own.dump());
  const auto written = write();
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_EQ(written->files, 4);
  const auto manifest = read_manifest(package_);
  ASSERT_TRUE(manifest);
  EXPECT_EQ(manifest->at("format"), "hpo-model");
  EXPECT_EQ(manifest->at("classes"), own.at("classes"));
  EXPECT_EQ(manifest->at("files").size(), 4U);
}

TEST_F(ModelPackage, OfEqualContentIsEqual) {
  write_model(model_);
  ASSERT_TRUE(write());
  const auto first = read_text(package_);
  fs::last_write_time(model_ / "empty", fs::file_time_type::clock::now() - std::chrono::hours(9));
  ASSERT_TRUE(write());
  EXPECT_EQ(read_text(package_), first);
  ASSERT_TRUE(write({{"study", "other"}}));
  EXPECT_NE(read_text(package_), first);
}

TEST_F(ModelPackage, RefusesAModelThatContradictsItsManifest) {
  write_model(model_);
  write_text(model_ / "manifest.json",
             R"({"files":{"weights.safetensors":{"sha256":"00","bytes":5000}}})");
  EXPECT_THAT(fails(write(), ErrorCode::corrupt), HasSubstr("weights.safetensors is not what"));
  write_text(model_ / "manifest.json", R"({"files":{"gone":{"sha256":"00","bytes":1}}})");
  EXPECT_THAT(fails(write(), ErrorCode::corrupt), HasSubstr("gone is missing"));
  write_text(model_ / "manifest.json", R"({"files":[1]})");
  EXPECT_THAT(fails(write(), ErrorCode::corrupt), HasSubstr("\"files\" is not"));
  write_text(model_ / "manifest.json", "{\"classes\":");
  EXPECT_THAT(fails(write(), ErrorCode::corrupt), HasSubstr("not valid JSON"));
}

TEST_F(ModelPackage, RefusesWhatIsNoModel) {
  EXPECT_THAT(fails(write(), ErrorCode::usage), HasSubstr("is not a folder"));
  fs::create_directories(model_ / "sub");
  EXPECT_THAT(fails(write(), ErrorCode::usage), HasSubstr("holds no model"));
}

TEST_F(ModelPackage, KeepsLinksInsideAndRefusesOthers) {
  write_model(model_);
  fs::create_symlink("weights.safetensors", model_ / "best");
  ASSERT_TRUE(write());
  ASSERT_TRUE(extract_model_package(package_, folder_ / "copy"));
  EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(folder_ / "copy/best")));
  EXPECT_EQ(read_text(folder_ / "copy/best"), read_text(model_ / "weights.safetensors"));
  fs::remove(package_);
  write_text(folder_ / "secret", "password");
  for (const auto& target : {std::string("../secret"), std::string("/etc/hostname"),
                             std::string("nowhere"), std::string("code")}) {
    fs::remove(model_ / "best");
    fs::create_symlink(target, model_ / "best");
    EXPECT_THAT(fails(write(), ErrorCode::usage), HasSubstr("cannot be packed")) << target;
  }
  fs::remove(model_ / "best");
  ASSERT_EQ(mkfifo((model_ / "pipe").c_str(), 0644), 0);
  EXPECT_THAT(fails(write(), ErrorCode::usage), HasSubstr("pipe"));
}

TEST_F(ModelPackage, NeedsItsFolder) {
  write_model(model_);
  package_ = folder_ / "missing/model.tar.gz";
  EXPECT_THAT(fails(write(), ErrorCode::not_found),
              HasSubstr("missing/model.tar.gz: cannot write"));
}

TEST_F(ModelPackage, LeavesTheOldOneWhenTheDiskIsFull) {
  write_model(model_);
  ASSERT_TRUE(write());
  const auto before = read_text(package_);
  std::string noise;
  std::uint32_t state = 1;
  for (int i = 0; i < 300'000; ++i)
    noise += static_cast<char>((state = state * 1'664'525 + 99) >> 24);
  write_text(model_ / "more", noise);
  const auto said = in_child([&]() -> std::string {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{.rlim_cur = 100'000, .rlim_max = 100'000};
    setrlimit(RLIMIT_FSIZE, &limit);
    const auto written = write();
    return written ? "it succeeded" : written.error().message + "|" + written.error().hint;
  });
  EXPECT_THAT(said, HasSubstr("model.tar.gz: cannot be written (File too large)|free space"));
  EXPECT_EQ(read_text(package_), before);
  const auto left = std::distance(fs::directory_iterator(folder_.path()), {});
  EXPECT_EQ(left, 2) << "a draft is left behind";
}

TEST(Sha256, IsThatOfTheStandard) {
  const TempFolder folder;
  write_text(folder / "abc", "abc");
  // FIPS 180-2, appendix B.1.
  EXPECT_EQ(sha256_of_file(folder / "abc").value(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const auto missing = sha256_of_file(folder / "none");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace hpo::test
