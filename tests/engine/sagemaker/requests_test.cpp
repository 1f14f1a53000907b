// Names, requests and costs of training jobs: everything that is decided without asking AWS.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>

#include "engine/sagemaker/cost.h"
#include "engine/sagemaker/description.h"
#include "engine/sagemaker/names.h"
#include "engine/sagemaker/placement.h"
#include "engine/sagemaker/request.h"
#include "tests/engine/aws/stand_in.h"

namespace hpo::sagemaker {
namespace {

using nlohmann::json;

StudySpec study(const std::string& name) {
  return {.id = "0123456789abcdef0123456789abcdef", .name = name};
}

TEST(JobNames, FitTheServiceAndTellStudiesApart) {
  EXPECT_EQ(job_name(study("birds"), 7, 2), "birds-01234567-7-2");
  EXPECT_EQ(job_name(study("a.b_c-"), 0, 1), "a-b-c-01234567-0-1");
  const std::regex form("[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}");
  for (const std::string& name :
       {std::string(63, 'x'), std::string("a._-.b"), std::string(29, 'x') + "._y"}) {
    const std::string job = job_name(study(name), 123'456'789, 1'000'000);
    EXPECT_LE(job.size(), 63U);
    EXPECT_TRUE(std::regex_match(job, form)) << job;
  }
  StudySpec other = study("birds");
  other.id = "train-1-2";
  EXPECT_TRUE(std::regex_match(job_name(other, 0, 1), form));
}

class Requests : public testing::Test {
 protected:
  Requests() {
    config_.study = study("birds");
    config_.study.objectives = {{.metric = "loss", .goal = Goal::minimize}};
    config_.folder = "/home/me/birds";
    config_.trial.command = {"python3", "train.py"};
    config_.trial.metrics = {{.metric = "loss", .regex = R"(loss: (\S+))"}};
    config_.trial.hyperparameters["batch"] = std::int64_t{32};
    config_.trial.environment["MODE"] = "fast";
    config_.trial.channels = {{"train", "s3://bkt/t/"}};
    config_.sagemaker = sagemaker_spec();
    trial_.configuration["learning-rate"] = 0.5;
    trial_.configuration["kind"] = std::string("a b");
  }

  json request() {
    return create_training_job({.config = config_,
                                .study = config_.study,
                                .trial = trial_,
                                .channels = channels_,
                                .instance_type = "ml.m5.large",
                                .checkpoints = "s3://bkt/checkpoints/"});
  }

