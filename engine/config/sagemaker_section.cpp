// `sagemaker:` trials run as training jobs of Amazon SageMaker. The bounds are those of the
// service's API model, so that what is wrong is said before anything is sent.

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>

#include "engine/config/sections.h"
#include "engine/config/suggestions.h"

namespace hpo::config {
namespace {

constexpr double kLongestRuntime_s = 28 * 86'400.0;
constexpr double kLongestKept_s = 21'600;
constexpr std::int64_t kMostInstances = 1000;
constexpr std::int64_t kLargestVolume = 16'384;  ///< GB; an EBS volume's
constexpr std::size_t kMostSubnets = 16;
constexpr std::size_t kMostGroups = 5;
/// The service takes 50 tags, of which hpo sets some itself.
constexpr std::size_t kMostTags = 44;
/// A spot job waits so long for its machine unless the file says otherwise.
constexpr double kSpotPatience_s = 3600;

class SageMakerReader {
 public:
  explicit SageMakerReader(Section& section) : section_(section) {}

  SageMakerSpec read() {
    read_job();
    read_instances();
    read_place();
    read_times();
    read_network();
    read_tags();
    read_cost();
    section_.finish();
    return std::move(spec_);
  }

 private:
  /// A word that matches an expression, or an error that shows its form.
  std::string matched(const char* key, const char* pattern, const std::string& form) {
    const auto text = section_.text(key);
    if (!text) return {};
    if (!RE2::FullMatch(*text, pattern)) {
      section_.error(key, {.message = fmt::format("\"{}\" is none", *text), .expected = form});
    }
    return *text;
  }

  /// A list of words, or one word; each must match.
  std::vector<std::string> words(const char* key, const char* pattern, const std::string& form) {
    const YamlNode* node = section_.find(key);
    if (node == nullptr) return {};
    const auto items = node->is_sequence() ? node->items : std::vector<YamlNode>{*node};
    std::vector<std::string> all;
    for (const auto& item : items) {
      if (item.is_scalar() && RE2::FullMatch(item.text, pattern)) {
        all.push_back(item.text);
        continue;
      }
      section_.findings().error(
          item.place, {.message = fmt::format("{}: {} is none", section_.path(key), describe(item)),
                       .expected = form});
    }
    return all;
  }

  void read_job() {
    section_.require("role", "the ARN of the role that the jobs take on");
    spec_.role = matched("role", R"(arn:aws[a-z\-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+)",
                         "a role's ARN, such as arn:aws:iam::123456789012:role/hpo-training");
    section_.require("image", "the training image in ECR");
    spec_.image = matched("image", R"(\S{1,255})",
                          "an image, such as 123456789012.dkr.ecr.eu-west-1.amazonaws.com/birds:1");
    spec_.spot = section_.boolean("spot").value_or(false);
    spec_.checkpoints = section_.boolean("checkpoints").value_or(true);
    spec_.input_mode = section_.choice("input_mode", {"File", "FastFile", "Pipe"}).value_or("File");
  }

  void read_instances() {
    constexpr const char* kPattern = R"(ml\.[a-z0-9\-]+\.[a-z0-9]+)";
    const std::string form = "an instance type, such as ml.g5.xlarge";
    const bool has_list = section_.find("instance_types") != nullptr;
    const bool has_one = section_.find("instance_type") != nullptr;
    spec_.instance_types = words(has_list ? "instance_types" : "instance_type", kPattern, form);
    if (has_list && has_one) {
      section_.error("instance_type", {.message = "is given beside instance_types",
                                       .hint = "keep one; the types of a list are tried in order"});
    }
    if (!has_list && !has_one) section_.require("instance_type", form);
    spec_.instance_count = static_cast<int>(
        section_.integer("instance_count", {.min = 1, .max = kMostInstances}).value_or(1));
    spec_.volume_gb = static_cast<int>(
        section_.integer("volume", {.min = 1, .max = kLargestVolume}).value_or(30));
  }

