#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/aws/client.h"

namespace hpo::aws {

/// `s3://bucket/key`.
struct S3Uri {
  std::string bucket = {};
  std::string key = {};  ///< may be empty, or end with a slash: a prefix

  [[nodiscard]] std::string text() const { return "s3://" + bucket + "/" + key; }
  /// The same bucket, the key with more behind it.
  [[nodiscard]] S3Uri operator/(const std::string& more) const;
  bool operator==(const S3Uri&) const = default;
};

/// Error: usage, where it is none.
Result<S3Uri> parse_s3_uri(const std::string& text);

struct ObjectInfo {
  std::string key = {};
  std::int64_t size = 0;
  std::string etag = {};
};

struct PutOptions {
  std::string content_type = "application/octet-stream";
  bool only_new = false;  ///< If-None-Match: *
};

/// Objects of S3. A bucket of another region is found there, and known there from then on.
class S3 {
 public:
  explicit S3(Client& client) : client_(client) {}

  /// Returns false where `only_new` met an object that is there already.
  boost::asio::awaitable<Result<bool>> put(S3Uri uri, std::string body, PutOptions options);
  /// Nothing where there is no such object. `range`: first and last byte.
  boost::asio::awaitable<Result<std::optional<std::string>>> get(
      S3Uri uri, std::optional<std::pair<std::int64_t, std::int64_t>> range = {});
  /// The object unless its entity tag still is `etag` (If-None-Match); nothing where it is, or
  /// where there is no object.
  boost::asio::awaitable<Result<std::optional<std::string>>> get_changed(S3Uri uri,
                                                                         std::string etag);
  boost::asio::awaitable<Result<std::optional<ObjectInfo>>> head(S3Uri uri);
  /// All objects whose keys begin with the URI's.
  boost::asio::awaitable<Result<std::vector<ObjectInfo>>> list(S3Uri prefix);
  boost::asio::awaitable<Result<void>> remove(S3Uri uri);

  /// Sends a call of an operation on an object (or, with an empty key, on the bucket), to the
  /// bucket's region.
  boost::asio::awaitable<Answer> send(const S3Uri& uri, Call& call);

  [[nodiscard]] Client& client() const { return client_; }

 private:
  Client& client_;
  std::map<std::string, std::string> regions_ = {};  ///< bucket → region, where not the client's
};

}  // namespace hpo::aws
