#include "engine/aws/failure.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "engine/aws/xml.h"
#include "objectives/json.h"

namespace hpo::aws {
namespace {

using Kind = TransportFailure::Kind;

/// As botocore's standard retry mode has them.
constexpr std::array kThrottlingCodes = {
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottled",
    "RequestThrottledException",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "TransactionInProgressException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "SlowDown",
    "PriorRequestNotComplete",
    "EC2ThrottledException",
};
constexpr std::array kTransientCodes = {"RequestTimeout",     "RequestTimeoutException",
                                        "InternalError",      "InternalFailure",
                                        "ServiceUnavailable", "ModelNotReadyException"};
constexpr std::array kExpiredCodes = {"ExpiredToken", "ExpiredTokenException",
                                      "TokenRefreshRequired"};
constexpr std::array kSkewCodes = {"RequestTimeTooSkewed", "RequestExpired",
                                   "RequestInTheFuture",   "SignatureDoesNotMatch",
                                   "AuthFailure",          "InvalidSignatureException"};
constexpr std::array kDeniedCodes = {"AccessDenied", "AccessDeniedException", "403",
                                     "UnauthorizedOperation"};
constexpr std::array kBadKeyCodes = {"InvalidClientTokenId",      "UnrecognizedClientException",
                                     "InvalidAccessKeyId",        "SignatureDoesNotMatch",
                                     "InvalidSignatureException", "InvalidToken"};

template <class Codes>
bool is_one_of(const std::string& code, const Codes& codes) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

/// `com.amazon#Name` and `Name:http://...` both are Name.
std::string bare_code(std::string code) {
  code = code.substr(0, code.find(':'));
  const auto hash = code.rfind('#');
  return hash == std::string::npos ? code : code.substr(hash + 1);
}

std::string text_of(const nlohmann::json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

void read_json(const std::string& body, Failure& failure) {
  const auto json = parse_json(body);
  if (!json || !json->is_object()) return;
  for (const char* key : {"__type", "code", "Code"}) {
    if (failure.code.empty()) failure.code = bare_code(text_of(*json, key));
  }
  for (const char* key : {"message", "Message", "errorMessage"}) {
    if (failure.message.empty()) failure.message = text_of(*json, key);
  }
  const std::string original = text_of(*json, "OriginalMessage");
  if (!original.empty()) failure.message += "; the model said: " + original;
}

void read_xml(const std::string& body, Failure& failure) {
  const auto root = parse_xml(body);
  if (!root) return;
  const XmlNode* error = root->name == "Error" ? &*root : root->child("Error");
  if (error == nullptr) return;
  failure.code = error->text_at("Code");
  failure.message = error->text_at("Message");
  for (const char* key : {"RequestId", "RequestID"}) {
    if (failure.request_id.empty()) failure.request_id = root->text_at(key);
  }
}

std::string named(Service service, const std::string& operation) {
  return fmt::format("{} {}", traits(service).name, operation);
}

/// The action that a denied caller lacks, as IAM names it: said in the message, or known from the
/// operation.
std::string lacking_action(const Failure& failure) {
  constexpr std::string_view kSaid = "not authorized to perform: ";
  if (const auto at = failure.message.find(kSaid); at != std::string::npos) {
    const auto begin = at + kSaid.size();
    return failure.message.substr(begin, failure.message.find_first_of(" \n", begin) - begin);
  }
  const auto blank = failure.operation.rfind(' ');
  const std::string operation = failure.operation.substr(blank + 1);
  if (failure.operation.starts_with("SageMaker")) return "sagemaker:" + operation;
  if (failure.operation.starts_with("CloudWatch")) return "logs:" + operation;
  if (failure.operation.starts_with("STS")) return "sts:" + operation;
  if (operation == "ListObjectsV2" || operation == "HeadBucket") return "s3:ListBucket";
  if (operation == "HeadObject") return "s3:GetObject";
  if (operation == "AbortMultipartUpload" || operation == "DeleteObject") return "s3:" + operation;
  return operation == "GetObject" ? "s3:GetObject" : "s3:PutObject";
}

std::string hint_for(const Failure& failure) {
  if (is_denied(failure)) {
    return fmt::format("the role or user whose keys these are lacks {}; add it to its policy",
                       lacking_action(failure));
  }
  if (is_expired(failure)) {
    return "the session token has expired: log in again and put the new keys where these came from";
  }
  if (is_one_of(failure.code, kBadKeyCodes)) {
    return "the access key is wrong, of another account, or was deleted: check AWS_ACCESS_KEY_ID "
           "and AWS_SECRET_ACCESS_KEY, or the profile, with: aws sts get-caller-identity";
  }
  if (is_one_of(failure.code, kSkewCodes)) return "set this machine's clock";
  if (failure.is("NoSuchBucket")) return "make the bucket, or name another in sagemaker.bucket";
  if (failure.is("ResourceLimitExceeded")) {
    return "ask for a higher quota of that instance type in the AWS console (Service Quotas)";
  }
  if (is_throttling(failure)) return "the account's rate limit is reached; try again later";
  if (failure.transport == Kind::untrusted) {
    return "behind a proxy that opens TLS name its certificate in AWS_CA_BUNDLE";
  }
  if (failure.transport) return "check the network, the region and the proxy settings";
  return {};
}

}  // namespace

Failure failure_of(Service service, const std::string& operation, const HttpResponse& response) {
  Failure failure{.operation = named(service, operation), .status = response.status};
  failure.code = bare_code(response.header("x-amzn-errortype"));
  const auto first = response.body.find_first_not_of(" \t\r\n");
  if (first != std::string::npos && response.body[first] == '<') {
    read_xml(response.body, failure);
  } else {
    read_json(response.body, failure);
  }
  if (failure.code.empty()) failure.code = std::to_string(response.status);
  for (const char* name : {"x-amzn-requestid", "x-amz-request-id"}) {
    if (failure.request_id.empty()) failure.request_id = response.header(name);
  }
  return failure;
}

Failure failure_of(Service service, const std::string& operation, const TransportFailure& failure) {
  return {.operation = named(service, operation),
          .message = failure.message,
          .transport = failure.kind};
}

bool is_throttling(const Failure& failure) {
  return failure.status == 429 || is_one_of(failure.code, kThrottlingCodes);
}

bool is_outage(const Failure& failure) {
  if (failure.own) return false;
  if (failure.transport)
    return *failure.transport != Kind::untrusted && *failure.transport != Kind::refused;
  return (failure.status >= 500 && failure.status != 501 && failure.status != 505) ||
         is_one_of(failure.code, kTransientCodes);
}

bool is_transient(const Failure& failure) { return is_outage(failure) || is_throttling(failure); }
bool is_expired(const Failure& failure) { return is_one_of(failure.code, kExpiredCodes); }
bool may_be_skewed(const Failure& failure) { return is_one_of(failure.code, kSkewCodes); }
bool is_denied(const Failure& failure) { return is_one_of(failure.code, kDeniedCodes); }

bool is_missing(const Failure& failure) {
  constexpr std::array kCodes = {"404", "NoSuchKey", "ResourceNotFound",
                                 "ResourceNotFoundException"};
  constexpr std::array kWords = {"not found", "does not exist", "Could not find", "not exist"};
  if (is_one_of(failure.code, kCodes)) return true;
  // What DescribeTrainingJob and DescribeEndpoint answer for a name that is not there.
  return failure.is("ValidationException") &&
         std::any_of(kWords.begin(), kWords.end(), [&](const char* words) {
           return failure.message.find(words) != std::string::npos;
         });
}

Error to_error(const Failure& failure) {
  if (failure.own) return *failure.own;
  std::string text = failure.operation + ": ";
  if (failure.transport) {
    text += "no answer: " + failure.message;
  } else {
    text += failure.code;
    if (!failure.message.empty()) text += ": " + failure.message;
    text += fmt::format(" (HTTP {}", failure.status);
    if (!failure.request_id.empty()) text += ", request " + failure.request_id;
    text += ")";
  }
  return {.code = ErrorCode::environment, .message = text, .hint = hint_for(failure)};
}

}  // namespace hpo::aws
