#include "trainers/images/digest.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include "objectives/error.h"

namespace hpo {

Digest sha256(std::string_view text) {
  Digest digest = {};
  const int ok =
      EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  check(ok == 1, "libcrypto has no SHA-256");
  return digest;
}

std::string hex(const Digest& digest) {
  std::string text;
  for (const auto byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace hpo
