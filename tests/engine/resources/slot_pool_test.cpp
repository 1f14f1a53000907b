#include <gmock/gmock.h>

#include "tests/engine/resources/pool_fixture.h"

namespace hpo::resources {
namespace {

using testing::ElementsAre;

class SlotPool : public PoolFixture {};

TEST_F(SlotPool, HasPlainSlotsWithoutDevicesOrFiles) {
  auto slots = make_slot_pool(2);
  EXPECT_EQ(slots->capacity(), 2);
  const auto leases = take_all(*slots);
  ASSERT_EQ(leases.size(), 2U);
  EXPECT_EQ(leases[1].resources(), (Resources{.label = "slot 1"}));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "locks"));
  EXPECT_THAT(slots->slots(), ElementsAre(SlotStatus{.device = "slot 0", .trials = {0}},
                                          SlotStatus{.device = "slot 1", .trials = {1}}));
}

TEST_F(SlotPool, TheLowestFreeSlotIsNext) {
  auto slots = make_slot_pool(3);
  auto leases = take_all(*slots);
  leases[2].release();
  leases[0].release();
  EXPECT_EQ(slots->try_acquire(5)->resources().label, "slot 0");
  EXPECT_EQ(reason(*slots, "slot 2"), "no trial wants it");
}

TEST_F(SlotPool, AdoptsAndSetsAside) {
  auto slots = make_slot_pool(2);
  auto adopted = slots->adopt(Trial{.number = 4, .resource = "slot 1"});
  EXPECT_EQ(slots->try_acquire(5)->resources().label, "slot 0");
  slots->set_aside({.label = "slot 0"}, "failed");
  EXPECT_EQ(slots->capacity(), 1);
  EXPECT_FALSE(slots->try_acquire(5));
  EXPECT_EQ(reason(*slots, "slot 0"), "set aside: failed");
}

TEST_F(SlotPool, ThousandsOfIdleSlotsAreNotListed) {
  auto slots = make_slot_pool(100'000);
  EXPECT_LT(slots->slots().size(), 32U);
  auto adopted = slots->adopt(Trial{.number = 4, .resource = "slot 40"});
  EXPECT_EQ(slots->slots().size(), 41U);
}

}  // namespace
}  // namespace hpo::resources
