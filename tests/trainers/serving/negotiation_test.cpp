#include "trainers/serving/negotiation.h"

#include <gtest/gtest.h>

namespace hpo::serving {
namespace {

TEST(Negotiation, KnowsTheMediaTypesOfPhotos) {
  EXPECT_EQ(payload_of("application/x-image"), Payload::picture);
  EXPECT_EQ(payload_of("image/jpeg"), Payload::picture);
  EXPECT_EQ(payload_of("Image/PNG; charset=utf-8"), Payload::picture);
  EXPECT_EQ(payload_of("image/jpeg;base64"), Payload::base64_picture);
  EXPECT_EQ(payload_of("image/jpeg ; BASE64"), Payload::base64_picture);
  EXPECT_EQ(payload_of("application/json"), Payload::tensors);
  for (const char* other : {"", "text/csv", "image/gif", "application/x-image2", "image", ";"}) {
    EXPECT_EQ(payload_of(other), std::nullopt) << other;
  }
}

TEST(Negotiation, TakesTheTypeThatIsWantedMost) {
  EXPECT_EQ(answer_type_of(""), AnswerType::json);
  EXPECT_EQ(answer_type_of("*/*"), AnswerType::json);
  EXPECT_EQ(answer_type_of("application/json"), AnswerType::json);
  EXPECT_EQ(answer_type_of("text/csv"), AnswerType::csv);
  EXPECT_EQ(answer_type_of("text/*"), AnswerType::csv);
  EXPECT_EQ(answer_type_of("text/csv;q=0.5, application/json;q=0.4"), AnswerType::csv);
  EXPECT_EQ(answer_type_of("text/csv;q=0, */*"), AnswerType::json);
  EXPECT_EQ(answer_type_of("application/json;q=0, */*;q=0.1"), AnswerType::csv);
  EXPECT_EQ(answer_type_of("text/html"), std::nullopt);
  EXPECT_EQ(answer_type_of("application/json;q=0"), std::nullopt);
  EXPECT_EQ(answer_type_of("application/json;q=much"), std::nullopt);
}

TEST(Negotiation, ReadsTopKOfQueryOrCustomAttributes) {
  EXPECT_EQ(*top_k_of("/invocations", ""), std::nullopt);
  EXPECT_EQ(*top_k_of("/invocations?top_k=5", ""), 5U);
  EXPECT_EQ(*top_k_of("/invocations?a=1&top_k=2&b", "top_k=9"), 2U);
  EXPECT_EQ(*top_k_of("/invocations?a=1", "trace=7, top_k=3"), 3U);
  for (const char* bad : {"top_k=", "top_k=0", "top_k=-1", "top_k=2x", "top_k=1e3",
                          "top_k=99999999999999999999999"}) {
    const auto refused = top_k_of("/invocations", bad);
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(refused.error().code, ErrorCode::usage);
  }
}

}  // namespace
}  // namespace hpo::serving
