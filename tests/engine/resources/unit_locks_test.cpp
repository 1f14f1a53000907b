#include "engine/resources/unit_locks.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "engine/resources/lock_folder.h"
#include "tests/engine/resources/pool_fixture.h"

namespace hpo::resources {
namespace {

constexpr int kAll = kDeviceUnits;

class UnitLocks : public PoolFixture {
 protected:
  UnitLocks() : path_(*lock_folder() / "device.lock") {}
  LockFile open() {
    auto file = LockFile::open(path_);
    EXPECT_TRUE(file);
    return std::move(*file);
  }
  /// A lease of so many units of device 0; one without a descriptor if they cannot be had.
  static Descriptor lease(const LockFile& file, int units, std::int64_t device = 0) {
    auto description = file.open_for_lease();
    if (!description || !file.lock(*description, device, units)) return {};
    return std::move(*description);
  }
  std::filesystem::path path_;
};

TEST_F(UnitLocks, SharesOfAllSizesNeverExceedTheDevice) {
  const LockFile one = open();
  const LockFile other = open();
  const Descriptor half = lease(one, kAll / 2);
  EXPECT_EQ(other.free_units(0), kAll / 2);
  EXPECT_FALSE(lease(other, kAll));
  const Descriptor third = lease(other, kAll / 3);
  EXPECT_TRUE(third);
  EXPECT_FALSE(lease(one, kAll / 6 + 1));
  EXPECT_TRUE(lease(one, kAll / 6));
}

TEST_F(UnitLocks, AShareMayLieInPieces) {
  const LockFile file = open();
  std::vector<Descriptor> quarters;
  for (int i = 0; i < 4; ++i) quarters.push_back(lease(file, kAll / 4));
  quarters[0].close();
  quarters[2].close();
  EXPECT_EQ(file.free_units(0), kAll / 2);
  const Descriptor half = lease(file, kAll / 2);
  EXPECT_TRUE(half);
  EXPECT_EQ(file.free_units(0), 0);
}

TEST_F(UnitLocks, ClosingTheLastDescriptorFreesTheShare) {
  const LockFile file = open();
  Descriptor share = lease(file, kAll);
  Descriptor inherited(dup(share.get()));
  share.close();
  EXPECT_EQ(file.free_units(0), 0);
  inherited.close();
  EXPECT_EQ(file.free_units(0), kAll);
}

TEST_F(UnitLocks, DevicesOfAFileAreApart) {
  const LockFile file = open();
  const Descriptor second = lease(file, kAll, 1);
  EXPECT_EQ(file.free_units(0), kAll);
  EXPECT_EQ(file.free_units(1), 0);
  EXPECT_EQ(file.free_units(2), kAll);
}

TEST_F(UnitLocks, ALeaseMayHoldSeveralDevicesByOneDescriptor) {
  const LockFile file = open();
  Descriptor both = lease(file, kAll, 0);
  ASSERT_TRUE(file.lock(both, 1, kAll));
  EXPECT_EQ(file.free_units(0) + file.free_units(1), 0);
  both.close();
  EXPECT_EQ(file.free_units(0) + file.free_units(1), 2 * kAll);
}

TEST_F(UnitLocks, TheHoldersPidIsOnRecord) {
  const LockFile file = open();
  EXPECT_EQ(file.holder(0), std::nullopt);
  const Descriptor share = lease(file, kAll / 4);
  EXPECT_EQ(file.holder(0), getpid());
  EXPECT_EQ(file.holder(1), std::nullopt);
}

TEST_F(UnitLocks, FilesAndFolderServeEveryUser) {
  const mode_t before = umask(077);
  const LockFile file = open();
  umask(before);
  struct stat status = {};
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0666U);
  ASSERT_EQ(stat(path_.parent_path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 01777U);
}

TEST_F(UnitLocks, DescriptorsCloseOnExec) {
  const LockFile file = open();
  const auto description = file.open_for_lease();
  ASSERT_TRUE(description);
  EXPECT_TRUE(static_cast<unsigned>(fcntl(description->get(), F_GETFD)) & FD_CLOEXEC);
}

TEST_F(UnitLocks, ALinkInTheFolderIsNotFollowed) {
  std::filesystem::create_symlink(folder_ / "elsewhere", path_);
  const auto file = LockFile::open(path_);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::environment);
  EXPECT_THAT(file.error().message, testing::HasSubstr("device.lock"));
  EXPECT_THAT(file.error().hint, testing::HasSubstr("HPO_LOCK_DIR"));
}

TEST_F(UnitLocks, AFolderThatCannotBeMadeIsAnError) {
  setenv("HPO_LOCK_DIR", "/proc/hpo-locks", 1);
  const auto folder = lock_folder();
  ASSERT_FALSE(folder);
  EXPECT_THAT(folder.error().message, testing::HasSubstr("/proc/hpo-locks"));
}

}  // namespace
}  // namespace hpo::resources
