// Access tokens: fetched by one node at a time, read by all.
#include "tests/db/store_conformance.h"

namespace huiyin::db {
namespace {

using namespace std::chrono_literals;

const std::string kChannel = "wechat:main";

class StoreCredential : public StoreConformance {
 protected:
  bool lease(const std::string& owner, Time known = {}, Time now = kNoon) {
    return store_->lease_credential(kChannel, known, owner, now, 30s).value();
  }
  bool publish(const std::string& owner, const std::string& value, Time now = kNoon) {
    return store_->publish_credential(kChannel, owner, Secret(value), now + 2h, now).value();
  }
  std::string stored() {
    const auto found = store_->find_credential(kChannel).value();
    return found ? found->value.reveal() + " " + format_utc(found->expires) + " " + format_utc(found->refreshed) : "";
  }
};

TEST_P(StoreCredential, IsFetchedByOneOwnerAtATime) {
  EXPECT_EQ(stored(), "");
  EXPECT_TRUE(lease("node-a"));
  EXPECT_FALSE(lease("node-b"));
  EXPECT_TRUE(lease("node-a")) << "the holder may take it again";
  EXPECT_TRUE(lease("node-b", {}, kNoon + 31s)) << "whose holder died is another's";
  EXPECT_FALSE(publish("node-a", "late")) << "and he does not write over it";
  EXPECT_TRUE(publish("node-b", "T1"));
  EXPECT_EQ(stored(), "T1 2026-11-23 06:00:00.000 2026-11-23 04:00:00.000");
}

TEST_P(StoreCredential, IsNotFetchedAgainByWhoHasNotSeenTheNewOne) {
  ASSERT_TRUE(lease("node-a"));
  ASSERT_TRUE(publish("node-a", "T1"));
  EXPECT_FALSE(lease("node-b")) << "node-b still believes that there is none";
  EXPECT_TRUE(lease("node-b", kNoon)) << "the lease went back with the publication";
  EXPECT_TRUE(publish("node-b", "T2", kNoon + 1ms));
  EXPECT_EQ(stored(), "T2 2026-11-23 06:00:00.001 2026-11-23 04:00:00.001");
}

TEST_P(StoreCredential, AnotherChannelsIsAnother) {
  ASSERT_TRUE(lease("node-a"));
  ASSERT_TRUE(publish("node-a", std::string(600, 'x')));
  EXPECT_FALSE(store_->find_credential("wechat:other").value());
  EXPECT_TRUE(store_->lease_credential("wechat:other", {}, "node-b", kNoon, 30s).value());
}

HUIYIN_FOR_EACH_DRIVER(StoreCredential);

}  // namespace
}  // namespace huiyin::db
