#include "trainers/torch_pickle.h"

#include <gmock/gmock.h>

#include <random>

#include "tests/trainers/torch_file.h"

namespace hpo {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Result<std::map<std::string, PickledTensor, std::less<>>> read(const std::string& bytes) {
  return read_torch_pickle({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()},
                           "w.pth");
}

std::string problem(const std::string& bytes) {
  const auto tensors = read(bytes);
  return tensors ? "" : tensors.error().message;
}

TEST(TorchPickle, ReadsAStateDict) {
  const auto tensors =
      read(PickleWriter().state_dict({{"conv1.weight", {4, 3, 2, 2}}, {"n", {}}}).bytes());
  ASSERT_TRUE(tensors) << tensors.error().message;
  ASSERT_EQ(tensors->size(), 2U);
  const PickledTensor& weight = tensors->at("conv1.weight");
  EXPECT_EQ(weight.storage, "0");
  EXPECT_EQ(weight.type, "FloatStorage");
  EXPECT_THAT(weight.shape, ElementsAre(4, 3, 2, 2));
  EXPECT_THAT(weight.stride, ElementsAre(12, 4, 2, 1));
  EXPECT_EQ(tensors->at("n").storage, "1");
}

TEST(TorchPickle, FindsTheStateDictOfACheckpoint) {
  PickleWriter writer;
  writer.raw("}(").text("epoch").integer(7).text("state_dict").state_dict({{"a", {2}}, {"b", {3}}});
  const auto tensors = read(writer.raw("u").bytes());
  ASSERT_TRUE(tensors) << tensors.error().message;
  EXPECT_TRUE(tensors->contains("b"));
}

TEST(TorchPickle, NeverCallsWhatItNames) {
  PickleWriter writer;
  writer.raw("cposix\nsystem\n(").text("touch /tmp/owned").raw("tR");
  EXPECT_THAT(problem(writer.bytes()), HasSubstr("names \"posix system\""));
  PickleWriter stacked;
  stacked.text("builtins").text("eval").raw("\x93");
  EXPECT_THAT(problem(stacked.bytes()), HasSubstr("names \"builtins eval\""));
  PickleWriter storage;
  storage.raw("ctorch\nFloatStorage\n)R");
  EXPECT_THAT(problem(storage.bytes()), HasSubstr("calls torch FloatStorage"));
}

TEST(TorchPickle, RefusesWhatIsDamaged) {
  EXPECT_THAT(problem(""), HasSubstr("ends early"));
  EXPECT_THAT(problem("\x80\x02."), HasSubstr("empty stack"));
  EXPECT_THAT(problem("t."), HasSubstr("no mark"));
  EXPECT_THAT(problem("(1"), HasSubstr("opcode 0x31"));
  EXPECT_THAT(problem("h\x05."), HasSubstr("recalls"));
  EXPECT_THAT(problem("}."), HasSubstr("no tensors by name"));
  EXPECT_THAT(problem("N)a."), HasSubstr("no container"));
  EXPECT_THAT(problem("N(."), HasSubstr("empty stack"));
  EXPECT_THAT(problem("\x8a\x09"
                      "123456789."),
              HasSubstr("64 bits"));
  // A list that contains itself.
  EXPECT_THAT(problem("]q\x01h\x01"
                      "a."),
              HasSubstr("no tensors by name"));
}

TEST(TorchPickle, SurvivesEveryCutAndManyFlippedBytes) {
  const std::string whole =
      PickleWriter().state_dict({{"conv1.weight", {4, 3, 2, 2}}, {"bn1.bias", {4}}}).bytes();
  for (std::size_t n = 0; n < whole.size(); ++n) EXPECT_FALSE(read(whole.substr(0, n))) << n;
  std::mt19937_64 random(1);
  for (int i = 0; i < 5000; ++i) {
    std::string bytes = whole;
    for (int k = 0; k < 3; ++k) bytes[random() % bytes.size()] = static_cast<char>(random());
    const auto tensors = read(bytes);
    EXPECT_TRUE(tensors || !tensors.error().message.empty());
  }
}

}  // namespace
}  // namespace hpo
