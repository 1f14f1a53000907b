#include "trainers/safetensors.h"

#include <gmock/gmock.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "tests/trainers/images/photo_files.h"
#include "trainers/files.h"

namespace hpo {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// A float tensor that owns its values.
struct Floats {
  std::vector<std::int64_t> shape;
  std::vector<float> values;
  [[nodiscard]] TensorView view() const {
    return {.type = TensorType::f32,
            .shape = shape,
            .bytes = {reinterpret_cast<const std::uint8_t*>(values.data()),
                      values.size() * sizeof(float)}};
  }
};

const Floats kMatrix{{2, 3}, {1, 2, 3, 4, 5, -0.5F}};
const Floats kVector{{2}, {7, 8}};

Bytes small_file() {
  return to_safetensors({{"a.matrix", kMatrix.view()}, {"b.vector", kVector.view()}},
                        {{"source", "a test"}});
}

/// A file with that header and `data` zero bytes.
Bytes with_header(const std::string& header, std::size_t data) {
  Bytes bytes(8 + header.size() + data);
  bytes[0] = static_cast<std::uint8_t>(header.size() & 0xFFU);
  bytes[1] = static_cast<std::uint8_t>(header.size() >> 8U);
  std::memcpy(bytes.data() + 8, header.data(), header.size());
  return bytes;
}

std::string why(Bytes bytes) {
  const auto parsed = parse_safetensors(std::move(bytes), "w");
  return parsed ? "accepted" : parsed.error().message;
}

TEST(Safetensors, GivesBackWhatWasWritten) {
  const auto file = parse_safetensors(small_file(), "w");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->metadata.at("source"), "a test");
  const TensorView& matrix = file->tensors.at("a.matrix");
  EXPECT_EQ(matrix.shape, kMatrix.shape);
  ASSERT_EQ(matrix.bytes.size(), 6 * sizeof(float));
  EXPECT_EQ(std::memcmp(matrix.bytes.data(), kMatrix.values.data(), matrix.bytes.size()), 0);
  EXPECT_EQ((matrix.bytes.data() - file->storage.data()) % 8, 0);
}

TEST(Safetensors, RefusesEveryTruncation) {
  const Bytes whole = small_file();
  for (std::size_t n = 0; n < whole.size(); ++n) {
    const Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
    EXPECT_FALSE(parse_safetensors(part, "w")) << n;
  }
  Bytes longer = whole;
  longer.push_back(0);
  EXPECT_THAT(why(longer), HasSubstr("do not fill"));
}

TEST(Safetensors, SurvivesEveryFlippedHeaderByte) {
  const Bytes whole = small_file();
  const std::size_t header = 8 + whole[0];
  for (std::size_t i = 0; i < header; ++i) {
    for (const int bit : {0, 3, 7}) {
      Bytes damaged = whole;
      damaged[i] = static_cast<std::uint8_t>(damaged[i] ^ (1U << static_cast<unsigned>(bit)));
      const auto parsed = parse_safetensors(std::move(damaged), "w");
      if (!parsed) continue;  // where it is accepted, nothing may lie outside
      for (const auto& [name, view] : parsed->tensors) {
        EXPECT_LE(view.bytes.data() + view.bytes.size(),
                  parsed->storage.data() + parsed->storage.size());
      }
    }
  }
}

TEST(Safetensors, ChecksOffsetsAgainstShapesAndTheFile) {
  const auto header = [](const std::string& entry) { return R"({"t":)" + entry + "}"; };
  EXPECT_THAT(why(with_header(header(R"({"dtype":"F32","shape":[2],"data_offsets":[0,12]})"), 8)),
              HasSubstr("leave the file"));
  EXPECT_THAT(why(with_header(header(R"({"dtype":"F32","shape":[3],"data_offsets":[0,8]})"), 8)),
              HasSubstr("does not fit"));
  EXPECT_THAT(why(with_header(header(R"({"dtype":"F32","shape":[2],"data_offsets":[8,0]})"), 8)),
              HasSubstr("leave the file"));
  const std::string huge = R"([4294967296,4294967296,4])";  // 2^66 wraps to 0 in 64 bits
  EXPECT_THAT(why(with_header(
                  header(R"({"dtype":"F32","shape":)" + huge + R"(,"data_offsets":[0,0]})"), 0)),
              HasSubstr("does not fit"));
  EXPECT_THAT(why(with_header(header(R"({"dtype":"BF16","shape":[2],"data_offsets":[0,4]})"), 4)),
              HasSubstr("BF16"));
  EXPECT_THAT(why(with_header(header(R"({"dtype":"F32","shape":[-1],"data_offsets":[0,4]})"), 4)),
              HasSubstr("incomplete"));
  const std::string one = R"({"dtype":"F32","shape":[1],"data_offsets":[0,4]})";
  EXPECT_THAT(why(with_header(R"({"t":)" + one + R"(,"u":)" + one + "}", 4)), HasSubstr("overlap"));
  EXPECT_THAT(why(with_header("[]", 0)), HasSubstr("not a JSON object"));
  EXPECT_THAT(why(with_header("{", 0)), HasSubstr("not JSON"));
}

TEST(Safetensors, NamesTensorsThatDoNotFit) {
  const auto file = parse_safetensors(small_file(), "w");
  ASSERT_TRUE(file);
  EXPECT_TRUE(check_tensors(*file, {{"a.matrix", {2, 3}}, {"b.vector", {2}}}, "w"));
  const auto wrong = check_tensors(*file, {{"a.matrix", {3, 2}}, {"c.bias", {1}}}, "w");
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message,
              AllOf(HasSubstr("a.matrix has shape [2, 3], expected [3, 2]"),
                    HasSubstr("c.bias is missing"), HasSubstr("b.vector is unexpected")));
  EXPECT_TRUE(check_tensors(*file, {{"a.matrix", {2, 3}}}, "w",
                            [](std::string_view name) { return name.starts_with("b."); }));
}

TEST(Safetensors, RefusesNanAndInfinity) {
  Floats bad = kVector;
  for (const float value : {std::nanf(""), std::numeric_limits<float>::infinity()}) {
    bad.values[1] = value;
    const auto file = parse_safetensors(to_safetensors({{"b", bad.view()}}, {}), "w");
    ASSERT_TRUE(file);
    const auto checked = check_tensors(*file, {{"b", {2}}}, "w");
    ASSERT_FALSE(checked);
    EXPECT_THAT(checked.error().message,
                HasSubstr("b holds 1 values that are NaN, infinite or beyond 1e+06"));
  }
}

TEST(Safetensors, SaysWhichFileCannotBeRead) {
  TempFolder folder;
  EXPECT_EQ(read_safetensors(folder / "none.safetensors").error().code, ErrorCode::not_found);
  write_file(folder / "x.safetensors", std::string("hello"));
  const auto read = read_safetensors(folder / "x.safetensors");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::corrupt);
  EXPECT_THAT(read.error().message, HasSubstr("x.safetensors"));
}

}  // namespace
}  // namespace hpo
