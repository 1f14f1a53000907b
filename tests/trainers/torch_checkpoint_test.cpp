#include "trainers/torch_checkpoint.h"

#include <caffe2/serialize/inline_container.h>
#include <gmock/gmock.h>

#include "tests/trainers/images/photo_files.h"
#include "tests/trainers/torch_file.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

/// The zip that torch.save writes: data.pkl and the storages, here of floats 0, 1, 2, ...
void write_checkpoint(const fs::path& file, const std::string& pickle,
                      const std::vector<std::size_t>& elements) {
  caffe2::serialize::PyTorchStreamWriter zip(file.string());
  zip.writeRecord("data.pkl", pickle.data(), pickle.size());
  for (std::size_t i = 0; i < elements.size(); ++i) {
    std::vector<float> values(elements[i]);
    for (std::size_t k = 0; k < values.size(); ++k) values[k] = static_cast<float>(k);
    zip.writeRecord("data/" + std::to_string(i), values.data(), values.size() * sizeof(float));
  }
  zip.writeEndOfFile();
}

TEST(TorchCheckpoint, GivesTheTensorsByName) {
  TempFolder folder;
  const fs::path file = folder / "w.pth";
  write_checkpoint(file, PickleWriter().state_dict({{"a.weight", {2, 3}}, {"b", {1}}}).bytes(),
                   {6, 1});
  const auto read = read_torch_checkpoint(file);
  ASSERT_TRUE(read) << read.error().message;
  const TensorView& a = read->tensors.at("a.weight");
  EXPECT_THAT(a.shape, ElementsAre(2, 3));
  const auto* values = reinterpret_cast<const float*>(a.bytes.data());
  EXPECT_THAT(std::vector<float>(values, values + 6), ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_TRUE(check_tensors(*read, {{"a.weight", {2, 3}}, {"b", {1}}}, "w.pth"));
}

TEST(TorchCheckpoint, RefusesTensorsBeyondTheirStorage) {
  TempFolder folder;
  const fs::path file = folder / "w.pth";
  for (const std::vector<std::int64_t>& shape :
       {std::vector<std::int64_t>{7}, {1 << 30, 1 << 30}, {-1}, {2, 4}}) {
    write_checkpoint(file, PickleWriter().state_dict({{"a", shape}}).bytes(), {6});
    const auto read = read_torch_checkpoint(file);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, ErrorCode::corrupt);
    EXPECT_THAT(read.error().message, HasSubstr("its tensor a"));
  }
}

TEST(TorchCheckpoint, RefusesWhatIsNoCheckpoint) {
  TempFolder folder;
  EXPECT_EQ(read_torch_checkpoint(folder / "none.pth").error().code, ErrorCode::not_found);
  write_file(folder / "text.pth", std::string("no zip"));
  EXPECT_THAT(read_torch_checkpoint(folder / "text.pth").error().hint, HasSubstr("zip form"));
  const fs::path missing = folder / "missing.pth";
  write_checkpoint(missing, PickleWriter().state_dict({{"a", {2}}, {"b", {2}}}).bytes(), {2});
  EXPECT_EQ(read_torch_checkpoint(missing).error().code, ErrorCode::corrupt);
  write_checkpoint(missing, PickleWriter().raw("cos\nsystem\n").bytes(), {});
  EXPECT_THAT(read_torch_checkpoint(missing).error().message, HasSubstr("names \"os system\""));
  Bytes bytes = file_content(missing);
  bytes.resize(bytes.size() / 2);
  write_file(folder / "cut.pth", bytes);
  EXPECT_EQ(read_torch_checkpoint(folder / "cut.pth").error().code, ErrorCode::corrupt);
}

}  // namespace
}  // namespace hpo
