#include "trainers/images/channels.h"

#include <fmt/format.h>

namespace hpo {

const char* channel_name(Channel channel) {
  switch (channel) {
    case Channel::train:
      return "train";
    case Channel::validation:
      return "validation";
    case Channel::test:
      return "test";
  }
  fail_check("a channel of no name", __FILE__, __LINE__);
}

std::vector<ClassCounts> count_channels(const PhotoSource& source) {
  std::vector<ClassCounts> counts;
  for (const auto& name : source.classes) counts.push_back({.name = name});
  for (const auto& photo : source.photos) {
    ClassCounts& count = counts[static_cast<std::size_t>(photo.label)];
    count.train += photo.channel == Channel::train ? 1 : 0;
    count.validation += photo.channel == Channel::validation ? 1 : 0;
    count.test += photo.channel == Channel::test ? 1 : 0;
  }
  return counts;
}

Result<void> check_fractions(double validation, double test) {
  const auto bad = [](double fraction) { return !(fraction >= 0.0 && fraction < 1.0); };
  if (!bad(validation) && !bad(test)) return {};
  return Error{.message = fmt::format("--{}: must be at least 0 and below 1, got {}",
                                      bad(validation) ? "validation" : "test",
                                      bad(validation) ? validation : test)};
}

}  // namespace hpo
