#include "engine/aws/s3.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/use_awaitable.hpp>
#include <cctype>
#include <charconv>

#include "engine/aws/xml.h"
#include "objectives/base64.h"
#include "objectives/sha256.h"

namespace hpo::aws {
namespace {

namespace asio = boost::asio;

/// S3 answers a request in the wrong region once or twice with the right one, not in a circle.
constexpr int kMostRedirects = 3;

std::int64_t integer_of(const std::string& text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// Names that may stand before the service's host: those with dots break TLS there.
bool fits_host(const std::string& bucket) {
  return std::all_of(bucket.begin(), bucket.end(), [](char c) {
    return std::islower(static_cast<unsigned char>(c)) != 0 ||
           std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '-';
  });
}

/// Where the bucket really is, if the answer says so.
std::string other_region(const Answer& answer, const std::string& asked) {
  const bool may_redirect =
      answer.failure && (answer.failure->status / 100 == 3 || answer.failure->status == 400);
  if (!may_redirect) return {};
  std::string region = answer.response.header("x-amz-bucket-region");
  if (region.empty() && answer.failure->is("AuthorizationHeaderMalformed")) {
    if (const auto root = parse_xml(answer.response.body)) region = root->text_at("Region");
  }
  return region == asked ? std::string() : region;
}

Error explained(const Failure& failure, const S3Uri& uri) {
  Error error = to_error(failure);
  error.message = uri.text() + ": " + error.message;
  return error;
}

ObjectInfo listed(const XmlNode& node) {
  return {.key = percent_decode(node.text_at("Key")),
          .size = integer_of(node.text_at("Size")),
          .etag = node.text_at("ETag")};
}

}  // namespace

S3Uri S3Uri::operator/(const std::string& more) const {
  S3Uri longer = *this;
  if (!longer.key.empty() && !longer.key.ends_with('/')) longer.key += '/';
  longer.key += more;
  return longer;
}

Result<S3Uri> parse_s3_uri(const std::string& text) {
  constexpr std::string_view kScheme = "s3://";
  S3Uri uri;
  if (text.starts_with(kScheme)) {
    const std::string rest = text.substr(kScheme.size());
    const auto slash = std::min(rest.find('/'), rest.size());
    uri.bucket = rest.substr(0, slash);
    uri.key = slash < rest.size() ? rest.substr(slash + 1) : std::string();
  }
  const bool is_bucket = uri.bucket.size() >= 3 && uri.bucket.size() <= 63 &&
                         uri.bucket.find_first_not_of(
                             "abcdefghijklmnopqrstuvwxyz0123456789.-_"
                             "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos;
  if (is_bucket) return uri;
  return Error{.message = fmt::format("\"{}\" is no S3 URI", text),
               .hint = "write it as s3://bucket/folder"};
}

asio::awaitable<Answer> S3::send(const S3Uri& uri, Call& call) {
  call.service = Service::s3;
  const auto endpoint = endpoint_of(client_.settings(), Service::s3, client_.region());
  const bool by_path = (endpoint && endpoint->is_custom) || !fits_host(uri.bucket);
  call.host_prefix = by_path ? "" : uri.bucket + ".";
  call.path = (by_path ? "/" + percent_encode(uri.bucket) : "") +
              (by_path && uri.key.empty() ? "" : "/" + encode_path(uri.key));
  const auto known = regions_.find(uri.bucket);
  call.region = known == regions_.end() ? client_.region() : known->second;
  for (int redirects = 0;; ++redirects) {
    Answer answer = co_await client_.send(call);
    const std::string region = other_region(answer, call.region);
    if (region.empty() || redirects == kMostRedirects) co_return answer;
    regions_[uri.bucket] = region;
    call.region = region;
    if (call.on_retry) call.on_retry();
  }
}

asio::awaitable<Result<bool>> S3::put(S3Uri uri, std::string body, PutOptions options) {
  Call call{.operation = "PutObject", .method = "PUT"};
  const Digest digest = sha256(body);
  call.payload_hash = hex(digest);
  call.headers = {{"Content-Type", options.content_type},
                  {"x-amz-checksum-sha256", base64(digest)}};
  if (options.only_new) call.headers.push_back({"If-None-Match", "*"});
  call.body = std::move(body);
  const Answer answer = co_await send(uri, call);
  if (answer) co_return true;
  if (options.only_new && answer.failure->status == 412) co_return false;
  co_return explained(*answer.failure, uri);
}

asio::awaitable<Result<std::optional<std::string>>> S3::get(
    S3Uri uri, std::optional<std::pair<std::int64_t, std::int64_t>> range) {
  Call call{.operation = "GetObject", .method = "GET"};
  if (range) {
    call.headers.push_back({"Range", fmt::format("bytes={}-{}", range->first, range->second)});
  } else {
    call.headers.push_back({"x-amz-checksum-mode", "ENABLED"});
  }
  Answer answer = co_await send(uri, call);
  if (!answer) {
    if (is_missing(*answer.failure)) co_return std::optional<std::string>();
    co_return explained(*answer.failure, uri);
  }
  const std::string sum = answer.response.header("x-amz-checksum-sha256");
  const bool is_whole = !sum.empty() && sum.find('-') == std::string::npos;  // not of parts
  if (!range && is_whole && sum != base64(sha256(answer.response.body))) {
    co_return Error{.code = ErrorCode::corrupt,
                    .message = uri.text() + ": its bytes do not have its checksum",
                    .hint = "try again; if it stays so, the object is damaged"};
  }
  co_return std::optional<std::string>(std::move(answer.response.body));
}

asio::awaitable<Result<std::optional<std::string>>> S3::get_changed(S3Uri uri, std::string etag) {
  Call call{.operation = "GetObject", .method = "GET", .headers = {{"If-None-Match", etag}}};
  Answer answer = co_await send(uri, call);
  if (!answer) {
    if (is_missing(*answer.failure)) co_return std::optional<std::string>();
    co_return explained(*answer.failure, uri);
  }
  if (answer.response.status == 304) co_return std::optional<std::string>();
  co_return std::optional<std::string>(std::move(answer.response.body));
}

asio::awaitable<Result<std::optional<ObjectInfo>>> S3::head(S3Uri uri) {
  Call call{.operation = "HeadObject", .method = "HEAD"};
  const Answer answer = co_await send(uri, call);
  if (!answer) {
    if (is_missing(*answer.failure)) co_return std::optional<ObjectInfo>();
    co_return explained(*answer.failure, uri);
  }
  co_return std::optional<ObjectInfo>(
      ObjectInfo{.key = uri.key,
                 .size = integer_of(answer.response.header("content-length")),
                 .etag = answer.response.header("etag")});
}

asio::awaitable<Result<std::vector<ObjectInfo>>> S3::list(S3Uri prefix) {
  const S3Uri bucket{.bucket = prefix.bucket};
  std::vector<ObjectInfo> objects;
  for (std::string token;;) {
    Call call{.operation = "ListObjectsV2", .method = "GET"};
    call.query = {{"list-type", "2"}, {"encoding-type", "url"}, {"prefix", prefix.key}};
    if (!token.empty()) call.query.emplace_back("continuation-token", token);
    const Answer answer = co_await send(bucket, call);
    if (!answer) co_return explained(*answer.failure, prefix);
    const auto root = parse_xml(answer.response.body);
    if (!root) {
      co_return Error{.code = ErrorCode::environment,
                      .message = prefix.text() + ": S3 answered a listing that is no XML",
                      .hint = "is AWS_ENDPOINT_URL_S3 right?"};
    }
    for (const auto& node : root->children) {
      if (node.name == "Contents") objects.push_back(listed(node));
    }
    token = root->text_at("NextContinuationToken");
    if (root->text_at("IsTruncated") != "true" || token.empty()) co_return objects;
  }
}

asio::awaitable<Result<void>> S3::remove(S3Uri uri) {
  Call call{.operation = "DeleteObject", .method = "DELETE"};
  const Answer answer = co_await send(uri, call);
  if (!answer) co_return explained(*answer.failure, uri);
  co_return Result<void>();
}

}  // namespace hpo::aws
