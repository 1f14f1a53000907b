#include "engine/aws/failure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/aws/retry.h"

namespace hpo::aws {
namespace {

using testing::HasSubstr;

Failure of(Service service, int status, const std::string& body, std::vector<Header> headers = {}) {
  return failure_of(service, "CreateTrainingJob",
                    {.status = status, .headers = std::move(headers), .body = body});
}

TEST(Failure, ReadsTheFormsOfJsonErrors) {
  for (const char* body : {R"({"__type":"ResourceInUse","message":"m"})",
                           R"({"__type":"com.amazon.sagemaker#ResourceInUse","Message":"m"})",
                           R"({"code":"ResourceInUse:http://x","Message":"m"})"}) {
    const Failure failure = of(Service::sagemaker, 400, body, {{"x-amzn-requestid", "id-1"}});
    EXPECT_EQ(failure.code, "ResourceInUse") << body;
    EXPECT_EQ(failure.message, "m") << body;
    EXPECT_EQ(failure.request_id, "id-1");
  }
  EXPECT_EQ(of(Service::sagemaker, 400, "{}", {{"x-amzn-errortype", "a#B:c"}}).code, "B");
}

TEST(Failure, ReadsXmlAndEmptyAnswers) {
  const Failure s3 = of(Service::s3, 404,
                        "<?xml version=\"1.0\"?>\n<Error><Code>NoSuchKey</Code><Message>a &amp; "
                        "b</Message><RequestId>r</RequestId></Error>");
  EXPECT_EQ(s3.code, "NoSuchKey");
  EXPECT_EQ(s3.message, "a & b");
  EXPECT_EQ(s3.request_id, "r");
  EXPECT_TRUE(is_missing(s3));
  const Failure sts = of(Service::sts, 400,
                         "<ErrorResponse xmlns=\"x\"><Error><Code>ExpiredToken</Code></Error>"
                         "<RequestId>r</RequestId></ErrorResponse>");
  EXPECT_TRUE(is_expired(sts));
  EXPECT_TRUE(is_missing(of(Service::s3, 404, "")));
  EXPECT_EQ(of(Service::sagemaker, 500, "<html>oops").code, "500");
}

TEST(Failure, SaysWhichPermissionIsMissing) {
  const Failure said = of(
      Service::sagemaker, 400,
      R"({"__type":"AccessDeniedException","message":"User: u is not authorized to perform: sagemaker:AddTags on resource: *"})");
  EXPECT_THAT(to_error(said).hint, HasSubstr("lacks sagemaker:AddTags"));
  const Failure unsaid = of(Service::sagemaker, 403, R"({"__type":"AccessDeniedException"})");
  EXPECT_THAT(to_error(unsaid).hint, HasSubstr("lacks sagemaker:CreateTrainingJob"));
  EXPECT_THAT(to_error(unsaid).message, HasSubstr("SageMaker CreateTrainingJob: AccessDenied"));
  EXPECT_EQ(to_error(unsaid).code, ErrorCode::environment);
}

TEST(Failure, TellsTransientOnesFromOthers) {
  EXPECT_TRUE(is_transient(of(Service::sagemaker, 400, R"({"__type":"ThrottlingException"})")));
  EXPECT_TRUE(is_transient(of(Service::s3, 503, "<Error><Code>SlowDown</Code></Error>")));
  EXPECT_TRUE(is_outage(of(Service::sagemaker, 502, "")));
  EXPECT_FALSE(is_transient(of(Service::sagemaker, 400, R"({"__type":"ResourceLimitExceeded"})")));
  EXPECT_FALSE(is_transient(of(Service::sagemaker, 400, R"({"__type":"ValidationException"})")));
  const TransportFailure reset{.kind = TransportFailure::Kind::broken, .message = "reset"};
  EXPECT_TRUE(is_outage(failure_of(Service::s3, "GetObject", reset)));
  const TransportFailure fake{.kind = TransportFailure::Kind::untrusted, .message = "cert"};
  EXPECT_FALSE(is_transient(failure_of(Service::s3, "GetObject", fake)));
}

TEST(RetryQuota, BoundsTheRetriesOfAnOutage) {
  RetryQuota quota;
  const Failure failure{.status = 500};
  int retries = 0;
  while (quota.take(failure) > 0) ++retries;
  EXPECT_EQ(retries, 100);
  quota.give_back(0);
  EXPECT_EQ(quota.tokens(), 1);
  quota.give_back(5);
  EXPECT_EQ(quota.take(failure), 5);
}

TEST(Backoff, StaysWithinItsBoundsAndHearsTheService) {
  Backoff backoff({.seed = 1});
  for (int attempt = 1; attempt < 12; ++attempt) {
    const double pause_s = backoff.pause_s(attempt, {});
    EXPECT_GE(pause_s, 0);
    EXPECT_LE(pause_s, std::min(std::exp2(attempt - 1), 20.0));
  }
  EXPECT_GE(backoff.pause_s(1, {.headers = {{"retry-after", "7"}}}), 7);
  EXPECT_GE(backoff.pause_s(1, {.headers = {{"x-amz-retry-after", "2500"}}}), 2.5);
  EXPECT_LE(backoff.pause_s(1, {.headers = {{"retry-after", "100000"}}}), 300);
}

TEST(RateLimits, KeepsCallsApartAfterABurst) {
  RateLimits limits(1);
  EXPECT_EQ(limits.book("CreateTrainingJob", 100), 0);
  EXPECT_EQ(limits.book("CreateTrainingJob", 100), 0);
  EXPECT_DOUBLE_EQ(limits.book("CreateTrainingJob", 100), 1);
  EXPECT_DOUBLE_EQ(limits.book("CreateTrainingJob", 100), 2);
  EXPECT_DOUBLE_EQ(limits.book("CreateTrainingJob", 102.5), 0.5);
  EXPECT_EQ(limits.book("PutObject", 100), 0);
}

}  // namespace
}  // namespace hpo::aws
