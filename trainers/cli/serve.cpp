#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "trainers/cli/model_source.h"
#include "trainers/cli/verbs.h"
#include "trainers/images/parallel.h"
#include "trainers/serving/server.h"

namespace hpo::cli {
namespace {

namespace fs = std::filesystem;

/// Where SageMaker unpacks the model of a container.
fs::path container_model() {
  const char* base = std::getenv("SAGEMAKER_BASE_DIR");
  return fs::path(base != nullptr && *base != '\0' ? base : "/opt/ml") / "model";
}

bool is_container() {
  std::error_code failed;
  return fs::is_directory(container_model(), failed);
}

/// A hosting container has its machine for itself, and nobody who leases its GPU to it.
bool uses_gpu() {
  const bool is_masked = std::getenv("CUDA_VISIBLE_DEVICES") != nullptr;
  if (is_masked || !is_container()) return classifier_options_from_environment().gpu;
  std::error_code failed;
  return fs::exists("/dev/nvidia0", failed);
}

/// A variable's number; nothing where it is not set. Error: usage, where it is no number up to
/// `most`.
Result<std::optional<std::size_t>> number_of(const char* variable, std::size_t most) {
  const char* value = std::getenv(variable);
  if (value == nullptr || *value == '\0') return std::optional<std::size_t>();
  const std::string_view text = value;
  std::size_t number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end.ec == std::errc() && end.ptr == text.data() + text.size() && number <= most) {
    return std::optional<std::size_t>(number);
  }
  return Error{
      .code = ErrorCode::usage,
      .message = fmt::format("{}: expected a number up to {}, got \"{}\"", variable, most, text)};
}

/// The command line, completed by what SageMaker's containers are told in variables.
Result<ServeArgs> completed(ServeArgs args) {
  if (args.model.empty() && is_container()) args.model = container_model();
  if (args.model.empty()) {
    return Error{.code = ErrorCode::usage,
                 .message = "no model: hpo serve MODEL",
                 .hint = "a model.tar.gz of `hpo export`, or the folder of a trial's model"};
  }
  if (args.host.empty()) args.host = is_container() ? "0.0.0.0" : "127.0.0.1";
  constexpr std::size_t kMaxPort = 65535;
  constexpr std::size_t kMaxPayload_mib = 100;  // of a transform job
  const auto port = number_of("SAGEMAKER_BIND_TO_PORT", kMaxPort);
  if (!port) return port.error();
  const auto payload = number_of("SAGEMAKER_MAX_PAYLOAD_IN_MB", kMaxPayload_mib);
  if (!payload) return payload.error();
  const auto workers = number_of("SAGEMAKER_MODEL_SERVER_WORKERS", kMaxWorkers);
  if (!workers) return workers.error();
  if (!args.port) args.port = *port ? static_cast<std::uint16_t>(**port) : kServePort;
  // 0: bodies in chunks, of any size that a job may have.
  if (*payload) args.max_payload_mib = **payload == 0 ? kMaxPayload_mib : **payload;
  if (args.max_batch == 0) args.max_batch = uses_gpu() ? kGpuBatch : kCpuBatch;
  if (args.workers == 0) args.workers = workers->value_or(0);
  if (args.workers == 0) args.workers = thread_count();
  return args;
}

/// One write for a line: lines of two processes never mix. A log that cannot be written (its disk
/// is full, its reader gone) is lost; the answers are not.
void write_line(std::string_view line) {
  const std::string text = std::string(line) + "\n";
  const ssize_t ignored = ::write(STDERR_FILENO, text.data(), text.size());
  static_cast<void>(ignored);
}

serving::ServerOptions server_options(const ServeArgs& args) {
  serving::ServerOptions options{.host = args.host, .port = *args.port, .handle_signals = true};
  if (args.access_log) {
    options.log = write_line;
  }
  return options;
}

serving::ServiceOptions service_options(const ServeArgs& args) {
  constexpr std::size_t kMebibyte = 1 << 20;
  return {.batcher = {.workers = args.workers,
                      .max_batch = args.max_batch,
                      .max_queue = args.queue != 0 ? args.queue : kQueuedPerWorker * args.workers,
                      .max_batch_s = args.max_batch_s},
          .max_body = args.max_payload_mib * kMebibyte};
}

serving::ServedModel served(Classifier& model, const ServeArgs& args) {
  constexpr std::int64_t kMillion = 1'000'000;
  const ModelManifest& manifest = model.manifest();
  return {.classes = manifest.classes,
          .predict = [&model](std::span<const Image> photos) { return model.predict(photos); },
          .limits = {.image_size = static_cast<int>(manifest.image_size),
                     .max_pixels = args.max_megapixels * kMillion},
          .max_photos = args.max_batch};
}

/// The worker threads are the parallelism: torch gets one thread in each.
Result<std::unique_ptr<Classifier>> load_for_workers(const fs::path& path) {
  auto source = open_model(path);
  if (!source) return source.error();
  return load_classifier(source->folder(), {.threads = 1, .gpu = uses_gpu()});
}

int exit_code(const serving::Served& served) {
  constexpr int kSignalled = 128;
  if (served.drained) return 0;
  fmt::print(stderr, "hpo-model: ended before every request was answered\n");
  return served.signal != 0 ? kSignalled + served.signal : 1;
}

}  // namespace

int serve(const ServeArgs& given) {
  const auto args = completed(given);
  if (!args) return fail(args.error());
  std::signal(SIGPIPE, SIG_IGN);  // of a log whose reader is gone
  // The port first: whether it is free is known at once, and who connects early waits.
  const auto server = serving::Server::open(server_options(*args));
  if (!server) return fail(server.error());
  auto model = load_for_workers(args->model);
  if (!model) return fail(model.error());
  serving::Service service(served(**model, *args), service_options(*args));
  fmt::print("serving {} ({} classes) with {} workers at {}\n", args->model.string(),
             (*model)->manifest().classes.size(), args->workers, (*server)->url());
  std::fflush(stdout);
  const serving::Served ended = (*server)->run(service);
  const int code = exit_code(ended);
  // A worker that does not come back would be waited for for good.
  if (!ended.drained) std::_Exit(code);
  return code;
}

}  // namespace hpo::cli
