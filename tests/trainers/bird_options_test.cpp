#include "trainers/bird_options.h"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "tests/support/paths.h"

namespace hpo {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string problems(const Configuration& configuration) {
  const auto options = bird_options_from(configuration);
  return options ? "" : options.error().message;
}

TEST(BirdOptions, DefaultToTheWorkshops) {
  const auto options = bird_options_from({});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->image_size, 128);
  EXPECT_EQ(options->batch_size, 16);
  EXPECT_EQ(options->initial_epochs, 5);
  EXPECT_EQ(options->epochs(), 40);
  EXPECT_EQ(options->optimizer, "adam");
  EXPECT_EQ(options->dropout, 0.5);
}

TEST(BirdOptions, ReadNumbersAlsoFromText) {
  const auto options = bird_options_from({{"image_size", std::string("96")},
                                          {"initial_lr", std::string("1e-2")},
                                          {"batch_size", 32.0},
                                          {"momentum", std::int64_t{0}},
                                          {"cache", std::string("False")},
                                          {"seed", std::int64_t{9}}});
  ASSERT_TRUE(options) << options.error().message;
  EXPECT_EQ(options->image_size, 96);
  EXPECT_EQ(options->initial_lr, 0.01);
  EXPECT_EQ(options->batch_size, 32);
  EXPECT_EQ(options->momentum, 0);
  EXPECT_FALSE(options->cache);
  EXPECT_EQ(options->seed, 9U);
}

TEST(BirdOptions, NameTheFirstTunedBlockInSeveralWays) {
  const auto from = [](const ParameterValue& value) {
    return bird_options_from({{"fine_tune_from", value}}).value_or(BirdOptions{}).fine_tune_from;
  };
  EXPECT_EQ(from(std::int64_t{7}), 7);
  EXPECT_EQ(from(std::string("features.9")), 9);
  EXPECT_EQ(from(std::string("head")), 19);
  EXPECT_EQ(from(std::string("all")), 0);
  EXPECT_THAT(problems({{"fine_tune_from", std::int64_t{20}}}), HasSubstr("got 20"));
  EXPECT_THAT(problems({{"fine_tune_from", std::string("features.x")}}), HasSubstr("features.x"));
}

TEST(BirdOptions, SayEverythingThatIsWrongAtOnce) {
  const auto text = problems({{"batch_size", std::int64_t{0}},
                              {"dropout", 1.0},
                              {"initial_lr", 0.0},
                              {"optimizer", std::string("adamw")},
                              {"image_sise", std::int64_t{96}},
                              {"taste", std::string("red")}});
  EXPECT_THAT(text, AllOf(HasSubstr("batch_size must be an integer from 1 to 1024, got 0"),
                          HasSubstr("dropout must be a number from 0 and at most 0.95, got 1"),
                          HasSubstr("initial_lr must be a number above 0"),
                          HasSubstr("optimizer must be one of adam, sgd, rmsprop, got adamw"),
                          HasSubstr("image_sise is unknown; did you mean \"image_size\"?"),
                          HasSubstr("taste is no hyperparameter")));
}

TEST(BirdOptions, RefuseWhatIsNoNumber) {
  EXPECT_THAT(problems({{"dropout", std::string("nan")}}), HasSubstr("dropout"));
  EXPECT_THAT(problems({{"dropout", true}}), HasSubstr("dropout"));
  EXPECT_THAT(problems({{"batch_size", 2.5}}), HasSubstr("batch_size"));
  EXPECT_THAT(problems({{"seed", std::int64_t{-1}}}), HasSubstr("seed"));
  EXPECT_THAT(problems({{"alpha", 0.01}}), HasSubstr("alpha"));
  EXPECT_THAT(
      problems({{"initial_epochs", std::int64_t{0}}, {"fine_tuning_epochs", std::int64_t{0}}}),
      HasSubstr("both 0"));
}

TEST(BirdOptions, IgnoreWhatSageMakerAddsItself) {
  EXPECT_EQ(problems({{"sagemaker_program", std::string("train.py")},
                      {"_tuning_objective_metric", std::string("validation:loss")}}),
            "");
}

TEST(BirdOptions, ComeBackFromTheirConfiguration) {
  BirdOptions options{.image_size = 64, .optimizer = "sgd", .alpha = 0.35, .seed = 5};
  options.fine_tune_from = 15;
  const Configuration configuration = to_configuration(options);
  const auto again = bird_options_from(configuration);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(to_configuration(*again), configuration);
  EXPECT_EQ(again->alpha, 0.35);
  EXPECT_FALSE(to_configuration(BirdOptions{}).contains("alpha"));
}

TEST(BirdOptions, AugmentAsTheyWereNamedOrRefined) {
  EXPECT_EQ(augmentation_of({}, false), Augmentation{.mirror = true});
  EXPECT_EQ(augmentation_of({}, true), (Augmentation{.mirror = true, .crop = 0.3}));
  EXPECT_EQ(augmentation_of({.augment = "none"}, true), Augmentation{});
  const Augmentation workshop{.mirror = true, .upend = true, .rotation = 0.3, .crop = 0.15};
  EXPECT_EQ(augmentation_of({.augment = "workshop"}, false), workshop);
  const auto refined = bird_options_from({{"augment", std::string("zoom")},
                                          {"flip", std::string("none")},
                                          {"rotation", 0.1},
                                          {"colour", 0.2},
                                          {"views", std::int64_t{0}}});
  ASSERT_TRUE(refined) << refined.error().message;
  EXPECT_EQ(augmentation_of(*refined, false),
            (Augmentation{.rotation = 0.1, .crop = 0.15, .colour = 0.2}));
  EXPECT_EQ(refined->views, 0);
  EXPECT_THAT(problems({{"views", std::int64_t{65}}}), HasSubstr("views must be an integer"));
  EXPECT_THAT(problems({{"rotation", 0.6}}), HasSubstr("rotation must be a number from 0 to 0.5"));
}

TEST(BirdOptions, AreAllDescribed) {
  const std::string text = describe_bird_options();
  for (const auto& [name, value] : to_configuration(
           {.rotation = 0, .crop = 0, .colour = 0, .views = 1, .alpha = 1, .seed = 1})) {
    EXPECT_THAT(text, HasSubstr(name + " ")) << name;
  }
}

TEST(BirdOptions, AreListedInTheReadme) {
  std::ifstream in(source_dir() + "/README.md");
  const std::string readme(std::istreambuf_iterator<char>(in), {});
  EXPECT_THAT(readme, HasSubstr(describe_bird_options()));
}

}  // namespace
}  // namespace hpo
