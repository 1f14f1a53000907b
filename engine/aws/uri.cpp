#include "engine/aws/uri.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <memory>

namespace hpo::aws {
namespace {

bool is_unreserved(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (std::isalnum(byte) != 0 && byte < 0x80) || c == '-' || c == '_' || c == '.' || c == '~';
}

std::string encode(std::string_view text, std::string_view kept) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c) || kept.find(c) != std::string_view::npos) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += kDigits[byte >> 4U];
    encoded += kDigits[byte & 15U];
  }
  return encoded;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

struct Cleanup {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK || text == nullptr) return {};
  std::string copy = text;
  curl_free(text);
  return copy;
}

}  // namespace

std::string percent_encode(std::string_view text) { return encode(text, ""); }
std::string encode_path(std::string_view path) { return encode(path, "/"); }

std::string percent_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                           hex_digit(text[i + 2]) >= 0;
    if (!is_escape) {
      decoded += text[i];
      continue;
    }
    decoded += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
    i += 2;
  }
  return decoded;
}

std::string canonical_query(const Query& query) {
  std::vector<std::pair<std::string, std::string>> encoded;
  encoded.reserve(query.size());
  for (const auto& [name, value] : query) {
    encoded.emplace_back(percent_encode(name), percent_encode(value));
  }
  std::sort(encoded.begin(), encoded.end());
  std::string text;
  for (const auto& [name, value] : encoded) {
    if (!text.empty()) text += '&';
    text += name;
    text += '=';
    text += value;
  }
  return text;
}

std::string Url::authority() const {
  const bool is_plain =
      port.empty() || (scheme == "https" && port == "443") || (scheme == "http" && port == "80");
  return is_plain ? host : host + ":" + port;
}

std::string Url::origin() const { return scheme + "://" + authority(); }

Result<Url> parse_url(const std::string& text) {
  const std::unique_ptr<CURLU, Cleanup> handle(curl_url());
  const bool is_parsed = handle && curl_url_set(handle.get(), CURLUPART_URL, text.c_str(),
                                                CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK;
  Url url;
  if (is_parsed) {
    url = {.scheme = part_of(handle.get(), CURLUPART_SCHEME),
           .host = part_of(handle.get(), CURLUPART_HOST),
           .port = part_of(handle.get(), CURLUPART_PORT),
           .path = part_of(handle.get(), CURLUPART_PATH),
           .query = part_of(handle.get(), CURLUPART_QUERY)};
  }
  const bool is_web = url.scheme == "http" || url.scheme == "https";
  if (!is_web || url.host.empty()) {
    return Error{.message = fmt::format("\"{}\" is no address", text),
                 .hint = "write it as https://host or http://host:port"};
  }
  if (!part_of(handle.get(), CURLUPART_USER).empty()) {
    return Error{.message = fmt::format("the address of {} holds a user name", url.host),
                 .hint = "leave it out: requests are signed"};
  }
  if (url.path == "/") url.path.clear();
  return url;
}

}  // namespace hpo::aws
