#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/db/drivers.h"

namespace huiyin::db {

/// Every driver runs every test of the suite.
class StoreConformance : public testing::TestWithParam<Driver> {
 protected:
  /// Committed, or the test says where not.
  void must_commit(UnitOfWork unit) { EXPECT_EQ(describe(store_->commit(std::move(unit))), "committed"); }
  /// What the store has of a peer's conversation, not by its cache.
  [[nodiscard]] std::optional<Conversation> stored_conversation(const Peer& peer) const {
    return database_.open()->read({.peer = peer}).value().conversation;
  }

  Database database_{GetParam()};
  std::unique_ptr<Store> store_ = database_.open();
};

#define HUIYIN_FOR_EACH_DRIVER(suite)                                    \
  INSTANTIATE_TEST_SUITE_P(Drivers, suite, testing::ValuesIn(drivers()), \
                           [](const auto& driver) { return driver.param.name; })

}  // namespace huiyin::db
