// Signatures against vectors that were made elsewhere (sigv4-vectors.txt).

#include "engine/aws/sigv4.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>

#include "objectives/json.h"
#include "objectives/sha256.h"
#include "tests/support/paths.h"

namespace hpo::aws {
namespace {

const Credentials kKeys{.access_key_id = "AKIDEXAMPLE",
                        .secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};

/// One vector of the file.
struct Vector {
  std::string canonical = {};
  std::string to_sign = {};
  std::string authorization = {};
};

std::map<std::string, Vector> vectors() {
  std::ifstream in(source_dir() + "/tests/engine/aws/sigv4-vectors.txt");
  std::map<std::string, Vector> all;
  Vector* current = nullptr;
  std::string* part = nullptr;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("#### ")) {
      current = &all[line.substr(5)];
    } else if (line == "--canonical request") {
      part = &current->canonical;
    } else if (line == "--string to sign") {
      part = &current->to_sign;
    } else if (line == "--Authorization") {
      part = &current->authorization;
    } else {
      if (!part->empty()) *part += '\n';
      *part += line;
    }
  }
  return all;
}

Signable request(std::string method, std::string path, std::vector<Header> headers,
                 const std::string& body, Query query = {}) {
  return {.method = std::move(method),
          .path = std::move(path),
          .query = std::move(query),
          .headers = std::move(headers),
          .payload_hash = hex(sha256(body))};
}

void expect_vector(const std::string& name, const std::string& service, const Signable& signable,
                   const std::string& token = {}) {
  SCOPED_TRACE(name);
  const auto all = vectors();
  ASSERT_TRUE(all.contains(name));
  const Vector& expected = all.at(name);
  Credentials keys = kKeys;
  keys.session_token = token;
  const SigningScope scope{
      .region = "us-east-1", .service = service, .time = *from_iso8601("2024-01-01T00:00:00.000Z")};
  const auto added = sign(signable, keys, scope);
  EXPECT_EQ(added.back().name, "Authorization");
  EXPECT_EQ(added.back().value, expected.authorization);
  Signable complete = signable;
  complete.headers.insert(complete.headers.end(), added.begin(), added.end() - 1);
  EXPECT_EQ(canonical_request(complete, service == "s3"), expected.canonical);
  EXPECT_EQ(string_to_sign(expected.canonical, scope), expected.to_sign);
}

TEST(Sigv4, SignsACallOfSageMaker) {
  expect_vector("sagemaker ListTrainingJobs", "sagemaker",
                request("POST", "/",
                        {{"Host", "api.sagemaker.us-east-1.amazonaws.com"},
                         {"Content-Type", "application/x-amz-json-1.1"},
                         {"X-Amz-Target", "SageMaker.ListTrainingJobs"}},
                        "{}"));
}

TEST(Sigv4, SignsACallOfAnEndpointWithASessionToken) {
  expect_vector("runtime InvokeEndpoint + token", "sagemaker",
                request("POST", "/endpoints/e1/invocations",
                        {{"Host", "runtime.sagemaker.us-east-1.amazonaws.com"},
                         {"Accept", "application/json"},
                         {"Content-Type", "application/x-image"}},
                        "\xff\xd8\xff"),
                "TOKEN");
}

const std::vector<Header> kS3Host = {{"Host", "s3.us-east-1.amazonaws.com"}};

TEST(Sigv4, SignsAKeyOfS3AsItIsSent) {
  expect_vector("s3 put key with space and plus", "s3",
                request("PUT", "/bkt/" + encode_path("a/b c+d=e.txt"), kS3Host, "hello"));
}

TEST(Sigv4, SortsAndEncodesAQuery) {
  expect_vector(
      "s3 ListObjectsV2", "s3",
      request("GET", "/bkt", kS3Host, "",
              {{"list-type", "2"}, {"prefix", "a/b/"}, {"delimiter", "/"}, {"max-keys", "2"}}));
}

TEST(Sigv4, SignsAQueryWithoutAValue) {
  expect_vector("s3 create multipart", "s3",
                request("POST", "/bkt/big", kS3Host, "", {{"uploads", ""}}));
}

TEST(Sigv4, KnowsEveryVectorOfTheFile) { EXPECT_EQ(vectors().size(), 5U); }

TEST(Sigv4, EncodesAndNormalisesPathsButThoseOfS3) {
  const auto path_of = [](const std::string& path, bool is_s3) {
    const std::string text = canonical_request({.method = "GET", .path = path}, is_s3);
    return text.substr(4, text.find('\n', 4) - 4);
  };
  EXPECT_EQ(path_of("/a/./b/../c%20d", false), "/a/c%2520d");
  EXPECT_EQ(path_of("/a//b/", false), "/a/b/");
  EXPECT_EQ(path_of("/a/./b/../c%20d", true), "/a/./b/../c%20d");
  EXPECT_EQ(path_of("", false), "/");
}

TEST(Sigv4, CollapsesBlanksOfHeaders) {
  const std::string text = canonical_request(
      {.method = "GET", .path = "/", .headers = {{"X-B", "  a   b "}, {"x-a", "c"}}}, false);
  EXPECT_EQ(text, "GET\n/\n\nx-a:c\nx-b:a b\n\nx-a;x-b\n");
}

TEST(Uri, ReadsAndRefusesAddresses) {
  const auto url = parse_url("http://127.0.0.1:5555/base/");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->authority(), "127.0.0.1:5555");
  EXPECT_EQ(url->path, "/base/");
  EXPECT_EQ(parse_url("https://h:443")->authority(), "h");
  EXPECT_FALSE(parse_url("ftp://h"));
  EXPECT_FALSE(parse_url("h"));
  const auto with_user = parse_url("https://me:secret@h");
  ASSERT_FALSE(with_user);
  EXPECT_EQ(with_user.error().message.find("secret"), std::string::npos);
}

TEST(Uri, DecodesWhatItEncodes) {
  std::string all;
  for (int c = 1; c < 256; ++c) all += static_cast<char>(c);
  EXPECT_EQ(percent_decode(percent_encode(all)), all);
  EXPECT_EQ(percent_encode("a b+=/~"), "a%20b%2B%3D%2F~");
}

}  // namespace
}  // namespace hpo::aws
