#include "engine/aws/sigv4.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <map>

#include "objectives/error.h"
#include "objectives/plain_text.h"
#include "objectives/sha256.h"

namespace hpo::aws {
namespace {

Digest hmac(std::string_view key, std::string_view text) {
  Digest digest = {};
  unsigned int size = digest.size();
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  check(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, text.size(),
             digest.data(), &size) != nullptr,
        "HMAC-SHA-256 failed");
  return digest;
}

Digest hmac(const Digest& key, std::string_view text) {
  return hmac({reinterpret_cast<const char*>(key.data()), key.size()}, text);
}

/// Trimmed, with runs of blanks as one.
std::string canonical_value(std::string_view value) {
  std::string result;
  for (const char c : value) {
    const bool is_blank = c == ' ' || c == '\t';
    if (is_blank && (result.empty() || result.back() == ' ')) continue;
    result += is_blank ? ' ' : c;
  }
  if (!result.empty() && result.back() == ' ') result.pop_back();
  return result;
}

/// Name → values joined by commas, in the order of the names.
std::map<std::string, std::string> canonical_headers(const std::vector<Header>& headers) {
  std::map<std::string, std::string> sorted;
  for (const auto& header : headers) {
    auto [at, is_new] = sorted.emplace(lower(header.name), canonical_value(header.value));
    if (!is_new) at->second += "," + canonical_value(header.value);
  }
  return sorted;
}

std::string signed_names(const std::map<std::string, std::string>& headers) {
  std::string names;
  for (const auto& [name, value] : headers) {
    if (!names.empty()) names += ';';
    names += name;
  }
  return names;
}

/// RFC 3986, 5.2.4: without `.` and `..`, and without empty segments.
std::string normalised(std::string_view path) {
  std::vector<std::string_view> kept;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view segment = path.substr(begin, end - begin);
    if (segment == ".." && !kept.empty()) kept.pop_back();
    if (!segment.empty() && segment != "." && segment != "..") kept.push_back(segment);
    begin = end + 1;
  }
  std::string result;
  for (const auto segment : kept) result.append("/").append(segment);
  if (result.empty() || path.ends_with('/')) result += '/';
  return result;
}

std::string scope_text(const SigningScope& scope) {
  return fmt::format("{}/{}/{}/aws4_request", amz_date(scope.time).substr(0, 8), scope.region,
                     scope.service);
}

std::string signature(const Credentials& credentials, const SigningScope& scope,
                      const std::string& text) {
  const Digest date =
      hmac("AWS4" + credentials.secret_access_key, amz_date(scope.time).substr(0, 8));
  const Digest key = hmac(hmac(hmac(date, scope.region), scope.service), "aws4_request");
  return hex(hmac(key, text));
}

}  // namespace

std::string amz_date(TimePoint time) {
  return fmt::format("{:%Y%m%dT%H%M%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

std::string canonical_request(const Signable& request, bool is_s3) {
  const auto headers = canonical_headers(request.headers);
  std::string lines;
  for (const auto& [name, value] : headers) lines += fmt::format("{}:{}\n", name, value);
  std::string path = request.path.empty() ? "/" : request.path;
  if (!is_s3) path = encode_path(normalised(path));
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, path, canonical_query(request.query),
                     lines, signed_names(headers), request.payload_hash);
}

std::string string_to_sign(const std::string& canonical, const SigningScope& scope) {
  return fmt::format("AWS4-HMAC-SHA256\n{}\n{}\n{}", amz_date(scope.time), scope_text(scope),
                     hex(sha256(canonical)));
}

std::vector<Header> sign(Signable request, const Credentials& credentials,
                         const SigningScope& scope) {
  const bool is_s3 = scope.service == "s3";
  std::vector<Header> added = {{"X-Amz-Date", amz_date(scope.time)}};
  if (!credentials.session_token.empty()) {
    added.push_back({"X-Amz-Security-Token", credentials.session_token});
  }
  if (is_s3) added.push_back({"X-Amz-Content-Sha256", request.payload_hash});
  request.headers.insert(request.headers.end(), added.begin(), added.end());
  const std::string text = string_to_sign(canonical_request(request, is_s3), scope);
  added.push_back({"Authorization",
                   fmt::format("AWS4-HMAC-SHA256 Credential={}/{}, SignedHeaders={}, Signature={}",
                               credentials.access_key_id, scope_text(scope),
                               signed_names(canonical_headers(request.headers)),
                               signature(credentials, scope, text))});
  return added;
}

}  // namespace hpo::aws
