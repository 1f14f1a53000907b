// Bodies of every kind, and what only looks like one.

#include "trainers/serving/pictures.h"

#include <gmock/gmock.h>

#include <random>

#include "tests/trainers/images/png_files.h"
#include "trainers/serving/base64.h"
#include "trainers/serving/tensor_json.h"

namespace hpo::serving {
namespace {

using testing::HasSubstr;

constexpr PictureLimits kLimits{.image_size = 4, .max_pixels = 1'000'000, .max_photos = 3};

std::string text_of(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

std::string problem(Payload payload, const std::string& body) {
  const auto pictures = read_pictures(payload, body, kLimits);
  return pictures ? "" : pictures.error().message;
}

const Bytes kPixel = png_of(plain(1, 1, 9, 9, 9));

std::string base64(const Bytes& bytes) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8 | (i + k < bytes.size() ? bytes[i + k] : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      const bool is_padding = i + k > bytes.size();
      text += is_padding ? '=' : kDigits[group >> (18 - 6 * k) & 63];
    }
  }
  return text;
}

TEST(Base64, ReadsTextWithLineBreaksAndRefusesTheRest) {
  EXPECT_EQ(*decode_base64("aHBv"), (Bytes{'h', 'p', 'o'}));
  EXPECT_EQ(*decode_base64("aH\nBv\r\nYg==\n"), (Bytes{'h', 'p', 'o', 'b'}));
  EXPECT_EQ(*decode_base64(""), Bytes{});
  for (const char* bad : {"aHB", "aHB*", "a-Bv", "aHBv====", "Yg==aHBv", "\xff\xff\xff\xff"}) {
    EXPECT_FALSE(decode_base64(bad)) << bad;
  }
}

TEST(Pictures, AreStretchedToTheNetworksSize) {
  for (const auto& body : {text_of(jpeg_bytes()), text_of(png_of(plain(30, 2, 9, 9, 9)))}) {
    const auto pictures = read_pictures(Payload::picture, body, kLimits);
    ASSERT_TRUE(pictures) << pictures.error().message;
    ASSERT_EQ(pictures->photos.size(), 1U);
    EXPECT_EQ(pictures->photos[0].width, 4);
    EXPECT_EQ(pictures->photos[0].height, 4);
    EXPECT_FALSE(pictures->is_list);
  }
}

TEST(Pictures, InBase64AreThePicturesThemselves) {
  const auto plainly = read_pictures(Payload::picture, text_of(jpeg_bytes(3)), kLimits);
  const auto encoded = read_pictures(Payload::base64_picture, base64(jpeg_bytes(3)), kLimits);
  ASSERT_TRUE(encoded) << encoded.error().message;
  EXPECT_EQ(plainly->photos, encoded->photos);
}

TEST(Pictures, AsTensorsAreTheirPixels) {
  const auto one = read_pictures(Payload::tensors, "[[[9,8,7]]]", kLimits);
  ASSERT_TRUE(one) << one.error().message;
  EXPECT_EQ(one->photos[0], plain(4, 4, 9, 8, 7));
  EXPECT_FALSE(one->is_list);
  const std::string list = R"({"instances":[[[[1,2,3.4]]],{"b64":")" + base64(kPixel) + "\"}]}";
  const auto two = read_pictures(Payload::tensors, list, kLimits);
  ASSERT_TRUE(two) << two.error().message;
  EXPECT_TRUE(two->is_list);
  EXPECT_EQ(two->photos, (std::vector<Image>{plain(4, 4, 1, 2, 3), plain(4, 4, 9, 9, 9)}));
}

