#include "trainers/images/photo_signature.h"

#include <cmath>
#include <cstddef>

#include "trainers/images/resize.h"

namespace hpo {
namespace {

constexpr int kSide = 16;
constexpr double kPlain = 0.1;  // of a length; one grey level in one place is 1

/// Rec. 601 luma.
float luma(const std::uint8_t* rgb) {
  return 0.299F * static_cast<float>(rgb[0]) + 0.587F * static_cast<float>(rgb[1]) +
         0.114F * static_cast<float>(rgb[2]);
}

}  // namespace

PhotoSignature photo_signature(const Image& photo) {
  const Image small = resize(photo, kSide, kSide);
  PhotoSignature signature = {};
  double mean = 0;
  for (std::size_t i = 0; i < signature.size(); ++i) {
    signature[i] = luma(small.rgb.data() + 3 * i);
    mean += signature[i] / static_cast<double>(signature.size());
  }
  double squares = 0;
  for (float& value : signature) {
    value -= static_cast<float>(mean);
    squares += static_cast<double>(value) * value;
  }
  const double length = std::sqrt(squares);
  for (float& value : signature) {
    value = length < kPlain ? 0 : static_cast<float>(value / length);
  }
  return signature;
}

float resemblance(const PhotoSignature& a, const PhotoSignature& b) {
  float sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace hpo
