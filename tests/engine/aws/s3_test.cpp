#include "engine/aws/s3.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "engine/aws/s3_folder.h"
#include "engine/aws/s3_transfer.h"
#include "tests/engine/aws/stand_in.h"

namespace hpo::aws {
namespace {

using testing::HasSubstr;

class S3Test : public testing::Test {
 protected:
  S3Test() {
    stand_in_.control("bucket", {{"name", "bkt"}});
    stand_in_.control("bucket", {{"name", "far"}, {"region", "eu-west-1"}});
    auto settings = *load_settings(stand_in_.variables());
    client_ = std::make_unique<Client>(io_.get_executor(), settings, retry_options(settings));
    s3_ = std::make_unique<S3>(*client_);
  }

  Result<bool> put(const S3Uri& uri, std::string body, const PutOptions& options = {}) {
    return finish(io_, s3_->put(uri, std::move(body), options));
  }
  std::optional<std::string> get(const S3Uri& uri) { return *finish(io_, s3_->get(uri)); }

  std::filesystem::path file(const std::string& name, const std::string& text) {
    const auto path = folder_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  static std::string content(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  StandIn stand_in_;
  TempFolder folder_;
  boost::asio::io_context io_;
  std::unique_ptr<Client> client_;
  std::unique_ptr<S3> s3_;
};

/// Text whose pieces all differ.
std::string long_text(std::size_t size) {
  std::string text;
  text.reserve(size + 16);
  for (std::size_t i = 0; text.size() < size; ++i) text += std::to_string(i) + ",";
  text.resize(size);
  return text;
}

TEST_F(S3Test, PutsAndGetsObjectsOfAwkwardNames) {
  for (const char* key : {"plain", "a/b c+d=e.txt", "ünïcode/%41&?#", "a//b", "~-_.!*'()"}) {
    const S3Uri uri{.bucket = "bkt", .key = key};
    ASSERT_TRUE(put(uri, key)) << key;
    EXPECT_EQ(get(uri), key);
    EXPECT_EQ((*finish(io_, s3_->head(uri)))->size, static_cast<std::int64_t>(strlen(key)));
  }
  EXPECT_EQ(get({.bucket = "bkt", .key = "nothing"}), std::nullopt);
  EXPECT_EQ(*finish(io_, s3_->head({.bucket = "bkt", .key = "nothing"})), std::nullopt);
}

TEST_F(S3Test, PutsOnlyWhatIsNew) {
  const S3Uri uri{.bucket = "bkt", .key = "k"};
  EXPECT_TRUE(*put(uri, "1", {.only_new = true}));
  EXPECT_FALSE(*put(uri, "2", {.only_new = true}));
  EXPECT_EQ(get(uri), "1");
}

TEST_F(S3Test, GetsRangesAndWhatChanged) {
  const S3Uri uri{.bucket = "bkt", .key = "k"};
  ASSERT_TRUE(put(uri, "0123456789"));
  EXPECT_EQ(*finish(io_, s3_->get(uri, std::pair{2, 4})), "234");
  const std::string etag = (*finish(io_, s3_->head(uri)))->etag;
  EXPECT_EQ(*finish(io_, s3_->get_changed(uri, etag)), std::nullopt);
  EXPECT_EQ(*finish(io_, s3_->get_changed(uri, "\"other\"")), "0123456789");
}

TEST_F(S3Test, ListsPageByPage) {
  for (int i = 0; i < 7; ++i) {
    ASSERT_TRUE(put({.bucket = "bkt", .key = "p/a b&" + std::to_string(i)}, "x"));
  }
  stand_in_.control("page", {{"size", 3}});
  const auto objects = finish(io_, s3_->list({.bucket = "bkt", .key = "p/"}));
  ASSERT_TRUE(objects);
  ASSERT_EQ(objects->size(), 7U);
  EXPECT_EQ(objects->at(6).key, "p/a b&6");
  EXPECT_EQ(stand_in_.calls("ListObjectsV2"), 3);
}

TEST_F(S3Test, FindsABucketInAnotherRegionOnce) {
  const S3Uri uri{.bucket = "far", .key = "k"};
  ASSERT_TRUE(put(uri, "there"));
  EXPECT_EQ(get(uri), "there");
  EXPECT_EQ(stand_in_.calls("PutObject", 301), 1);
  EXPECT_EQ(stand_in_.calls("GetObject", 301), 0);
}

TEST_F(S3Test, NamesABucketThatIsMissingAndAPermission) {
  const auto missing = put({.bucket = "gone", .key = "k"}, "x");
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("s3://gone/k"));
  EXPECT_THAT(missing.error().hint, HasSubstr("bucket"));
  stand_in_.control("faults", {{"denied", {"PutObject"}}});
  EXPECT_THAT(put({.bucket = "bkt", .key = "k"}, "x").error().hint, HasSubstr("s3:PutObject"));
}

TEST_F(S3Test, MovesLargeFilesInPartsThroughTrouble) {
  const std::string text = long_text((20U << 20U) + 123);
  stand_in_.control("faults", {{"throttle", 0.2}, {"error", 0.05}, {"reset", 0.05}});
  const S3Uri uri{.bucket = "bkt", .key = "big"};
  const auto sent = finish(io_, upload_file(*s3_, file("big", text), uri));
  ASSERT_TRUE(sent) << sent.error().message;
  EXPECT_EQ(stand_in_.calls("CompleteMultipartUpload", 200), 1);
  const auto fetched = finish(io_, download_file(*s3_, uri, folder_ / "again"));
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_TRUE(content(folder_ / "again") == text);
}

TEST_F(S3Test, TakesBackTheCompletionWhoseAnswerWasLost) {
  const std::string text = long_text(9U << 20U);
  stand_in_.control("faults", {{"once", {{"CompleteMultipartUpload", "lost"}}}});
  const S3Uri uri{.bucket = "bkt", .key = "big"};
  EXPECT_TRUE(finish(io_, upload_file(*s3_, file("big", text), uri)));
  EXPECT_EQ((*finish(io_, s3_->head(uri)))->size, static_cast<std::int64_t>(text.size()));
}

TEST_F(S3Test, RemovesThePartsOfAnUploadThatFailed) {
  stand_in_.control("faults", {{"denied", {"UploadPart"}}});
  EXPECT_FALSE(finish(
      io_, upload_file(*s3_, file("big", long_text(9U << 20U)), {.bucket = "bkt", .key = "big"})));
  EXPECT_EQ(stand_in_.calls("AbortMultipartUpload", 204), 1);
}

TEST_F(S3Test, LeavesNoHalfAFile) {
  EXPECT_FALSE(finish(io_, download_file(*s3_, {.bucket = "bkt", .key = "no"}, folder_ / "no")));
  ASSERT_TRUE(put({.bucket = "bkt", .key = "k"}, "text"));
  stand_in_.control("faults", {{"denied", {"GetObject"}}});
  EXPECT_FALSE(finish(io_, download_file(*s3_, {.bucket = "bkt", .key = "k"}, folder_ / "k")));
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(S3Test, UploadsAFolderOncePerContent) {
  file("data/b.txt", "b");
  file("data/sub/a.txt", "a");
  const S3Uri base{.bucket = "bkt", .key = "channels"};
  const auto first = finish(io_, upload_folder(*s3_, folder_ / "data", base));
  ASSERT_TRUE(first) << first.error().message;
  const int puts = stand_in_.calls("PutObject");
  EXPECT_EQ(*finish(io_, upload_folder(*s3_, folder_ / "data", base)), *first);
  EXPECT_EQ(stand_in_.calls("PutObject"), puts);
  EXPECT_EQ(finish(io_, s3_->list(*first))->size(), 2U);
  EXPECT_EQ(get(*first / "sub/a.txt"), "a");
  file("data/b.txt", "c");
  EXPECT_NE(*finish(io_, upload_folder(*s3_, folder_ / "data", base)), *first);
  ASSERT_TRUE(finish(io_, download_folder(*s3_, *first, folder_ / "back")));
  EXPECT_EQ(content(folder_ / "back/sub/a.txt"), "a");
  EXPECT_EQ(content(folder_ / "back/b.txt"), "b");
}

TEST_F(S3Test, RefusesAnEmptyFolder) {
  std::filesystem::create_directories(folder_ / "empty");
  EXPECT_FALSE(finish(io_, upload_folder(*s3_, folder_ / "empty", {.bucket = "bkt", .key = "x"})));
}

TEST(S3Uris, AreReadAndRefused) {
  EXPECT_EQ(parse_s3_uri("s3://bkt/a/b/")->key, "a/b/");
  EXPECT_EQ(parse_s3_uri("s3://bkt")->key, "");
  for (const char* text : {"s3://", "s3://a/", "http://bkt/a", "bkt/a", "s3://b kt/a"}) {
    EXPECT_FALSE(parse_s3_uri(text)) << text;
  }
}

}  // namespace
}  // namespace hpo::aws
