// Prints what the study store costs: `hpo_storage_benchmark [FOLDER]`, by default a temporary one.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "storage/study_store.h"
#include "tests/support/must.h"

namespace {

using hpo::testing_support::must;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

hpo::StudySpec spec() {
  return {.name = "benchmark",
          .objectives = {{.metric = "value"}},
          .space = {.parameters = {{.name = "x", .domain = hpo::FloatParameter{}},
                                   {.name = "y", .domain = hpo::FloatParameter{}}}}};
}

/// A whole life: running, one report, complete.
void cycle(hpo::StudyStore& store, std::int64_t number) {
  hpo::Trial trial{.number = number,
                   .configuration = {{"x", 0.123456789}, {"y", 0.987654321}, {"opt", "adam"}},
                   .seed = static_cast<std::uint64_t>(number),
                   .state = hpo::TrialState::running,
                   .sampler = "random",
                   .created_event = 3 * number + 1,
                   .started_at = hpo::TimePoint()};
  must(store.save(trial));
  const double value = 1.0 / static_cast<double>(number + 1);
  const hpo::Measurement report{.metrics = {{"value", value}}, .event = 3 * number + 2};
  must(store.add_measurements(number, {&report, 1}));
  trial.state = hpo::TrialState::complete;
  trial.metrics = report.metrics;
  trial.value = value;
  trial.finished_event = 3 * number + 3;
  trial.finished_at = hpo::TimePoint();
  must(store.save(trial));
}

/// The middle one of five, in milliseconds.
template <class Work>
double milliseconds_of(Work work) {
  std::vector<double> times;
  for (int i = 0; i < 5; ++i) {
    const auto start = Clock::now();
    work();
    times.push_back(1e3 * seconds_since(start));
  }
  std::nth_element(times.begin(), times.begin() + 2, times.end());
  return times[2];
}

void measure_reading(const fs::path& file, std::int64_t trials) {
  const double open = milliseconds_of([&] { must(hpo::make_sqlite_reader(file)); });
  auto reader = must(hpo::make_sqlite_reader(file));
  const double load = milliseconds_of([&] { must(reader->load("benchmark")); });
  const double list = milliseconds_of([&] { must(reader->list()); });
  fmt::print("{:>6} trials: open {:.2f} ms, load {:.2f} ms, list {:.2f} ms\n", trials, open, load,
             list);
}

void measure_power(hpo::StudyStore& store) {
  constexpr int kSaves = 100;
  const auto start = Clock::now();
  for (int i = 0; i < kSaves; ++i) must(store.save({.number = 0}, hpo::Durability::power));
  fmt::print("Durability::power: {:.2f} ms a save\n", 1e3 * seconds_since(start) / kSaves);
}

}  // namespace

int main(int argc, char** argv) {
  std::string pattern = fs::path(argc > 1 ? argv[1] : fs::temp_directory_path()) / "hpo-XXXXXX";
  const fs::path folder = mkdtemp(pattern.data());
  const auto file = folder / "benchmark.db";
  {
    auto store = must(hpo::make_sqlite_store(file));
    must(store->open(spec(), {}));
    std::int64_t number = 0;
    for (const std::int64_t trials : {1'000, 50'000}) {
      const auto start = Clock::now();
      const auto first = number;
      for (; number < trials; ++number) cycle(*store, number);
      const double rate = static_cast<double>(trials - first) / seconds_since(start);
      fmt::print("{:>6} trials: {:.0f} whole trials/s, {:.0f} transactions/s\n", trials, rate,
                 3 * rate);
      measure_reading(file, trials);
    }
    measure_power(*store);
  }
  const auto resuming = Clock::now();
  auto store = must(hpo::make_sqlite_store(file));
  must(store->open(spec(), {}));
  fmt::print("resume at 50000 trials: {:.2f} ms, file {} MiB\n", 1e3 * seconds_since(resuming),
             fs::file_size(file) >> 20U);
  fs::remove_all(folder);
}