TEST(Pictures, ThatAreNoneAreRefusedWithAReason) {
  EXPECT_EQ(problem(Payload::picture, ""), "the picture: is empty (0 bytes)");
  EXPECT_THAT(problem(Payload::picture, "GIF89a"), HasSubstr("a GIF"));
  const Bytes whole = jpeg_bytes(0, 200, 200);
  const Bytes half(whole.begin(), whole.begin() + static_cast<long>(whole.size() / 2));
  EXPECT_THAT(problem(Payload::picture, text_of(half)), HasSubstr("truncated"));
  EXPECT_THAT(problem(Payload::picture, text_of(with_size(kPixel, 50'000, 50'000))),
              HasSubstr("at most 1 million"));
  EXPECT_EQ(problem(Payload::base64_picture, "not base64!"), "the body is no base64 text");
  EXPECT_THAT(problem(Payload::base64_picture, "aHBv"), HasSubstr("not a JPEG"));
}

TEST(Pictures, SayWhereATensorIsWrong) {
  const std::pair<const char*, const char*> wrong[] = {
      {"", "it is no JSON"},
      {"[[[1,2,3]]", "it is no JSON"},
      {"5", "a number is no photo"},
      {"null", "null is no photo"},
      {"\"x\"", "a string is no photo"},
      {"[]", "a photo has no rows"},
      {"[[]]", "a row has no pixels"},
      {"[[[1,2]]]", "a pixel has 3 channels, got 2"},
      {"[[[1,2,3,4]]]", "a pixel has 3 channels, got 4"},
      {"[[[1,2,3]],[[1,2,3],[1,2,3]]]", "not equally long"},
      {"[[[1,2,256]]]", "from 0 to 255, got 256"},
      {"[[[1,2,-1]]]", "from 0 to 255, got -1"},
      {"[[[0.5,0.25,1]]]", "between 0 and 1"},
      {"[1,2,3]", "height x width x 3"},
      {"[[[[1,2,3]]]]", "three levels"},
      {"{}", "it has no photos"},
      {"{\"instances\":[]}", "it has no photos"},
      {"{\"instances\":5}", "a number is no photo"},
      {"{\"instances\":{}}", "an object stands"},
      {"{\"inputs\":[]}", "the keys are instances"},
      {"{\"instances\":[{\"b64\":5}]}", "a number is no photo"},
      {"{\"instances\":[{}]}", "has the key b64"},
      {"{\"instances\":[{\"b64\":\"aHBv\",\"b64\":\"aHBv\"}]}", "once each"},
      {"{\"instances\":[[[[1,2,3]]]],\"instances\":[]}", "once each"},
      {"{\"instances\":[[[[1,2,3]]],[[[1,2]]]]}", "photo 1: a pixel"},
      {"{\"instances\":[[[[1,2,3]]],[[[1,2,3]]],[[[1,2,3]]],[[[1,2,3]]]]}", "at most 3 photos"},
      {"{\"instances\":[{\"b64\":\"aHBv\"}]}", "photo 0: the picture: is not a JPEG"}};
  for (const auto& [body, expected] : wrong) {
    EXPECT_THAT(problem(Payload::tensors, body), HasSubstr(expected)) << body;
  }
}

TEST(Pictures, SurviveAnyBytes) {
  std::mt19937_64 random(7);
  const std::string seeds[] = {R"({"instances":[[[[1,2,3]]],{"b64":"/9j/4AAQ"}]})",
                               "[[[1,2,3],[4,5,6]]]", text_of(jpeg_bytes()),
                               text_of(png_of(plain(9, 9, 1, 2, 3)))};
  for (int round = 0; round < 4000; ++round) {
    std::string body = seeds[random() % 4];
    for (std::size_t changes = 1 + random() % 4; changes > 0; --changes) {
      body[random() % body.size()] = static_cast<char>(random() % 256);
    }
    if (random() % 3 == 0) body.resize(random() % body.size());
    for (const auto payload : {Payload::picture, Payload::base64_picture, Payload::tensors}) {
      const auto pictures = read_pictures(payload, body, kLimits);
      if (!pictures) continue;
      for (const auto& photo : pictures->photos) EXPECT_EQ(photo.rgb.size(), 48U);
    }
  }
  EXPECT_FALSE(read_pictures(Payload::tensors, std::string(1'000'000, '['), kLimits));
}

}  // namespace
}  // namespace hpo::serving
