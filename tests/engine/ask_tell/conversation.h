#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "engine/ask_tell/ask_tell.h"

namespace hpo {

/// A conversation about one study; `begin` again: the next one about what the store holds.
class Conversation : public testing::Test {
 protected:
  Conversation() {
    config.study.name = "talk";
    config.study.objectives = {{.metric = "loss", .goal = Goal::minimize}};
    config.study.space.parameters = {{.name = "x", .domain = FloatParameter{.min = 0, .max = 1}},
                                     {.name = "k", .domain = IntParameter{.min = 1, .max = 9}}};
    config.study.seed = 3;
    config.strategy.name = "random";
  }

  void begin() {
    session.reset();
    sampler =
        make_sampler(config.strategy.name, nlohmann::json::object(), config.study.space).value();
    auto opened = store->open(config.study, {});
    ASSERT_TRUE(opened) << opened.error().message;
    session = std::make_unique<AskTell>(config, std::move(*opened), *sampler, *store);
    ASSERT_TRUE(session->prepare());
  }

  /// The answers to a line, as text.
  std::vector<std::string> lines(const std::string& request) {
    if (!session) begin();
    std::vector<std::string> answers;
    session->handle(request, [&](std::string_view line) {
      answers.emplace_back(line);
      return true;
    });
    return answers;
  }
  /// The only answer to a line.
  nlohmann::json say(const std::string& request) {
    const auto answers = lines(request);
    EXPECT_EQ(answers.size(), 1U) << request;
    return nlohmann::json::parse(answers.at(0));
  }
  std::string error(const std::string& request) {
    const auto answer = say(request);
    EXPECT_EQ(answer.size(), 1U) << answer;
    return answer.value("error", "no error: " + answer.dump());
  }
  [[nodiscard]] const Trial& trial(std::size_t number) const {
    return *session->study().trials.at(number);
  }

  TuningConfig config = {};
  std::unique_ptr<StudyStore> store = make_memory_store();
  std::unique_ptr<Sampler> sampler = {};
  std::unique_ptr<AskTell> session = {};
};

}  // namespace hpo
