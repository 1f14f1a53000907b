#include "trainers/images/jpeg.h"

#include <fmt/format.h>
#include <turbojpeg.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include "trainers/images/file_bytes.h"
#include "trainers/images/orientation.h"

namespace hpo {
namespace {

using Bytes = std::span<const std::uint8_t>;

struct DestroyHandle {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using Handle = std::unique_ptr<void, DestroyHandle>;

Error bad_image(std::string_view name, const std::string& reason) {
  return Error{.code = ErrorCode::corrupt,
               .message = name.empty() ? reason : fmt::format("{}: {}", name, reason),
               .hint = name.empty() ? "" : "convert it to a JPEG again, or remove it"};
}

/// How other formats begin, at an offset.
struct Signature {
  std::size_t offset;
  std::string_view bytes;
  std::string_view name;
};
constexpr std::array kSignatures = {
    Signature{0, "\x89PNG", "a PNG"},
    Signature{0, "GIF8", "a GIF"},
    Signature{8, "WEBP", "a WebP image"},
    Signature{4, "ftypavif", "an AVIF image"},
    Signature{4, "ftypheic", "a HEIC image"},
    Signature{4, "ftyp", "a HEIF image or a video"},
    Signature{0, "BM", "a BMP"},
    Signature{0, std::string_view("II*\0", 4), "a TIFF"},
    Signature{0, std::string_view("MM\0*", 4), "a TIFF"},
    Signature{0, std::string_view("\0\0\0\x0CjP", 6), "a JPEG 2000"},
    Signature{0, "\xFF\x0A", "a JPEG XL"},
    Signature{0, "%PDF", "a PDF"},
    Signature{0, "PK\x03\x04", "a ZIP archive"},
    Signature{0, "<", "a text file (HTML or XML)"},
    Signature{0, "{", "a text file"},
    Signature{0, "version https://git-lfs", "a Git LFS pointer"},
};

/// What data without a JPEG's first bytes is.
std::string describe_other(Bytes bytes) {
  if (bytes.empty()) return "is empty (0 bytes)";
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  for (const auto& [offset, signature, name] : kSignatures) {
    if (text.size() > offset && text.substr(offset).starts_with(signature)) {
      return fmt::format("is {}, expected a JPEG", name);
    }
  }
  const bool all_zero = text.find_first_not_of('\0') == std::string_view::npos;
  return all_zero ? "holds only zero bytes, expected a JPEG" : "is not a JPEG";
}

/// Whether the end-of-image marker is missing where it should be (a little may follow it).
bool ends_early(Bytes bytes) {
  constexpr std::size_t kTail = 1024;
  constexpr std::array<std::uint8_t, 2> kEnd = {0xFF, 0xD9};
  const Bytes tail = bytes.size() > kTail ? bytes.last(kTail) : bytes;
  return std::search(tail.begin(), tail.end(), kEnd.begin(), kEnd.end()) == tail.end();
}

/// The reason in the decoder's last message.
std::string describe_failure(void* handle, Bytes bytes) {
  const std::string_view text = tjGetErrorStr2(handle);
  const bool cut = ends_early(bytes) || text.find("remature end") != std::string_view::npos;
  return fmt::format("is {} ({})", cut ? "a truncated JPEG" : "a damaged JPEG", text);
}

/// Cameras and editors leave stray bytes between segments; every viewer shows such a photo whole.
bool is_harmless(void* handle) {
  const std::string_view text = tjGetErrorStr2(handle);
  return tjGetErrorCode(handle) == TJERR_WARNING &&
         text.find("extraneous bytes") != std::string_view::npos;
}

/// RGB of CMYK as Adobe stores it: every channel inverted, 255 is no ink.
void cmyk_to_rgb(std::span<const std::uint8_t> cmyk, std::span<std::uint8_t> rgb) {
  for (std::size_t i = 0; i < rgb.size() / 3; ++i) {
    const unsigned black = cmyk[i * 4 + 3];
    for (std::size_t c = 0; c < 3; ++c) {
      rgb[i * 3 + c] = static_cast<std::uint8_t>((cmyk[i * 4 + c] * black + 127) / 255);
    }
  }
}

bool decompress(void* handle, Bytes bytes, Image& image, std::uint8_t* to, int pixel_format) {
  const int failed =
      tjDecompress2(handle, bytes.data(), bytes.size(), to, image.width, 0, image.height,
                    pixel_format, TJFLAG_LIMITSCANS);  // a few bytes of scans may cost hours
  return failed == 0 || is_harmless(handle);
}

bool decompress_any(void* handle, Bytes bytes, int colorspace, Image& image) {
  image.rgb.resize(rgb_bytes(image.width, image.height));
  if (colorspace != TJCS_CMYK && colorspace != TJCS_YCCK) {
    return decompress(handle, bytes, image, image.rgb.data(), TJPF_RGB);
  }
  std::vector<std::uint8_t> cmyk(image.rgb.size() / 3 * 4);
  if (!decompress(handle, bytes, image, cmyk.data(), TJPF_CMYK)) return false;
  cmyk_to_rgb(cmyk, image.rgb);
  return true;
}

}  // namespace

Result<Image> decode_jpeg(std::span<const std::uint8_t> bytes, std::string_view name,
                          std::int64_t max_pixels) {
  if (bytes.size() < 3 || bytes[0] != 0xFF || bytes[1] != 0xD8 || bytes[2] != 0xFF) {
    return bad_image(name, describe_other(bytes));
  }
  const Handle handle(tjInitDecompress());
  check(handle != nullptr, "libturbojpeg gives no decoder");
  Image image;
  int subsampling = 0;
  int colorspace = 0;
  if (tjDecompressHeader3(handle.get(), bytes.data(), bytes.size(), &image.width, &image.height,
                          &subsampling, &colorspace) != 0 &&
      !is_harmless(handle.get())) {
    return bad_image(name, describe_failure(handle.get(), bytes));
  }
  if (std::int64_t{image.width} * image.height > max_pixels) {
    return bad_image(name, fmt::format("has {} x {} pixels, at most {} million are read",
                                       image.width, image.height, max_pixels / 1'000'000));
  }
  if (!decompress_any(handle.get(), bytes, colorspace, image)) {
    return bad_image(name, describe_failure(handle.get(), bytes));
  }
  return upright(std::move(image), exif_orientation(bytes));
}

Result<Image> read_jpeg(const std::filesystem::path& path) {
  auto bytes = read_file_bytes(path);
  if (!bytes) return bytes.error();
  return decode_jpeg(*bytes, path.string());
}

Result<std::vector<std::uint8_t>> encode_jpeg(const Image& image, int quality) {
  check(image.rgb.size() == rgb_bytes(image.width, image.height) && !image.rgb.empty(),
        "encode_jpeg of an image without pixels");
  const Handle handle(tjInitCompress());
  check(handle != nullptr, "libturbojpeg gives no encoder");
  std::vector<std::uint8_t> bytes(tjBufSize(image.width, image.height, TJSAMP_420));
  unsigned char* to = bytes.data();
  unsigned long size = bytes.size();
  if (tjCompress2(handle.get(), image.rgb.data(), image.width, 0, image.height, TJPF_RGB, &to,
                  &size, TJSAMP_420, quality, TJFLAG_NOREALLOC) != 0) {
    return Error{.code = ErrorCode::environment,
                 .message = fmt::format("cannot encode a JPEG of {} x {} pixels: {}", image.width,
                                        image.height, tjGetErrorStr2(handle.get()))};
  }
  bytes.resize(size);
  return bytes;
}

Result<void> write_jpeg(const std::filesystem::path& path, const Image& image, int quality) {
  auto bytes = encode_jpeg(image, quality);
  if (!bytes) return bytes.error();
  return write_file_bytes(path, *bytes);
}

}  // namespace hpo
