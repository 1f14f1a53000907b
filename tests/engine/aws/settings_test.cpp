#include "engine/aws/settings.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/temp_folder.h"

namespace hpo::aws {
namespace {

class SettingsTest : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories(folder_ / ".aws");
    std::ofstream(folder_.path() / ".aws" / name) << text;
  }

  Result<Settings> load(Variables variables = {}) {
    variables["HOME"] = folder_.path().string();
    return load_settings(std::move(variables));
  }

  static std::string host(const Settings& settings, Service service, const std::string& region) {
    const auto endpoint = endpoint_of(settings, service, region);
    return endpoint ? endpoint->url.origin() + endpoint->url.path : endpoint.error().message;
  }

  TempFolder folder_;
};

TEST_F(SettingsTest, ReadsProfilesOfBothFiles) {
  write(
      "config",
      "[default]\nregion = eu-west-1\n# a comment\n[profile work]\nregion=us-west-2 # home\n"
      "s3 =\n  endpoint_url = http://s3\n[services x]\nsagemaker =\n  endpoint_url = http://sm\n");
  write("credentials", "[work]\naws_access_key_id = A\n");
  auto settings = load();
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->region, "eu-west-1");
  EXPECT_EQ(settings->key("work", "region"), "us-west-2");
  EXPECT_EQ(settings->key("work", "aws_access_key_id"), "A");
  EXPECT_EQ(settings->services.at("x").at("sagemaker.endpoint_url"), "http://sm");
  settings = load({{"AWS_PROFILE", "work"}});
  EXPECT_EQ(settings->region, "us-west-2");
}

TEST_F(SettingsTest, NamesAProfileThatIsNowhere) {
  const auto settings = load({{"AWS_PROFILE", "gone"}});
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().code, ErrorCode::environment);
  EXPECT_NE(settings.error().message.find("\"gone\""), std::string::npos);
}

TEST_F(SettingsTest, SaysWhereAFileIsWrongWithoutItsText) {
  write("credentials", "[default]\nwJalrXUtnFEMI\n");
  const auto settings = load();
  ASSERT_FALSE(settings);
  EXPECT_NE(settings.error().message.find("credentials:2"), std::string::npos);
  EXPECT_EQ(settings.error().message.find("wJalr"), std::string::npos);
}

TEST_F(SettingsTest, TakesTheRegionFromTheFirstThatSaysOne) {
  EXPECT_EQ(load({{"AWS_DEFAULT_REGION", "b"}, {"AWS_REGION", "a"}})->region, "a");
  EXPECT_EQ(load({{"AWS_DEFAULT_REGION", "b"}})->region, "b");
  EXPECT_EQ(load()->region, "");
  EXPECT_FALSE(endpoint_of(*load(), Service::s3, ""));
  EXPECT_FALSE(endpoint_of(*load(), Service::s3, "evil.example/"));
}

TEST_F(SettingsTest, KnowsTheHostsOfEachPartition) {
  const auto settings = *load();
  EXPECT_EQ(host(settings, Service::sagemaker, "eu-west-1"),
            "https://api.sagemaker.eu-west-1.amazonaws.com");
  EXPECT_EQ(host(settings, Service::sagemaker_runtime, "cn-north-1"),
            "https://runtime.sagemaker.cn-north-1.amazonaws.com.cn");
  EXPECT_EQ(host(settings, Service::logs, "us-gov-west-1"),
            "https://logs.us-gov-west-1.amazonaws.com");
  EXPECT_EQ(host(settings, Service::s3, "us-east-1"), "https://s3.us-east-1.amazonaws.com");
  EXPECT_EQ(host(settings, Service::sts, "us-east-1"), "https://sts.us-east-1.amazonaws.com");
}

TEST_F(SettingsTest, KnowsFipsAndDualStackHosts) {
  const auto fips = *load({{"AWS_USE_FIPS_ENDPOINT", "true"}});
  EXPECT_EQ(host(fips, Service::sagemaker, "us-east-1"),
            "https://api-fips.sagemaker.us-east-1.amazonaws.com");
  EXPECT_EQ(host(fips, Service::logs, "us-east-1"), "https://logs-fips.us-east-1.amazonaws.com");
  const auto dual = *load({{"AWS_USE_DUALSTACK_ENDPOINT", "true"}});
  EXPECT_EQ(host(dual, Service::sagemaker_runtime, "us-east-1"),
            "https://runtime.sagemaker.us-east-1.api.aws");
  EXPECT_EQ(host(dual, Service::s3, "us-east-1"), "https://s3.dualstack.us-east-1.amazonaws.com");
}

TEST_F(SettingsTest, TakesTheMostSpecialAddressThatIsGiven) {
  write("config",
        "[default]\nendpoint_url = http://profile\nservices = x\n"
        "[services x]\nsagemaker =\n  endpoint_url = http://section\n");
  EXPECT_EQ(host(*load(), Service::sagemaker, "r"), "http://section");
  EXPECT_EQ(host(*load(), Service::s3, "r"), "http://profile");
  const Variables common{{"AWS_ENDPOINT_URL", "http://common:1/"}};
  EXPECT_EQ(host(*load(common), Service::sagemaker, "r"), "http://common:1");
  Variables own = common;
  own["AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME"] = "http://own/x";
  EXPECT_EQ(host(*load(own), Service::sagemaker_runtime, "r"), "http://own/x");
  own["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true";
  EXPECT_EQ(host(*load(own), Service::sagemaker_runtime, "r"),
            "https://runtime.sagemaker.r.amazonaws.com");
}

}  // namespace
}  // namespace hpo::aws
