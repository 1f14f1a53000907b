#include "engine/aws/s3_transfer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <cerrno>
#include <cstring>
#include <exception>

#include "engine/aws/together.h"
#include "engine/aws/xml.h"
#include "objectives/base64.h"
#include "objectives/descriptor.h"
#include "objectives/plain_text.h"
#include "objectives/sha256.h"

namespace hpo::aws {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

/// S3 takes parts of 5 MiB to 5 GiB, at most 10,000 of them. Four at once of 8 MiB fill a fast line
/// and take 32 MiB of memory.
constexpr std::int64_t kPart = 8 << 20;
constexpr std::int64_t kMostParts = 10'000;
constexpr int kAtOnce = 4;
/// Up to here one request is sent, as the AWS CLI does.
constexpr std::int64_t kSmall = 8 << 20;

Error file_error(const fs::path& file, const char* what, int error) {
  return {.code = ErrorCode::environment,
          .message = fmt::format("cannot {} {}: {}", what, file.string(), std::strerror(error)),
          .hint = "check the disk and the permissions"};
}

std::int64_t part_size(std::int64_t size) {
  return std::max(kPart, (size + kMostParts - 1) / kMostParts);
}

struct Part {
  std::int64_t offset = 0;
  std::int64_t size = 0;
};

Part part_of(std::int64_t size, std::size_t index) {
  const std::int64_t each = part_size(size);
  const std::int64_t offset = each * static_cast<std::int64_t>(index);
  return {.offset = offset, .size = std::min(each, size - offset)};
}

std::size_t count_of(std::int64_t size) {
  return static_cast<std::size_t>((size + part_size(size) - 1) / part_size(size));
}

Result<std::string> read_part(int fd, const fs::path& file, Part part) {
  std::string bytes(static_cast<std::size_t>(part.size), '\0');
  for (std::size_t got = 0; got < bytes.size();) {
    const ssize_t count = pread(fd, bytes.data() + got, bytes.size() - got,
                                part.offset + static_cast<std::int64_t>(got));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return file_error(file, "read", errno);
    if (count == 0) {
      return Error{.code = ErrorCode::environment,
                   .message = file.string() + " became shorter while it was uploaded",
                   .hint = "leave it alone meanwhile"};
    }
    got += static_cast<std::size_t>(count);
  }
  return bytes;
}

/// One upload in parts.
class PartedUpload {
 public:
  PartedUpload(S3& s3, S3Uri uri, fs::path file, int fd, std::int64_t size)
      : s3_(s3), uri_(std::move(uri)), file_(std::move(file)), fd_(fd), size_(size) {
    tags_.resize(count_of(size));
    sums_.resize(count_of(size));
  }

  asio::awaitable<Result<void>> run() {
    Call begin{.operation = "CreateMultipartUpload"};
    begin.query = {{"uploads", ""}};
    begin.headers = {{"Content-Type", "application/octet-stream"},
                     {"x-amz-checksum-algorithm", "SHA256"}};
    const Answer answer = co_await s3_.send(uri_, begin);
    if (!answer) co_return to_error(*answer.failure);
    const auto root = parse_xml(answer.response.body);
    id_ = root ? root->text_at("UploadId") : std::string();
    if (id_.empty()) co_return no_id();
    Result<void> done;
    std::exception_ptr thrown;
    try {
      EachFn send = [this](std::size_t index) { return send_part(index); };
      done = co_await for_each_together(tags_.size(), kAtOnce, std::move(send));
    } catch (const boost::system::system_error&) {
      thrown = std::current_exception();
    }
    if (done && !thrown) done = co_await complete();
    if (!done) co_await abort();
    if (thrown) std::rethrow_exception(thrown);
    co_return done;
  }

 private:
  asio::awaitable<Result<void>> send_part(std::size_t index) {
    auto bytes = read_part(fd_, file_, part_of(size_, index));
    if (!bytes) co_return bytes.error();
    Call call{.operation = "UploadPart", .method = "PUT"};
    call.query = {{"partNumber", std::to_string(index + 1)}, {"uploadId", id_}};
    const Digest digest = sha256(*bytes);
    call.payload_hash = hex(digest);
    sums_[index] = base64(digest);
    call.headers = {{"x-amz-checksum-sha256", sums_[index]}};
    call.body = *std::move(bytes);
    const Answer answer = co_await s3_.send(uri_, call);
    if (!answer) co_return to_error(*answer.failure);
    tags_[index] = answer.response.header("etag");
    co_return Result<void>();
  }

  asio::awaitable<Result<void>> complete() {
    Call call{.operation = "CompleteMultipartUpload"};
    call.query = {{"uploadId", id_}};
    call.headers = {{"Content-Type", "application/xml"}};
    call.body = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
    for (std::size_t i = 0; i < tags_.size(); ++i) {
      call.body += fmt::format(
          "<Part><ETag>{}</ETag><ChecksumSHA256>{}</ChecksumSHA256><PartNumber>{}</PartNumber></"
          "Part>",
          escape_markup(tags_[i]), sums_[i], i + 1);
    }
    call.body += "</CompleteMultipartUpload>";
    const Answer answer = co_await s3_.send(uri_, call);
    if (!answer) {
      // Sent twice because its answer was lost: then the object is there.
      if (answer.failure->is("NoSuchUpload")) co_return co_await verify_there();
      co_return to_error(*answer.failure);
    }
    // The answer begins before the parts are put together, and may end as an error.
    const auto root = parse_xml(answer.response.body);
    if (root && root->name == "CompleteMultipartUploadResult") co_return Result<void>();
    co_return to_error(failure_of(Service::s3, call.operation, answer.response));
  }

