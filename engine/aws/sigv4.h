#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/aws/credentials.h"
#include "engine/aws/uri.h"

namespace hpo::aws {

struct Header {
  std::string name = {};
  std::string value = {};
  bool operator==(const Header&) const = default;
};

/// A request as Signature Version 4 sees it.
struct Signable {
  std::string method = {};
  std::string path = {};  ///< encoded, as it is sent
  Query query = {};
  std::vector<Header> headers = {};  ///< those to sign, `host` among them
  std::string payload_hash = {};     ///< SHA-256 of the body, hexadecimal
};

/// Where and when a signature holds.
struct SigningScope {
  std::string region = {};
  std::string service = {};  ///< the signing name: "sagemaker" also for its runtime
  TimePoint time = {};
};

/// `20240101T000000Z`
std::string amz_date(TimePoint time);

/// The canonical request. S3 signs the path as it is sent, the others normalise it and encode it
/// once more.
std::string canonical_request(const Signable& request, bool is_s3);
std::string string_to_sign(const std::string& canonical, const SigningScope& scope);

/// The headers to add: X-Amz-Date, X-Amz-Security-Token where there is one, for S3
/// X-Amz-Content-Sha256, and Authorization.
///
/// AWS Signature Version 4, "Create a signed AWS API request".
std::vector<Header> sign(Signable request, const Credentials& credentials,
                         const SigningScope& scope);

}  // namespace hpo::aws
