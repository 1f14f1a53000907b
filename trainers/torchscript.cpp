#include "trainers/torchscript.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/csrc/jit/passes/tensorexpr_fuser.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>
#include <unistd.h>

#include <cmath>

#include "trainers/bird_model.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;
namespace jit = torch::jit;

constexpr double kNormEpsilon = 1e-5;
constexpr double kTolerance = 1e-4;  // folding and other kernels move float probabilities by 1e-6
constexpr std::uint64_t kProbeSeed = 1;

/// LLVM builds of libtorch compile kernels for minutes on the second call.
void disable_fuser() {
  jit::setGraphExecutorOptimize(false);
  jit::setTensorExprFuserEnabled(false);
}

/// Adds tensors to a module and collects the lines of its forward.
class ScriptWriter {
 public:
  // One class name per module: with equal ones torch's alias analysis recurses without end.
  ScriptWriter() : module_("__torch__.hpo.BirdClassifier") {}

  void line(const std::string& text) { source_ += "    " + text + "\n"; }

  /// The tensor as an attribute; answers how the source names it.
  std::string tensor(const std::string& name, const at::Tensor& value) {
    module_.register_buffer(name, value.contiguous());
    return "self." + name;
  }

  jit::Module finish() {
    module_.define("def forward(self, x):\n" + source_ + "    return x\n");
    module_.eval();
    return module_;
  }

 private:
  jit::Module module_;
  std::string source_ = {};
};

std::string identifier(std::string name) {
  for (char& c : name) {
    if (c == '.') c = '_';
  }
  return name;
}

/// y = gamma (conv(x) − mean) / sqrt(var + eps) + beta is a convolution with a bias.
void add_layer(ScriptWriter& script, const TensorMap& t, const ConvNorm& layer,
               const char* variable) {
  const at::Tensor scale =
      t.at(layer.norm + ".weight") / at::sqrt(t.at(layer.norm + ".running_var") + kNormEpsilon);
  const at::Tensor weight = t.at(layer.conv + ".weight") * scale.view({-1, 1, 1, 1});
  const at::Tensor bias = t.at(layer.norm + ".bias") - t.at(layer.norm + ".running_mean") * scale;
  const std::string name = identifier(layer.conv);
  const std::string w = script.tensor(name + "_weight", weight);
  const std::string b = script.tensor(name + "_bias", bias);
  script.line(fmt::format("{0} = torch.conv2d({0}, {1}, {2}, [{3}, {3}], [{4}, {4}], [1, 1], {5})",
                          variable, w, b, layer.stride, layer.kernel / 2, layer.groups));
  switch (layer.activation) {
    case Activation::none:
      break;
    case Activation::relu:
      script.line(fmt::format("{0} = torch.relu({0})", variable));
      break;
    case Activation::relu6:
      script.line(fmt::format("{0} = torch.hardtanh({0}, 0.0, 6.0)", variable));
      break;
  }
}

void add_block(ScriptWriter& script, const TensorMap& tensors, const Block& block) {
  script.line("y = x");
  for (const auto& layer : block.layers) add_layer(script, tensors, layer, "y");
  if (block.max_pool) script.line("y = torch.max_pool2d(y, [3, 3], [2, 2], [1, 1])");
  if (block.shortcut) add_layer(script, tensors, *block.shortcut, "x");
  script.line(block.residual ? "x = x + y" : "x = y");
  if (block.relu) script.line("x = torch.relu(x)");
}

void add_head(ScriptWriter& script, const BirdNetwork& network) {
  script.line("x = torch.mean(x, [2, 3])");
  for (std::size_t i = 0; i < network.head.size(); ++i) {
    const std::string& name = network.head[i].name;
    const std::string w =
        script.tensor(identifier(name) + "_weight", network.tensors.at(name + ".weight"));
    const std::string b =
        script.tensor(identifier(name) + "_bias", network.tensors.at(name + ".bias"));
    script.line(fmt::format("x = torch.addmm({}, x, torch.t({}))", b, w));
    if (i + 1 < network.head.size()) script.line("x = torch.relu(x)");
  }
  script.line("x = torch.softmax(x, 1)");
}

jit::Module script_of(const BirdNetwork& network, const ModelManifest& manifest) {
  ScriptWriter script;
  const auto row = [](const std::array<double, 3>& values) {
    return at::tensor(std::vector<double>(values.begin(), values.end()))
        .to(at::kFloat)
        .view({1, 3, 1, 1});
  };
  const std::string mean = script.tensor("mean", row(manifest.mean));
  const std::string deviation = script.tensor("std", row(manifest.deviation));
  script.line(fmt::format("x = (x - {}) / {}", mean, deviation));
  for (const auto& block : network.blocks) add_block(script, network.tensors, block);
  add_head(script, network);
  return script.finish();
}

Result<void> agree(const fs::path& file, const BirdNetwork& network, std::int64_t size) {
  const at::Generator random = at::detail::createCPUGenerator(kProbeSeed);
  const at::Tensor x = at::empty({2, 3, size, size}).uniform_(0, 1, random);
  jit::Module loaded = jit::load(file.string(), at::kCPU);
  loaded.eval();
  const at::Tensor theirs = loaded.forward({x}).toTensor();
  const at::Tensor ours = at::softmax(predict_logits(network, x), 1);
  if (theirs.sizes() != ours.sizes()) {
    return Error{.code = ErrorCode::corrupt,
                 .message = file.string() + ": its answers have another shape than the model's"};
  }
  const double difference = (theirs - ours).abs().max().item<double>();
  if (difference <= kTolerance) return {};  // false for NaN
  return Error{.code = ErrorCode::corrupt,
               .message = fmt::format("{}: its probabilities differ by {:.2g} from the model's",
                                      file.string(), difference)};
}

Error from_torch(const fs::path& file, ErrorCode code, const std::exception& e) {
  const std::string what = e.what();
  return {.code = code,
          .message =
              fmt::format("{}: TorchScript: {}", file.string(), what.substr(0, what.find('\n')))};
}

}  // namespace

Result<void> write_torchscript(const fs::path& model_folder, const fs::path& out) {
  const at::NoGradGuard fixed;
  auto model = load_bird_model(model_folder);
  if (!model) return model.error();
  const fs::path temporary = fmt::format("{}.{}.tmp", out.string(), ::getpid());
  Result<void> done;
  try {
    disable_fuser();
    script_of(model->network, model->manifest).save(temporary.string());
    done = agree(temporary, model->network, model->manifest.image_size);
  } catch (const std::exception& e) {
    done = from_torch(out, ErrorCode::environment, e);
  }
  std::error_code failed;
  if (done) fs::rename(temporary, out, failed);
  if (failed) {
    done = Error{.code = ErrorCode::environment,
                 .message = out.string() + ": cannot write: " + failed.message()};
  }
  std::error_code ignored;
  if (!done) fs::remove(temporary, ignored);
  return done;
}

Result<void> check_torchscript(const fs::path& file, const fs::path& model_folder) {
  const at::NoGradGuard fixed;
  auto model = load_bird_model(model_folder);
  if (!model) return model.error();
  try {
    disable_fuser();
    return agree(file, model->network, model->manifest.image_size);
  } catch (const std::exception& e) {
    return from_torch(file, ErrorCode::corrupt, e);
  }
}

}  // namespace hpo
