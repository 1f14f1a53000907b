#include "trainers/tuned_layers.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/optim/adam.h>
#include <torch/optim/rmsprop.h>
#include <torch/optim/sgd.h>
#include <torch/serialize.h>

#include <cmath>
#include <sstream>

namespace hpo {
namespace {

using torch::optim::Optimizer;

constexpr double kRmspropDecay = 0.9;  // of Keras, as the workshop has it; torch's own is 0.99

std::unique_ptr<Optimizer> make_optimizer(const BirdOptions& o, double lr,
                                          std::vector<at::Tensor> parameters) {
  if (o.optimizer == "sgd") {
    return std::make_unique<torch::optim::SGD>(
        std::move(parameters),
        torch::optim::SGDOptions(lr).momentum(o.momentum).weight_decay(o.weight_decay));
  }
  if (o.optimizer == "rmsprop") {
    return std::make_unique<torch::optim::RMSprop>(
        std::move(parameters),
        torch::optim::RMSpropOptions(lr).alpha(kRmspropDecay).weight_decay(o.weight_decay));
  }
  return std::make_unique<torch::optim::Adam>(
      std::move(parameters), torch::optim::AdamOptions(lr).weight_decay(o.weight_decay));
}

bool is_statistic(const std::string& name) { return name.find(".running_") != std::string::npos; }

std::int64_t hits(const at::Tensor& logits, const at::Tensor& labels) {
  return logits.argmax(1).eq(labels).sum().item<std::int64_t>();
}

}  // namespace

std::vector<std::string> tuned_names(const BirdNetwork& network, std::size_t cut) {
  std::vector<std::string> names;
  for (const auto& [name, shape] : block_shapes(network.blocks, cut)) names.push_back(name);
  for (const auto& [name, shape] : head_shapes(network.head)) names.push_back(name);
  return names;
}

TunedLayers::TunedLayers(BirdNetwork& network, const BirdOptions& options,
                         const TrainingPhase& phase, at::Tensor class_weights)
    : network_(network),
      options_(options),
      phase_(phase),
      class_weights_(std::move(class_weights)) {
  for (const auto& name : tuned_names(network, phase.cut)) {
    if (is_statistic(name)) continue;
    parameters_.push_back(network.tensors[name].set_requires_grad(true));
  }
  optimizer_ = make_optimizer(options, phase.lr, parameters_);
}

TunedLayers::~TunedLayers() {
  for (auto& parameter : parameters_) {
    parameter.mutable_grad() = at::Tensor();
    parameter.set_requires_grad(false);
  }
}

void TunedLayers::set_rate(double lr) {
  for (auto& group : optimizer_->param_groups()) group.options().set_lr(lr);
}

BatchResult TunedLayers::train(const at::Tensor& x, const at::Tensor& labels, std::uint64_t seed) {
  at::manual_seed(seed);
  const ForwardOptions options{.batch_statistics = phase_.batch_statistics,
                               .dropout = options_.dropout};
  const at::Tensor logits = run_from(network_, phase_.cut, x, options);
  std::optional<at::Tensor> class_weights;
  if (class_weights_.defined()) class_weights = class_weights_;
  const at::Tensor loss = at::cross_entropy_loss(logits, labels, class_weights, at::Reduction::Mean,
                                                 -100, options_.label_smoothing);
  const BatchResult result{.loss = loss.item<double>(), .correct = hits(logits, labels)};
  if (!std::isfinite(result.loss)) return result;
  optimizer_->zero_grad();
  loss.backward();
  optimizer_->step();
  return result;
}

BatchResult TunedLayers::measure(const at::Tensor& x, const at::Tensor& labels) const {
  const at::NoGradGuard fixed;
  const at::Tensor logits = run_from(network_, phase_.cut, x, {});
  return {.loss = at::cross_entropy_loss(logits, labels).item<double>(),
          .correct = hits(logits, labels)};
}

TensorMap TunedLayers::tensors() const {
  TensorMap tensors;
  for (const auto& name : tuned_names(network_, phase_.cut)) {
    tensors[name] = network_.tensors.at(name).detach();
  }
  return tensors;
}

std::string TunedLayers::archive() const {
  std::ostringstream out;
  torch::save(*optimizer_, out);
  return out.str();
}

Result<void> TunedLayers::restore(const std::string& archive) {
  try {
    std::istringstream in(archive);
    torch::load(*optimizer_, in);
    return {};
  } catch (const std::exception& e) {
    return Error{.code = ErrorCode::corrupt,
                 .message = "the checkpoint's optimizer state cannot be read",
                 .hint = e.what()};
  }
}

}  // namespace hpo