  void read_place() {
    section_.require("bucket", "the S3 bucket for channels, checkpoints and models");
    spec_.bucket = matched("bucket", R"([a-z0-9][a-z0-9.\-]{1,61}[a-z0-9])",
                           "a bucket's name, such as my-experiments");
    spec_.prefix = section_.find("prefix") == nullptr
                       ? spec_.prefix
                       : matched("prefix", R"([A-Za-z0-9!_.*'()\-]+(/[A-Za-z0-9!_.*'()\-]+)*)",
                                 "a folder in the bucket, such as team/hpo");
    spec_.region = matched("region", "[a-z]{2}(-[a-z]+)+-[0-9]", "a region, such as eu-west-1");
    constexpr const char* kKey = R"([a-zA-Z0-9:/_\-]+)";
    spec_.kms_key = matched("kms_key", kKey, "a key's id or ARN");
    spec_.volume_kms_key = matched("volume_kms_key", kKey, "a key's id or ARN");
  }

  void read_times() {
    spec_.max_runtime_s = section_.duration_s("max_runtime").value_or(spec_.max_runtime_s);
    if (spec_.max_runtime_s < 1 || spec_.max_runtime_s > kLongestRuntime_s) {
      section_.error("max_runtime", {.message = "must be from 1 s to 28 days"});
    }
    spec_.max_wait_s = section_.duration_s("max_wait")
                           .value_or(spec_.spot ? spec_.max_runtime_s + kSpotPatience_s : 0);
    if (section_.find("max_wait") != nullptr && !spec_.spot) {
      section_.error("max_wait", {.message = "is for spot jobs only", .hint = "add spot: true"});
    } else if (spec_.spot && spec_.max_wait_s < spec_.max_runtime_s) {
      section_.error("max_wait", {.message = "covers waiting and running, and is shorter than "
                                             "max_runtime",
                                  .expected = "at least max_runtime"});
    }
    spec_.keep_alive_s = section_.duration_s("keep_alive").value_or(0);
    if (spec_.keep_alive_s > kLongestKept_s) {
      section_.error("keep_alive", {.message = "must be at most 6 hours"});
    } else if (spec_.keep_alive_s > 0 && spec_.spot) {
      section_.error("keep_alive", {.message = "spot machines are not kept between jobs",
                                    .hint = "remove keep_alive or spot"});
    }
  }

  void read_network() {
    constexpr const char* kId = R"([\-0-9a-zA-Z]{1,32})";
    spec_.subnets = words("subnets", kId, "such as subnet-0a1b2c3d");
    spec_.security_groups = words("security_groups", kId, "such as sg-0a1b2c3d");
    if (spec_.subnets.empty() != spec_.security_groups.empty()) {
      section_.error(spec_.subnets.empty() ? "security_groups" : "subnets",
                     {.message = "a VPC needs both subnets and security_groups"});
    }
    if (spec_.subnets.size() > kMostSubnets || spec_.security_groups.size() > kMostGroups) {
      section_.error("subnets", {.message = "at most 16 subnets and 5 security groups"});
    }
    spec_.encrypt_traffic = section_.boolean("encrypt_traffic").value_or(false);
    spec_.network_isolation = section_.boolean("network_isolation").value_or(false);
  }

  void read_tags() {
    Section tags(section_.find("tags"), section_.path("tags"), "such as {team: vision}",
                 section_.findings());
    if (!tags.is_valid()) return;
    for (const auto& key : tags.node()->keys) {
      const auto value = tags.text(key.text);
      if (!value) continue;
      static const RE2 kForm(R"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)");
      const bool is_free = !key.text.starts_with("aws:") && !key.text.starts_with("hpo:");
      if (!is_free || key.text.empty() || key.text.size() > 128 || value->size() > 256 ||
          !RE2::FullMatch(key.text, kForm) || !RE2::FullMatch(*value, kForm)) {
        tags.error(key.text, {.message = "is no tag",
                              .expected = "letters, digits and _.:/=+-@, not starting with aws: "
                                          "or hpo:"});
      }
      spec_.tags[key.text] = *value;
    }
    if (spec_.tags.size() > kMostTags) {
      section_.error("tags", {.message = fmt::format("at most {} tags", kMostTags)});
    }
  }

