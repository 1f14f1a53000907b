#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "objectives/error.h"

namespace hpo::aws {

/// Percent-encodes all but A-Z a-z 0-9 - _ . ~, as Signature Version 4 wants it.
std::string percent_encode(std::string_view text);
/// The same for a path: slashes stay.
std::string encode_path(std::string_view path);
std::string percent_decode(std::string_view text);

/// Names and values of a query, not encoded.
using Query = std::vector<std::pair<std::string, std::string>>;

/// The query encoded and sorted, `name=` where the value is empty: both what is sent and what is
/// signed.
std::string canonical_query(const Query& query);

/// An http or https address.
struct Url {
  std::string scheme = {};
  std::string host = {};
  std::string port = {};  ///< empty: the scheme's own
  std::string path = {};  ///< encoded; empty where there is none
  std::string query = {};

  /// `host` or `host:port`, as the Host header has it.
  [[nodiscard]] std::string authority() const;
  /// `scheme://host:port`
  [[nodiscard]] std::string origin() const;
  bool operator==(const Url&) const = default;
};

/// Error: usage, where it is no http or https address or holds a user name.
Result<Url> parse_url(const std::string& text);

}  // namespace hpo::aws
