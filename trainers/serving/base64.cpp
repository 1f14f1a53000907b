#include "trainers/serving/base64.h"

#include <openssl/evp.h>

#include <limits>
#include <memory>

namespace hpo::serving {
namespace {

struct FreeContext {
  void operator()(EVP_ENCODE_CTX* context) const { EVP_ENCODE_CTX_free(context); }
};

}  // namespace

Result<std::vector<std::uint8_t>> decode_base64(std::string_view text) {
  const Error bad{.code = ErrorCode::usage, .message = "the body is no base64 text"};
  // A `-` would end the text for OpenSSL (it is PEM's mark), and hide what follows.
  const bool is_text = text.find('-') == std::string_view::npos;
  if (!is_text || text.size() > std::numeric_limits<int>::max() / 2) return bad;
  const std::unique_ptr<EVP_ENCODE_CTX, FreeContext> context(EVP_ENCODE_CTX_new());
  check(context != nullptr, "OpenSSL gives no base64 decoder");
  std::vector<std::uint8_t> bytes(text.size() / 4 * 3 + 3);
  int size = 0;
  int rest = 0;
  EVP_DecodeInit(context.get());
  if (EVP_DecodeUpdate(context.get(), bytes.data(), &size,
                       reinterpret_cast<const unsigned char*>(text.data()),
                       static_cast<int>(text.size())) < 0 ||
      EVP_DecodeFinal(context.get(), bytes.data() + size, &rest) < 0) {
    return bad;
  }
  bytes.resize(static_cast<std::size_t>(size + rest));
  return bytes;
}

}  // namespace hpo::serving
