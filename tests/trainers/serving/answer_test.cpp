#include "trainers/serving/answer.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "trainers/serving/access_log.h"
#include "trainers/serving/metrics.h"

namespace hpo::serving {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

const std::vector<std::string> kClasses = {"crow", "heron", "kite, black"};
const std::vector<double> kRow = {0.25, 0.125, 0.625};

TEST(Answer, OfOnePhotoIsTheWorkshopsDocument) {
  EXPECT_EQ(answer_text(kClasses, {kRow}, {}),
            R"({"predicted_class":"kite, black","class_labels":["crow","heron","kite, black"],)"
            R"("probabilities":[[0.25,0.125,0.625]]})"
            "\n");
}

TEST(Answer, OfTheBestClassesIsSorted) {
  const auto two = json::parse(answer_text(kClasses, {kRow}, {.top_k = 2}));
  EXPECT_EQ(two["predicted_class"], "kite, black");
  EXPECT_EQ(two["class_labels"], (json{"kite, black", "crow"}));
  EXPECT_EQ(two["probabilities"], (json{{0.625, 0.25}}));
  const auto all = json::parse(answer_text(kClasses, {kRow}, {.top_k = 99}));
  EXPECT_EQ(all["class_labels"].size(), 3U);
}

TEST(Answer, OfAListIsAList) {
  const auto list = json::parse(answer_text(kClasses, {kRow, {1, 0, 0}}, {.is_list = true}));
  ASSERT_EQ(list["predictions"].size(), 2U);
  EXPECT_EQ(list["predictions"][1]["predicted_class"], "crow");
}

TEST(Answer, AsCsvIsALineForEachPhoto) {
  const AnswerForm form{.type = AnswerType::csv, .is_list = true};
  EXPECT_EQ(answer_text(kClasses, {kRow, {1, 0, 0}}, form), "\"kite, black\",0.625\ncrow,1\n");
  EXPECT_EQ(answer_text(kClasses, {kRow}, {.type = AnswerType::csv, .top_k = 2}),
            "\"kite, black\",0.625,crow,0.25\n");
}

TEST(AccessLog, KeepsWhatClientsSendInsideItsQuotes) {
  const HttpRequest request{.method = "GET",
                            .target = "/a\n{\"status\":200}\x1b[31m\xff\"" + std::string(999, 'x'),
                            .inference_id = "id\r\n"};
  const HttpResponse response = error_response(404, "not_found", "nothing\n here");
  const std::string line =
      access_line({.unix_ms = 1'764'056'161'042, .client = "127.0.0.1:5", .duration_ms = 1.23456},
                  request, response);
  EXPECT_THAT(line, Not(HasSubstr("\n")));
  for (const char c : line) EXPECT_TRUE(c >= ' ' && c <= '~') << static_cast<int>(c);
  EXPECT_LT(line.size(), 600U);
  const auto fields = json::parse(line);
  EXPECT_EQ(fields["time"], "2025-11-25T07:36:01.042Z");
  EXPECT_EQ(fields["status"], 404);
  EXPECT_EQ(fields["duration_ms"], 1.235);
  EXPECT_EQ(fields["inference_id"], "id\r\n");
  EXPECT_EQ(fields["error"], "nothing\n here");
}

TEST(Metrics, CountAsPrometheusReadsThem) {
  Metrics metrics;
  metrics.add_request("/invocations", 200, 0.02);
  metrics.add_request("/invocations", 200, 99);
  metrics.add_request("/what/ever", 404, 0);
  metrics.add_request("/else", 404, 0);
  metrics.add_batch(3, 0.5, 0.25);
  metrics.add_wait(0.001);
  const std::string text = metrics.text({.queue_length = 7, .workers = 2});
  for (const char* line :
       {"hpo_requests_total{path=\"/invocations\",code=\"200\"} 2\n",
        "hpo_requests_total{path=\"other\",code=\"404\"} 2\n",
        "# TYPE hpo_request_duration_seconds histogram\n",
        "hpo_request_duration_seconds_bucket{le=\"0.01\"} 0\n",
        "hpo_request_duration_seconds_bucket{le=\"0.025\"} 1\n",
        "hpo_request_duration_seconds_bucket{le=\"+Inf\"} 2\n",
        "hpo_request_duration_seconds_count 2\n", "hpo_batch_size_bucket{le=\"2\"} 0\n",
        "hpo_batch_size_bucket{le=\"4\"} 1\n", "hpo_batch_size_sum 3\n",
        "hpo_decode_seconds_total 0.5\n", "hpo_queue_length 7\n", "hpo_workers 2\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

}  // namespace
}  // namespace hpo::serving
