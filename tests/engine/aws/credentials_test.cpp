// Where keys come from, each source against the stand-in.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "engine/aws/credential_answer.h"
#include "engine/aws/credential_chain.h"
#include "tests/engine/aws/stand_in.h"

namespace hpo::aws {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class CredentialsTest : public testing::Test {
 protected:
  CredentialsTest() {
    variables_ = stand_in_.variables();
    variables_.erase("AWS_ACCESS_KEY_ID");
    variables_.erase("AWS_SECRET_ACCESS_KEY");
  }

  void write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories(stand_in_.folder() / ".aws");
    std::ofstream(stand_in_.folder().path() / ".aws" / name) << text;
  }

  Result<Credentials> get() {
    const auto settings = load_settings(variables_);
    if (!settings) return settings.error();
    Http http(io_.get_executor());
    CredentialChain chain(*settings, http);
    return finish(io_, chain.get());
  }

  std::string key_id() {
    const auto keys = get();
    return keys ? keys->access_key_id : keys.error().message + "; " + keys.error().hint;
  }

  StandIn stand_in_;
  Variables variables_;
  boost::asio::io_context io_;
};

constexpr const char* kKeys =
    "aws_access_key_id = AKIDEXAMPLE\n"
    "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY\n";

TEST_F(CredentialsTest, TakesTheEnvironmentFirst) {
  write("credentials", std::string("[default]\n") + kKeys);
  EXPECT_EQ(key_id(), "AKIDEXAMPLE");
  variables_["AWS_ACCESS_KEY_ID"] = "OTHER";
  EXPECT_THAT(key_id(), HasSubstr("AWS_SECRET_ACCESS_KEY is not"));
  variables_["AWS_SECRET_ACCESS_KEY"] = "s";
  variables_["AWS_SESSION_TOKEN"] = "t";
  EXPECT_EQ(key_id(), "OTHER");
  EXPECT_EQ(get()->session_token, "t");
}

TEST_F(CredentialsTest, TakesOnTheRoleOfAProfile) {
  write("credentials", std::string("[base]\n") + kKeys);
  write("config",
        "[profile p]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = base\n"
        "external_id = e\nduration_seconds = 900\n[profile q]\nsource_profile = p\n"
        "role_arn = arn:aws:iam::123456789012:role/s\n");
  variables_["AWS_PROFILE"] = "p";
  EXPECT_THAT(key_id(), StartsWith("ASIA"));
  variables_["AWS_PROFILE"] = "q";
  EXPECT_THAT(key_id(), StartsWith("ASIA"));
  EXPECT_EQ(stand_in_.calls("AssumeRole", 200), 3);
}

TEST_F(CredentialsTest, TakesOnARoleWithAClockThatIsOff) {
  write("credentials", std::string("[base]\n") + kKeys);
  write("config",
        "[default]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = base\n");
  stand_in_.control("faults", {{"clock_s", 900}});
  EXPECT_THAT(key_id(), StartsWith("ASIA"));
}

TEST_F(CredentialsTest, ExplainsRolesThatLeadNowhere) {
  write("credentials", std::string("[base]\n") + kKeys);
  write("config",
        "[profile p]\nrole_arn = arn:aws:iam::123456789012:role/forbidden\nsource_profile = base\n"
        "[profile a]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = b\n"
        "[profile b]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = a\n"
        "[profile m]\nrole_arn = arn:aws:iam::1:role/x\nmfa_serial = s\n"
        "[profile n]\nrole_arn = arn:aws:iam::1:role/x\n");
  for (const auto& [profile, words] :
       {std::pair{"p", "lacks sts:AssumeRole"}, std::pair{"a", "circle"},
        std::pair{"m", "mfa_serial"}, std::pair{"n", "source_profile"}}) {
    variables_["AWS_PROFILE"] = profile;
    EXPECT_THAT(key_id(), HasSubstr(words));
  }
}

TEST_F(CredentialsTest, AsksTheProcessOfAProfile) {
  const std::string program = (stand_in_.folder() / "keys.sh").string();
  std::ofstream(program) << "#!/bin/sh\n[ \"$1\" = 'two words' ] || exit 1\necho '{\"Version\":1,"
                            "\"AccessKeyId\":\"PROCESS\",\"SecretAccessKey\":\"s\",\"SessionToken\""
                            ":\"t\",\"Expiration\":\"2099-01-01T00:00:00+00:00\"}'\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  write("config", "[default]\ncredential_process = " + program + " \"two words\"\n");
  EXPECT_EQ(key_id(), "PROCESS");
  EXPECT_EQ(get()->expires, time_from("2099-01-01T00:00:00Z"));
  write("config", "[default]\ncredential_process = " + program + "\n");
  EXPECT_THAT(key_id(), HasSubstr("failed"));
  write("config", "[default]\ncredential_process = /nonexistent/program\n");
  EXPECT_THAT(key_id(), HasSubstr("cannot be started"));
}

