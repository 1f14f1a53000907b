// Prints, as one JSON object, the CPU milliseconds a photo costs in each part of a training: what
// a study costs at least is their sum.
//   hpo_training_benchmark SIZE CUT BATCH

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <cstdlib>
#include <ctime>

#include "trainers/device.h"
#include "trainers/tuned_layers.h"

namespace {

using namespace hpo;

double cpu_ms() { return 1000 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// CPU time of `work` per photo, over two seconds after a first run.
template <class Work>
double per_photo(std::int64_t photos, const Work& work) {
  static_cast<void>(work());
  const double begin = cpu_ms();
  int runs = 0;
  while (cpu_ms() - begin < 2000) {
    static_cast<void>(work());
    ++runs;
  }
  return (cpu_ms() - begin) / static_cast<double>(runs * photos);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const std::int64_t size = std::atoi(argv[1]);
  const auto cut = static_cast<std::size_t>(std::atoi(argv[2]));
  const std::int64_t batch = std::atoi(argv[3]);
  constexpr std::int64_t kGroup = 16;
  constexpr std::int64_t kValidation = 32;
  if (!prepare_device(false, 1)) return 3;
  BirdNetwork network = make_network({.hidden = {256}}, 6, 1);
  move_to(network, at::kCPU);
  const BirdOptions options;
  const std::size_t end = network.blocks.size();
  const auto frozen = [&](std::int64_t n, std::size_t last) {
    const at::NoGradGuard fixed;
    const at::Tensor x = run_blocks(network, 0, last, normalised(at::rand({n, 3, size, size})), {});
    return last == end ? pool(x) : x.contiguous(at::MemoryFormat::ChannelsLast);
  };
  const at::Tensor labels = at::randint(6, {batch}, at::kLong);
  const at::Tensor some = at::randint(6, {kValidation}, at::kLong);
  fmt::print("{{\"frozen\": {:.4f}", per_photo(kGroup, [&] { return frozen(kGroup, cut); }));
  fmt::print(", \"rest\": {:.4f}", per_photo(kGroup, [&, x = frozen(kGroup, cut)] {
               const at::NoGradGuard fixed;
               return cut == end ? x : pool(run_blocks(network, cut, end, x, {}));
             }));
  for (const auto& [name, from] : {std::pair{"tail", cut}, std::pair{"head", end}}) {
    TunedLayers layers(network, options, {.cut = from, .epochs = 1, .lr = 1e-6});
    const at::Tensor x = frozen(batch, from);
    const at::Tensor seen = frozen(kValidation, from);
    fmt::print(", \"{}_train\": {:.4f}", name,
               per_photo(batch, [&] { return layers.train(x, labels, 1).loss; }));
    fmt::print(", \"{}_measure\": {:.4f}", name,
               per_photo(kValidation, [&] { return layers.measure(seen, some).loss; }));
  }
  fmt::print("}}\n");
}
