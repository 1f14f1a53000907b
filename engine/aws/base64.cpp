#include "engine/aws/base64.h"

#include <openssl/evp.h>

#include <array>

namespace hpo::aws {

std::string base64(const Digest& digest) {
  std::array<unsigned char, 4 * ((sizeof(Digest) + 2) / 3) + 1> text = {};
  const int size = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(digest.size()));
  return {reinterpret_cast<const char*>(text.data()), static_cast<std::size_t>(size)};
}

}  // namespace hpo::aws