TEST_F(CredentialsTest, TellsUsersOfSingleSignOnWhatToWrite) {
  write("config", "[profile s]\nsso_session = x\nsso_account_id = 1\n");
  variables_["AWS_PROFILE"] = "s";
  EXPECT_THAT(key_id(), HasSubstr("aws configure export-credentials --profile s"));
}

TEST_F(CredentialsTest, TradesAWebIdentity) {
  const std::string file = (stand_in_.folder() / "token").string();
  variables_["AWS_WEB_IDENTITY_TOKEN_FILE"] = file;
  variables_["AWS_ROLE_ARN"] = "arn:aws:iam::123456789012:role/r";
  EXPECT_THAT(key_id(), HasSubstr("cannot read a web identity token"));
  std::ofstream(file) << "web-token\n";
  EXPECT_THAT(key_id(), StartsWith("ASIA"));
}

TEST_F(CredentialsTest, AsksTheContainersMetadata) {
  variables_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = stand_in_.address() + "/container-keys";
  variables_["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "container-token";
  EXPECT_THAT(key_id(), StartsWith("ASIA"));
  const std::string file = (stand_in_.folder() / "token").string();
  std::ofstream(file) << "container-token\n";
  variables_["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "wrong";
  variables_["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = file;
  EXPECT_THAT(key_id(), StartsWith("ASIA"));
  variables_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://example.com/keys";
  EXPECT_THAT(key_id(), HasSubstr("unprotected"));
}

TEST_F(CredentialsTest, AsksTheInstancesMetadata) {
  stand_in_.control("metadata", {{"role", "r"}});
  variables_.erase("AWS_EC2_METADATA_DISABLED");
  variables_["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = stand_in_.address() + "/";
  EXPECT_THAT(key_id(), StartsWith("ASIA"));
  stand_in_.control("metadata", {{"role", ""}});
  EXPECT_THAT(key_id(), HasSubstr("no AWS keys were found"));
}

TEST_F(CredentialsTest, SaysWhatToSetUpWhereNothingIs) {
  const auto keys = get();
  ASSERT_FALSE(keys);
  EXPECT_EQ(keys.error().code, ErrorCode::environment);
  EXPECT_THAT(keys.error().hint, HasSubstr("AWS_ACCESS_KEY_ID"));
}

TEST_F(CredentialsTest, GetsNewKeysWhereTheOldOnesExpired) {
  write("credentials", std::string("[base]\n") + kKeys);
  write("config",
        "[default]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = base\n");
  auto settings = *load_settings(variables_);
  Client client(io_.get_executor(), settings, retry_options(settings));
  const auto call = [&] {
    Call identity{.service = Service::sts,
                  .operation = "GetCallerIdentity",
                  .body = "Action=GetCallerIdentity&Version=2011-06-15"};
    return finish(io_, client.send(identity));
  };
  EXPECT_TRUE(call());
  EXPECT_TRUE(call());
  EXPECT_EQ(stand_in_.calls("AssumeRole"), 1);
  stand_in_.control("expire");
  EXPECT_TRUE(call());
  EXPECT_EQ(stand_in_.calls("AssumeRole"), 2);
}

TEST_F(CredentialsTest, ExplainsATokenThatExpired) {
  stand_in_.control("key", {{"id", "OLD"}, {"secret", "s"}, {"token", "t"}, {"expires_s", 1}});
  variables_["AWS_ACCESS_KEY_ID"] = "OLD";
  variables_["AWS_SECRET_ACCESS_KEY"] = "s";
  variables_["AWS_SESSION_TOKEN"] = "t";
  auto settings = *load_settings(variables_);
  Client client(io_.get_executor(), settings, retry_options(settings));
  Call identity{.service = Service::sts,
                .operation = "GetCallerIdentity",
                .body = "Action=GetCallerIdentity&Version=2011-06-15"};
  const auto answer = finish(io_, client.send(identity));
  ASSERT_FALSE(answer);
  EXPECT_THAT(to_error(*answer.failure).hint, HasSubstr("expired"));
}

TEST(CredentialTimes, AreReadInTheirForms) {
  const auto utc = time_from("2026-01-01T12:00:00Z");
  ASSERT_TRUE(utc);
  EXPECT_EQ(time_from("2026-01-01T12:00:00.123456Z"), utc);
  EXPECT_EQ(time_from("2026-01-01T14:00:00+02:00"), utc);
  EXPECT_EQ(time_from("2026-01-01T07:00:00-05:00"), utc);
  EXPECT_FALSE(time_from("tomorrow"));
}

}  // namespace
}  // namespace hpo::aws
