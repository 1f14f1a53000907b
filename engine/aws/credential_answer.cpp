#include "engine/aws/credential_answer.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "engine/aws/xml.h"
#include "objectives/json.h"

namespace hpo::aws {
namespace {

Error unusable(const std::string& source) {
  return {.code = ErrorCode::environment,
          .message = fmt::format("{} gave no AWS keys that can be used", source),
          .hint =
              "expected AccessKeyId, SecretAccessKey, and with temporary keys a token and "
              "Expiration"};
}

Result<Credentials> checked(Credentials credentials, const std::string& expiration) {
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty()) {
    return unusable(credentials.source);
  }
  credentials.obtained =
      std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  if (expiration.empty()) return credentials;
  credentials.expires = time_from(expiration);
  if (!credentials.expires) return unusable(credentials.source);
  return credentials;
}

}  // namespace

std::optional<TimePoint> time_from(const std::string& text) {
  constexpr std::size_t kSeconds = 19;  // 2026-01-01T00:00:00
  if (text.size() < kSeconds) return std::nullopt;
  const auto utc = from_iso8601(text.substr(0, kSeconds) + ".000Z");
  if (!utc) return std::nullopt;
  const auto sign = text.find_first_of("+-", kSeconds);
  if (sign == std::string::npos) return utc;
  int hours = 0;
  int minutes = 0;
  if (std::sscanf(text.c_str() + sign + 1, "%2d:%2d", &hours, &minutes) < 1) return std::nullopt;
  const auto offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
  return text[sign] == '-' ? *utc + offset : *utc - offset;
}

Result<Credentials> credentials_from_json(const std::string& text, const std::string& source) {
  const auto json = parse_json(text);
  if (!json || !json->is_object()) return unusable(source);
  const auto field = [&](const char* name) {
    const auto at = json->find(name);
    return at != json->end() && at->is_string() ? at->get<std::string>() : std::string();
  };
  Credentials credentials{.access_key_id = field("AccessKeyId"),
                          .secret_access_key = field("SecretAccessKey"),
                          .session_token = field("SessionToken"),
                          .source = source};
  if (credentials.session_token.empty()) credentials.session_token = field("Token");
  return checked(std::move(credentials), field("Expiration"));
}

Result<Credentials> credentials_from_sts(const std::string& text, const std::string& operation,
                                         const std::string& source) {
  const auto root = parse_xml(text);
  if (!root) return unusable(source);
  const auto field = [&](const char* name) {
    return root->text_at(operation + "Result/Credentials/" + name);
  };
  return checked({.access_key_id = field("AccessKeyId"),
                  .secret_access_key = field("SecretAccessKey"),
                  .session_token = field("SessionToken"),
                  .source = source},
                 field("Expiration"));
}

}  // namespace hpo::aws
