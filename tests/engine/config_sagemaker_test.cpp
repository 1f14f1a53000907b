// `sagemaker:` of a tuning file.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/config_files.h"

namespace hpo {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kPlain =
    "role: 'arn:aws:iam::123456789012:role/hpo', bucket: my-bucket, image: "
    "'123456789012.dkr.ecr.eu-west-1.amazonaws.com/birds:1'";

std::string file(const std::string& sagemaker,
                 const std::string& trial = "{command: [python3, x.py]}") {
  return "study: s\nobjective: {metric: loss, goal: minimize}\n"
         "parameters: {x: {type: float, min: 0, max: 1}}\nlimits: {trials: 3}\ntrial: " +
         trial + "\nsagemaker: {" + sagemaker + "}\n";
}

std::string with(const std::string& more) { return std::string(kPlain) + ", " + more; }

class SageMakerSection : public testing::Test {
 protected:
  std::string errors(const std::string& text) {
    std::string all;
    for (const auto& error : folder_.load(text).errors) all += render(error) + "\n";
    return all;
  }
  ConfigFolder folder_;
};

TEST_F(SageMakerSection, IsReadWithItsDefaults) {
  const auto loaded = folder_.load(file(with("instance_type: ml.g5.xlarge")));
  ASSERT_TRUE(loaded.config) << errors(file(with("instance_type: ml.g5.xlarge")));
  const SageMakerSpec& spec = *loaded.config->sagemaker;
  EXPECT_THAT(spec.instance_types, ElementsAre("ml.g5.xlarge"));
  EXPECT_EQ(spec.instance_count, 1);
  EXPECT_EQ(spec.max_runtime_s, 86'400);
  EXPECT_EQ(spec.prefix, "hpo");
  EXPECT_TRUE(spec.checkpoints);
  EXPECT_FALSE(spec.spot);
}

TEST_F(SageMakerSection, TakesEveryKey) {
  const auto loaded = folder_.load(file(
      with("instance_types: [ml.g5.xlarge, ml.g4dn.xlarge], instance_count: 2, volume: 50, prefix: "
           "a/b, region: eu-west-1, spot: true, max_runtime: 1h, max_wait: 2h, subnets: subnet-1, "
           "security_groups: [sg-1], kms_key: k, volume_kms_key: v, encrypt_traffic: true, "
           "network_isolation: true, tags: {team: vision}, input_mode: FastFile, checkpoints: "
           "false, price_per_hour: {ml.g5.xlarge: 1.41, ml.g4dn.xlarge: 0.7}, max_cost: 50"),
      "{command: [run.sh], source: data, channels: {train: 's3://other/data'}}"));
  ASSERT_TRUE(loaded.config);
  const TuningConfig& config = *loaded.config;
  EXPECT_EQ(config.sagemaker->max_wait_s, 7200);
  EXPECT_EQ(config.sagemaker->prices.at("ml.g4dn.xlarge"), 0.7);
  EXPECT_EQ(config.sagemaker->max_cost, 50);
  EXPECT_EQ(config.trial.channels.at(0).second, "s3://other/data");
  EXPECT_EQ(config.trial.source, folder_ / "data");
  EXPECT_THAT(to_json_text(config), HasSubstr("\"spot\":true"));
}

TEST_F(SageMakerSection, AllowsAnImageToRunItsOwnProgram) {
  EXPECT_TRUE(folder_.load(file(with("instance_type: ml.m5.large"), "{}")).config);
}

TEST_F(SageMakerSection, ReportsAllThatIsWrong) {
  const std::string all = errors(
      file("role: me, image: 'a b', instance_type: g5, bucket: UPPER, volume: 0, max_runtime: 90d, "
           "subnets: [subnet-1], max_cost: 5, color: red"));
  for (const char* words :
       {"sagemaker.role", "sagemaker.image", "sagemaker.instance_type", "sagemaker.bucket",
        "sagemaker.volume", "sagemaker.max_runtime", "needs both subnets and security_groups",
        "needs price_per_hour", "sagemaker.color"}) {
    EXPECT_THAT(all, HasSubstr(words));
  }
}

TEST_F(SageMakerSection, NamesWhatIsMissing) {
  const std::string all = errors(file("spot: false"));
  for (const char* key : {"role", "image", "instance_type", "bucket"}) {
    EXPECT_THAT(all, HasSubstr(std::string("sagemaker.") + key));
  }
}

TEST_F(SageMakerSection, KnowsWhatDoesNotGoTogether) {
  const std::string type = "instance_type: ml.m5.large, ";
  EXPECT_THAT(errors(file(with(type + "max_wait: 2h"))), HasSubstr("spot jobs only"));
  EXPECT_THAT(errors(file(with(type + "spot: true, max_runtime: 2h, max_wait: 1h"))),
              HasSubstr("max_runtime"));
  EXPECT_THAT(errors(file(with(type + "spot: true, keep_alive: 1h"))), HasSubstr("keep_alive"));
  EXPECT_THAT(errors(file(with(type + "instance_types: [ml.m5.large]"))),
              HasSubstr("instance_types"));
  EXPECT_THAT(errors(file(with(type + "tags: {'aws:x': y}"))), HasSubstr("is no tag"));
  EXPECT_THAT(errors("study: s\nobjective: {metric: value, goal: minimize}\n"
                     "parameters: {x1: {type: float, min: 0, max: 1}, x2: {type: float, min: 0, "
                     "max: 1}}\ntrial: {objective: branin}\nsagemaker: {" +
                     with("instance_type: ml.m5.large") + "}\n"),
              HasSubstr("inside this process"));
}

TEST_F(SageMakerSection, IsNeededForChannelsInS3) {
  const std::string text =
      "study: s\nobjective: {metric: loss, goal: minimize}\n"
      "parameters: {x: {type: float, min: 0, max: 1}}\n"
      "trial: {command: [sh, x], channels: {train: 's3://b/c'}}\n";
  EXPECT_THAT(errors(text), HasSubstr("is in S3"));
}

}  // namespace
}  // namespace hpo
