#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace hpo {

/// A SHA-256 sum (FIPS 180-4).
using Digest = std::array<std::uint8_t, 32>;

/// 64 hexadecimal digits, lower case.
std::string hex(const Digest& digest);

/// SHA-256 of the text.
Digest sha256(std::string_view text);

/// SHA-256 of bytes that come in pieces.
class Sha256 {
 public:
  Sha256();
  void update(std::string_view bytes);
  /// Once, at the end.
  Digest digest();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace hpo