  /// `price_per_hour:` one number, or one for each instance type.
  void read_cost() {
    const YamlNode* node = section_.find("price_per_hour");
    if (node != nullptr && node->is_map()) {
      Section prices(node, section_.path("price_per_hour"), "such as {ml.g5.xlarge: 1.41}",
                     section_.findings());
      for (const auto& type : spec_.instance_types) {
        prices.require(type, "its price for an hour");
        add_price(type, prices.number(type), prices, type.c_str());
      }
      prices.finish();
    } else if (node != nullptr) {
      const auto price = section_.number("price_per_hour");
      for (const auto& type : spec_.instance_types) {
        add_price(type, price, section_, "price_per_hour");
      }
    }
    spec_.max_cost = section_.number("max_cost");
    if (spec_.max_cost && !(*spec_.max_cost > 0)) {
      section_.error("max_cost", {.message = "must be > 0"});
    } else if (spec_.max_cost && node == nullptr) {
      section_.error("max_cost", {.message = "needs price_per_hour, because AWS says no prices",
                                  .expected = "such as price_per_hour: 1.41"});
    }
  }

  void add_price(const std::string& type, std::optional<double> price, Section& where,
                 const char* key) {
    if (!price) return;
    if (!(*price > 0)) where.error(key, {.message = "must be > 0"});
    spec_.prices[type] = *price;
  }

  Section& section_;
  SageMakerSpec spec_ = {};
};

}  // namespace

std::optional<SageMakerSpec> read_sagemaker(Section& root) {
  Section section(root.find("sagemaker"), "sagemaker",
                  "such as {role: ..., image: ..., instance_type: ml.g5.xlarge, bucket: ...}",
                  root.findings());
  if (!section.is_valid()) return std::nullopt;
  return SageMakerReader(section).read();
}

void check_sagemaker_limits(const TuningConfig& config, Section& root) {
  constexpr std::size_t kMostHyperparameters = 100;
  constexpr std::size_t kMostMetrics = 40;
  constexpr std::size_t kMostChannels = 20;
  const TrialSpec& trial = config.trial;
  Section section(root.find("trial"), "trial", "", root.findings());
  if (!trial.objective.empty()) {
    section.error("objective", {.message = "runs inside this process, not as a training job",
                                .hint = "remove sagemaker:, or give a command"});
  }
  const auto count = config.study.space.parameters.size() + trial.hyperparameters.size();
  if (count > kMostHyperparameters) {
    section.error("hyperparameters",
                  {.message = fmt::format("a training job takes at most {} hyperparameters, this "
                                          "has {}",
                                          kMostHyperparameters, count)});
  }
  const std::size_t channels = trial.channels.size() + (trial.source.empty() ? 0 : 1);
  if (channels > kMostChannels) {
    section.error("channels", {.message = "a training job takes at most 20 channels"});
  }
  for (const auto& [name, path] : trial.channels) {
    if (!RE2::FullMatch(name, R"([A-Za-z0-9.\-_]{1,64})") ||
        (name == "code" && !trial.source.empty())) {
      section.error("channels", {.message = fmt::format("\"{}\" is no name for a channel of a "
                                                        "training job",
                                                        name),
                                 .expected = "letters, digits and .-_; \"code\" is trial.source"});
    }
  }
  if (trial.metrics.size() > kMostMetrics) {
    section.error("metrics", {.message = "a training job takes at most 40 metrics"});
  }
  for (const auto& [metric, regex] : trial.metrics) {
    if (metric.size() > 255 || regex.size() > 500) {
      section.error("metrics",
                    {.message = fmt::format("\"{}\" is too long for a training job", metric),
                     .expected = "a name of 255 and an expression of 500 characters"});
    }
  }
}

}  // namespace hpo::config