  asio::awaitable<Result<void>> verify_there() {
    const auto info = co_await s3_.head(uri_);
    if (!info) co_return info.error();
    if (*info && (*info)->size == size_) co_return Result<void>();
    co_return Error{.code = ErrorCode::environment,
                    .message = uri_.text() + ": its upload was removed while it went on",
                    .hint = "look for a life-cycle rule of the bucket"};
  }

  asio::awaitable<void> abort() {
    Call call{.operation = "AbortMultipartUpload", .method = "DELETE"};
    call.query = {{"uploadId", id_}};
    co_await s3_.send(uri_, call);
  }

  [[nodiscard]] Error no_id() const {
    return {.code = ErrorCode::environment,
            .message = uri_.text() + ": S3 began an upload without an id",
            .hint = "is AWS_ENDPOINT_URL_S3 right?"};
  }

  S3& s3_;
  S3Uri uri_;
  fs::path file_;
  int fd_;
  std::int64_t size_;
  std::string id_ = {};
  std::vector<std::string> tags_ = {};
  std::vector<std::string> sums_ = {};
};

/// One object on its way into a file.
class Download {
 public:
  Download(S3& s3, S3Uri uri, ObjectInfo info, fs::path file, int fd)
      : s3_(s3), uri_(std::move(uri)), info_(std::move(info)), file_(std::move(file)), fd_(fd) {}

  asio::awaitable<Result<void>> run() {
    EachFn fetch = [this](std::size_t index) { return fetch_part(index); };
    co_return co_await for_each_together(count_of(info_.size), kAtOnce, std::move(fetch));
  }

 private:
  asio::awaitable<Result<void>> fetch_part(std::size_t index) {
    const Part part = part_of(info_.size, index);
    std::int64_t got = 0;
    int error = 0;
    Call call{.operation = "GetObject", .method = "GET"};
    call.headers = {{"Range", fmt::format("bytes={}-{}", part.offset, part.offset + part.size - 1)},
                    {"If-Match", info_.etag}};
    call.on_retry = [&got] { got = 0; };
    call.sink = [&](std::string_view bytes) {
      if (got + static_cast<std::int64_t>(bytes.size()) > part.size) return false;
      while (!bytes.empty()) {
        const ssize_t count = pwrite(fd_, bytes.data(), bytes.size(), part.offset + got);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) error = errno;
        if (count < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
        got += count;
      }
      return true;
    };
    const Answer answer = co_await s3_.send(uri_, call);
    if (error != 0) co_return file_error(file_, "write", error);
    if (!answer) co_return to_error(*answer.failure);
    if (got == part.size) co_return Result<void>();
    co_return Error{
        .code = ErrorCode::corrupt,
        .message = fmt::format("{}: {} bytes came where {} are", uri_.text(), got, part.size),
        .hint = "try again"};
  }

  S3& s3_;
  S3Uri uri_;
  ObjectInfo info_;
  fs::path file_;
  int fd_;
};

}  // namespace

asio::awaitable<Result<void>> upload_file(S3& s3, fs::path file, S3Uri uri) {
  const Descriptor descriptor(open(file.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (!descriptor || fstat(descriptor.get(), &status) != 0) {
    co_return file_error(file, "read", errno);
  }
  if (status.st_size > kSmall) {
    PartedUpload upload(s3, uri, file, descriptor.get(), status.st_size);
    co_return co_await upload.run();
  }
  auto bytes = read_part(descriptor.get(), file, {.offset = 0, .size = status.st_size});
  if (!bytes) co_return bytes.error();
  const PutOptions options;
  const auto put = co_await s3.put(uri, *std::move(bytes), options);
  if (!put) co_return put.error();
  co_return Result<void>();
}

asio::awaitable<Result<void>> download_file(S3& s3, S3Uri uri, fs::path file) {
  const auto info = co_await s3.head(uri);
  if (!info) co_return info.error();
  if (!*info) {
    co_return Error{.code = ErrorCode::not_found,
                    .message = uri.text() + " does not exist",
                    .hint = "look at the bucket's listing"};
  }
  const fs::path part = file.string() + ".part";
  const Descriptor descriptor(open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!descriptor) co_return file_error(part, "write", errno);
  Download download(s3, uri, **info, part, descriptor.get());
  const auto done = co_await download.run();
  if (!done || rename(part.c_str(), file.c_str()) != 0) {
    const int error = errno;
    unlink(part.c_str());
    co_return done ? Result<void>(file_error(file, "write", error)) : done;
  }
  co_return Result<void>();
}

}  // namespace hpo::aws
