#include <fmt/format.h>

#include <cmath>

#include "trainers/cli/model_source.h"
#include "trainers/cli/verbs.h"
#include "trainers/torchscript.h"

namespace hpo::cli {
namespace {

constexpr const char* kTorchscriptFile = "model.pt";

Result<void> check_one_answer(const ModelSource& source) {
  auto model = load_classifier(source.folder(), classifier_options_from_environment());
  if (!model) return model.error();
  const int size = static_cast<int>((*model)->manifest().image_size);
  const Image grey{
      .width = size, .height = size, .rgb = std::vector<std::uint8_t>(rgb_bytes(size, size), 128)};
  auto rows = (*model)->predict({&grey, 1});
  if (!rows) return rows.error();
  double sum = 0;
  for (const double p : rows->front()) sum += p;
  constexpr double kRounding = 1e-3;
  if (std::abs(sum - 1) <= kRounding) return {};  // false for NaN
  return Error{.code = ErrorCode::corrupt,
               .message = fmt::format("its probabilities sum to {}, not to 1", sum)};
}

}  // namespace

int torchscript(const TorchscriptArgs& args) {
  auto written = write_torchscript(args.model, args.out);
  return written ? 0 : fail(written.error());
}

int check_package(const CheckArgs& args) {
  auto source = open_model(args.package);
  if (!source) return fail(source.error());
  if (auto answered = check_one_answer(*source); !answered) return fail(answered.error());
  const auto script = source->folder() / kTorchscriptFile;
  const bool has_script = std::filesystem::exists(script);
  if (has_script) {
    auto agrees = check_torchscript(script, source->folder());
    if (!agrees) return fail(agrees.error());
  }
  fmt::print("{}: sums right, loads, answers{}\n", args.package.string(),
             has_script ? "; TorchScript agrees" : "");
  return 0;
}

}  // namespace hpo::cli