  TuningConfig config_;
  Trial trial_ = {.number = 3, .seed = 99, .attempt = 2};
  std::map<std::string, std::string> channels_ = {{"code", "s3://bkt/c/"},
                                                  {"train", "s3://bkt/t/"}};
};

TEST_F(Requests, GiveTheCommandItsFolderAndItsHyperparameters) {
  const json algorithm = request()["AlgorithmSpecification"];
  EXPECT_EQ(algorithm["ContainerArguments"],
            json({"--batch", "32", "--kind", "a b", "--learning-rate", "0.5"}));
  const json entrypoint = algorithm["ContainerEntrypoint"];
  EXPECT_EQ(entrypoint[0], "/bin/sh");
  EXPECT_THAT(entrypoint[2].get<std::string>(), testing::HasSubstr("input/data/code"));
  EXPECT_EQ(entrypoint[entrypoint.size() - 1], "train.py");
  EXPECT_EQ(algorithm["MetricDefinitions"][0]["Regex"], R"(loss: (\S+))");
  EXPECT_EQ(request()["HyperParameters"],
            json({{"batch", "32"}, {"kind", "a b"}, {"learning-rate", "0.5"}}));
  channels_.clear();
  EXPECT_EQ(request()["AlgorithmSpecification"]["ContainerEntrypoint"],
            json({"python3", "train.py"}));
  EXPECT_FALSE(request().contains("InputDataConfig"));
}

TEST_F(Requests, CarryTheTrialContractInTheirEnvironment) {
  const json environment = request()["Environment"];
  EXPECT_EQ(environment["MODE"], "fast");
  EXPECT_EQ(environment["SM_MODEL_DIR"], "/opt/ml/model");
  EXPECT_EQ(environment["SM_CHANNEL_TRAIN"], "/opt/ml/input/data/train");
  EXPECT_EQ(environment["HPO_TRIAL"], "3");
  EXPECT_EQ(environment["HPO_SEED"], "99");
  EXPECT_FALSE(environment.contains("SM_HP_LEARNING-RATE"));  // no name that the service takes
  EXPECT_FALSE(environment.contains("CUDA_VISIBLE_DEVICES"));
  EXPECT_LE(environment.size(), 100U);
  for (const auto& [name, value] : environment.items()) {
    EXPECT_LE(value.get<std::string>().size(), 512U) << name;
    EXPECT_THAT(value.get<std::string>(), testing::Not(testing::HasSubstr("/home/me"))) << name;
  }
}

TEST_F(Requests, StayWithinTheServicesBoundsWithManyHyperparameters) {
  for (int i = 0; i < 95; ++i) {
    trial_.configuration["parameter_" + std::to_string(i)] = std::string(200, 'x');
  }
  EXPECT_LE(request()["Environment"].size(), 100U);
  EXPECT_EQ(request()["Environment"]["MODE"], "fast");
}

TEST_F(Requests, LetTheServiceFindMetricsOfJsonLines) {
  config_.trial.metrics.clear();
  config_.study.objectives[0].metric = "validation:loss (mean)";
  const json definition = request()["AlgorithmSpecification"]["MetricDefinitions"][0];
  std::smatch match;
  const std::string line = R"x({"metric":"validation:loss (mean)","step":3,"value":-1.5e-3})x";
  ASSERT_TRUE(std::regex_search(line, match, std::regex(definition["Regex"].get<std::string>())));
  EXPECT_EQ(match[1], "-1.5e-3");
}

TEST_F(Requests, SayWhoseTheyAre) {
  const json tags = request()["Tags"];
  EXPECT_EQ(tags[0], json({{"Key", "hpo:study-id"}, {"Value", config_.study.id}}));
  EXPECT_EQ(request()["TrainingJobName"], "birds-01234567-3-2");
}

TEST_F(Requests, LeaveOutWhatIsNotAskedFor) {
  const json plain = request();
  for (const char* key : {"VpcConfig", "EnableManagedSpotTraining", "EnableNetworkIsolation"}) {
    EXPECT_FALSE(plain.contains(key)) << key;
  }
  EXPECT_EQ(plain["StoppingCondition"], json({{"MaxRuntimeInSeconds", 86'400}}));
  EXPECT_EQ(plain["CheckpointConfig"]["S3Uri"], "s3://bkt/checkpoints/");
}

TEST_F(Requests, CarryEveryOption) {
  SageMakerSpec& spec = *config_.sagemaker;
  spec.spot = true;
  spec.max_runtime_s = 100;
  spec.max_wait_s = 300;
  spec.subnets = {"subnet-1"};
  spec.security_groups = {"sg-1"};
  spec.kms_key = "key";
  spec.volume_kms_key = "other";
  spec.network_isolation = true;
  spec.encrypt_traffic = true;
  spec.checkpoints = false;
  spec.instance_count = 2;
  spec.tags["team"] = "vision";
  const json full = request();
  EXPECT_EQ(full["StoppingCondition"],
            json({{"MaxRuntimeInSeconds", 100}, {"MaxWaitTimeInSeconds", 300}}));
  EXPECT_EQ(full["EnableManagedSpotTraining"], true);
  EXPECT_EQ(full["VpcConfig"]["Subnets"], json({"subnet-1"}));
  EXPECT_EQ(full["OutputDataConfig"]["KmsKeyId"], "key");
  EXPECT_EQ(full["ResourceConfig"]["VolumeKmsKeyId"], "other");
  EXPECT_EQ(full["ResourceConfig"]["InstanceCount"], 2);
  EXPECT_EQ(full["EnableNetworkIsolation"], true);
  EXPECT_EQ(full["EnableInterContainerTrafficEncryption"], true);
  EXPECT_FALSE(full.contains("CheckpointConfig"));
  EXPECT_FALSE(full["Environment"].contains("SM_HOSTS"));
  EXPECT_EQ(full["Tags"][4], json({{"Key", "team"}, {"Value", "vision"}}));
  config_.trial.timeout_s = 50;
  EXPECT_EQ(request()["StoppingCondition"]["MaxRuntimeInSeconds"], 50);
}

class CostTest : public testing::Test {
 protected:
  CostTest() {
    config_.sagemaker = sagemaker_spec();
    config_.sagemaker->prices = {{"ml.m5.large", 3600}};  // 1 a second
    config_.sagemaker->max_runtime_s = 80;                // 200 with its grace
    config_.sagemaker->max_cost = 500;
  }
  TuningConfig config_;
};

TEST_F(CostTest, NeverLetsMoreBeginThanMayBePaidFor) {
  Cost cost(config_);
  EXPECT_EQ(cost.may_start("ml.m5.large"), Cost::Answer::start);
  cost.begin("a", "ml.m5.large");
  cost.begin("b", "ml.m5.large");
  EXPECT_EQ(cost.may_start("ml.m5.large"), Cost::Answer::wait);
  cost.end("a", 10);
  EXPECT_EQ(cost.spent(), 10);
  EXPECT_EQ(cost.may_start("ml.m5.large"), Cost::Answer::start);
  cost.end("b", 400);
  EXPECT_EQ(cost.may_start("ml.m5.large"), Cost::Answer::never);
}

TEST_F(CostTest, RemembersWhatEarlierRunsSpent) {
  Cost cost(config_);
  cost.add_earlier({{.job = "a", .instance_type = "ml.m5.large", .instances = 2, .billable_s = 50},
                    {.job = "b", .instance_type = ""},
                    {.job = "c", .instance_type = "ml.m5.large"}});
  EXPECT_EQ(cost.spent(), 100);
  EXPECT_EQ(cost.may_start("ml.m5.large"), Cost::Answer::start);
  cost.begin("d", "ml.m5.large");
  EXPECT_EQ(cost.may_start("ml.m5.large"), Cost::Answer::wait);
}

TEST(PlacementTest, AvoidsTypesWithoutMachines) {
  Placement placement({.instance_types = {"a", "b"}});
  EXPECT_EQ(placement.choose(0), "a");
  placement.had_no_capacity("a", 0);
  EXPECT_EQ(placement.choose(1), "b");
  placement.had_no_capacity("b", 10);
  EXPECT_EQ(placement.choose(20), "a");  // the one that is tried again first
  EXPECT_EQ(placement.choose(700), "a");
  placement.is_never_granted("a");
  placement.is_never_granted("b");
  EXPECT_EQ(placement.choose(1e9), "");
}

TEST(Descriptions, AreReadAndRefused) {
  const auto job = description_from(
      R"({"TrainingJobName":"n","TrainingJobArn":"arn","TrainingJobStatus":"Completed","SecondaryStatus":"Completed","ModelArtifacts":{"S3ModelArtifacts":"s3://b/m"},"FinalMetricDataList":[{"MetricName":"loss","Value":0.5}],"SecondaryStatusTransitions":[{"Status":"Interrupted"}],"TrainingStartTime":10.5,"BillableTimeInSeconds":7})");
  ASSERT_TRUE(job);
  EXPECT_TRUE(job->is_over());
  EXPECT_EQ(job->artifact, "s3://b/m");
  EXPECT_EQ(job->final_metrics.at("loss"), 0.5);
  EXPECT_EQ(job->interruptions, 1);
  EXPECT_EQ(job->billable_s, 7);
  EXPECT_EQ(job->began_at->time_since_epoch().count(), 10'500);
  EXPECT_FALSE(description_from("{}"));
  EXPECT_FALSE(description_from("<html>"));
  const auto fresh = description_from(R"({"TrainingJobStatus":"Whatever"})");
  EXPECT_FALSE(fresh->is_over());
}

}  // namespace
}  // namespace hpo::sagemaker
