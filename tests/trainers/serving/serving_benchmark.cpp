// Prints what `hpo serve` and `hpo predict` reach, beside what their parts allow on this machine.
// What a photo costs is told in CPU time as well, which other work on the machine changes less.
//   hpo_serving_benchmark MODEL PHOTOS [SECONDS]     a model's folder, a folder of photos

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include "tests/support/temp_folder.h"
#include "tests/trainers/program.h"
#include "tests/trainers/serving/client.h"
#include "trainers/batch/inputs.h"
#include "trainers/classifier.h"
#include "trainers/images/file_bytes.h"
#include "trainers/images/parallel.h"
#include "trainers/images/picture.h"
#include "trainers/images/resize.h"

namespace {

using namespace hpo;
namespace fs = std::filesystem;

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

using Files = std::vector<std::vector<std::uint8_t>>;

std::string text_of(const std::vector<std::uint8_t>& bytes) { return {bytes.begin(), bytes.end()}; }

double percentile(std::vector<double> values, double p) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(p * static_cast<double>(values.size() - 1))];
}

double cpu_seconds() {
  timespec now = {};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Of a process that runs.
double cpu_seconds_of(pid_t pid) {
  std::ifstream in(fmt::format("/proc/{}/stat", pid));
  std::string line;
  std::getline(in, line);
  std::istringstream fields(line.substr(line.rfind(')') + 2));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

/// Of all processes that were waited for.
double cpu_seconds_of_children() {
  rusage usage = {};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  const auto in_s = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return in_s(usage.ru_utime) + in_s(usage.ru_stime);
}

/// Photos per second of all CPUs together, and CPU milliseconds of each.
struct Cost {
  double rate = 0;
  double cpu_ms = 0;
};

/// work() on every CPU again and again for a while; it takes so many photos.
template <class Work>
Cost cost_on_all_cpus(std::size_t photos, double duration_s, const Work& work) {
  std::atomic<std::size_t> calls = 0;
  const double began = seconds();
  const double cpu_began = cpu_seconds();
  {
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < thread_count(); ++t) {
      threads.emplace_back([&] {
        while (seconds() - began < duration_s) {
          work();
          ++calls;
        }
      });
    }
  }
  const auto count = static_cast<double>(calls * photos);
  return {.rate = count / (seconds() - began),
          .cpu_ms = 1000 * (cpu_seconds() - cpu_began) / count};
}

/// Decoding alone and the network alone, each on all CPUs.
struct Parts {
  Cost decode = {};
  Cost forward = {};
  double alone_ms = 0;      ///< one photo, decoded and computed on one thread
  double alone_cpu_ms = 0;  ///< of which the network takes

  [[nodiscard]] double rate() const { return 1 / (1 / decode.rate + 1 / forward.rate); }
  [[nodiscard]] double cpu_ms() const { return decode.cpu_ms + forward.cpu_ms; }
};

std::string compared(const Cost& cost, const Parts& parts) {
  return fmt::format(
      "{:.0f}/s, {:.2f} of the parts'; {:.2f} ms of CPU each, the parts {:.2f} ({:.2f})", cost.rate,
      cost.rate / parts.rate(), cost.cpu_ms, parts.cpu_ms(), parts.cpu_ms() / cost.cpu_ms);
}

Result<Parts> measure_parts(const fs::path& model, const Files& files) {
  constexpr double kDuration_s = 4;
  constexpr std::size_t kBatch = 4;
  auto loaded = load_classifier(model, {.threads = 1});
  if (!loaded) return loaded.error();
  Classifier& classifier = **loaded;
  const auto size = static_cast<int>(classifier.manifest().image_size);
  const auto photo = [&](std::size_t i) {
    return resize(*decode_picture(files[i % files.size()], "", 100'000'000), size, size);
  };
  std::vector<Image> batch;
  for (std::size_t i = 0; i < kBatch; ++i) batch.push_back(photo(i));
  Parts parts;
  std::atomic<std::size_t> next = 0;
  parts.decode = cost_on_all_cpus(1, kDuration_s, [&] { photo(next++); });
  const auto compute = [&] { check(!!classifier.predict(batch), "no prediction"); };
  cost_on_all_cpus(kBatch, 0.5, compute);
  parts.forward = cost_on_all_cpus(kBatch, kDuration_s, compute);
  std::vector<double> alone;
  double cpu_s = 0;
  for (std::size_t i = 0; i < 200; ++i) {
    const double began = seconds();
    const Image one = photo(i);
    const double cpu_began = cpu_seconds();
    check(!!classifier.predict({&one, 1}), "no prediction");
    cpu_s += cpu_seconds() - cpu_began;
    alone.push_back(1000 * (seconds() - began));
  }
  parts.alone_ms = percentile(alone, 0.5);
  parts.alone_cpu_ms = 1000 * cpu_s / static_cast<double>(alone.size());
  return parts;
}

std::string invocation(const std::vector<std::uint8_t>& photo) {
  return serving::request("POST", "/invocations", "Content-Type: application/x-image\r\n",
                          text_of(photo));
}

void print_single(std::uint16_t port, const Files& files, const Parts& parts) {
  serving::Client client(port);
  std::vector<double> took;
  for (std::size_t i = 0; i < 300; ++i) {
    const std::string request = invocation(files[i % files.size()]);
    const double began = seconds();
    check(client.send(request) && client.read(), "no answer");
    took.push_back(1000 * (seconds() - began));
  }
  fmt::print(
      "serve, one request at a time: p50 {:.1f} ms, p99 {:.1f} ms; decode and network alone "
      "on one thread, in process: {:.1f} ms (of which the network {:.2f} ms of CPU)\n",
      percentile(took, 0.5), percentile(took, 0.99), parts.alone_ms, parts.alone_cpu_ms);
}

double resident_mib(pid_t pid) {
  std::ifstream in(fmt::format("/proc/{}/statm", pid));
  double pages = 0;
  in >> pages >> pages;
  return pages * 4096 / (1 << 20);
}

void print_throughput(const Program& server, std::uint16_t port, const Files& files,
                      const Parts& parts, double duration_s) {
  constexpr std::size_t kConnections = 64;
  std::vector<std::string> requests;
  for (const auto& file : files) requests.push_back(invocation(file));
  std::atomic<std::size_t> answers = 0;
  std::atomic<std::size_t> errors = 0;
  std::atomic<bool> ends = false;
  std::vector<double> memory;
  Cost cost;
  {
    std::vector<std::jthread> clients;
    for (std::size_t c = 0; c < kConnections; ++c) {
      clients.emplace_back([&, c] {
        serving::Client client(port);
        for (std::size_t i = c; !ends; ++i) {
          if (!client.send(requests[i % requests.size()])) return void(++errors);
          const auto answer = client.read();
          ++(answer && answer->status == 200 ? answers : errors);
        }
      });
    }
    // The first tenth warms up.
    std::this_thread::sleep_for(std::chrono::duration<double>(duration_s / 10));
    const std::size_t before = answers;
    const double began = seconds();
    const double cpu_began = cpu_seconds_of(server.pid());
    for (int i = 0; i < 9; ++i) {
      memory.push_back(resident_mib(server.pid()));
      std::this_thread::sleep_for(std::chrono::duration<double>(duration_s / 10));
    }
    const auto count = static_cast<double>(answers - before);
    cost = {.rate = count / (seconds() - began),
            .cpu_ms = 1000 * (cpu_seconds_of(server.pid()) - cpu_began) / count};
    memory.push_back(resident_mib(server.pid()));
    ends = true;
  }
  fmt::print(
      "serve, {} connections for {:.0f} s: {} (at least 0.85); {} errors; resident {:.0f} MiB "
      "at first, {:.0f} at the end\n",
      kConnections, duration_s, compared(cost, parts), errors.load(), memory.front(),
      memory.back());
}

/// `hpo predict` of all photos, many times over; its own rate, without its start.
void print_predict(const fs::path& model, const std::vector<batch::Input>& photos,
                   const Parts& parts, const Variables& variables) {
  constexpr std::size_t kPhotos = 3000;
  const TempFolder folder;
  for (std::size_t i = 0; i < kPhotos; ++i) {
    const fs::path file = fs::absolute(photos[i % photos.size()].file);
    fs::create_symlink(file, folder / fmt::format("{}{}", i, file.extension().string()));
  }
  const auto cpu_of = [&](const fs::path& input, const std::string& out, double& rate) {
    const double before = cpu_seconds_of_children();
    const auto done = run_program({"predict", model, input, "--out", folder / out}, variables);
    check(done.status == 0, "predict failed");
    rate = std::strtod(done.errors.c_str() + done.errors.rfind(", ") + 2, nullptr);
    return cpu_seconds_of_children() - before;
  };
  double rate = 0;
  const double start_s = cpu_of(folder / ("0" + photos[0].file.extension().string()), "one", rate);
  for (const std::string out : {"out", "out.csv"}) {
    const double cpu_s = cpu_of(folder.path(), out, rate) - start_s;
    const Cost cost{.rate = rate, .cpu_ms = 1000 * cpu_s / kPhotos};
    fmt::print("predict, {} photos to {}: {} (at least 0.95)\n", kPhotos, out,
               compared(cost, parts));
  }
}

int run(const fs::path& model, const fs::path& folder, double duration_s) {
  const auto photos = batch::find_inputs({folder}, [] { return std::string(); });
  Files files;
  for (std::size_t i = 0; photos && i < photos->size() && i < 128; ++i) {
    auto bytes = read_file_bytes((*photos)[i].file);
    if (bytes) files.push_back(std::move(*bytes));
  }
  const auto parts = files.empty() ? Error{.message = folder.string() + ": no photos"}
                                   : measure_parts(model, files);
  if (!parts) {
    fmt::print(stderr, "{}\n", parts.error().message);
    return 2;
  }
  fmt::print(
      "the parts on {} CPUs: decode and resize {:.0f}/s ({:.2f} ms of CPU), network {:.0f}/s "
      "({:.2f} ms), together {:.0f}/s\n",
      thread_count(), parts->decode.rate, parts->decode.cpu_ms, parts->forward.rate,
      parts->forward.cpu_ms, parts->rate());
  const Variables variables = {{"CUDA_VISIBLE_DEVICES", ""}};
  Program server({"serve", model, "--port", "0", "--no-access-log"}, variables);
  const auto line = server.read_line();
  check(line.has_value(), "the server does not start");
  const auto port = static_cast<std::uint16_t>(std::stoi(line->substr(line->rfind(':') + 1)));
  print_single(port, files, *parts);
  print_throughput(server, port, files, *parts, duration_s);
  server.send(SIGTERM);
  fmt::print("serve, after SIGTERM: exit code {}\n", server.wait());
  print_predict(model, *photos, *parts, variables);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "hpo_serving_benchmark MODEL PHOTOS [SECONDS]\n");
    return 2;
  }
  const double duration_s = argc > 3 ? std::atof(argv[3]) : 60;
  return run(argv[1], argv[2], duration_s > 0 ? duration_s : 60);
}
