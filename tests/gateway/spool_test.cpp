#include "gateway/spool.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/gateway/temporary_folder.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

constexpr Time kNoon = Time{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}} + 4h;
const Peer kWang{"wechat:main", "oWang"};
const Peer kLi{"wechat:main", "owang"};  // differs in case only

SpoolRow row(const Peer& peer, const std::string& key, Time received = kNoon) {
  return {.peer = peer, .key = key, .received = received, .raw = std::string("raw\0of ", 7) + key};
}

std::vector<std::string> keys(const std::vector<SpoolRow>& rows) {
  std::vector<std::string> out;
  for (const auto& each : rows) out.push_back(each.key);
  return out;
}

class SpoolTest : public testing::Test {
 protected:
  TemporaryFolder folder_;
  std::unique_ptr<Spool> spool_ = open();
  std::unique_ptr<Spool> open(std::size_t most = 100) { return Spool::open(folder_.file("spool.db"), most).value(); }
};

TEST_F(SpoolTest, GivesBackInTheOrderOfArrival) {
  EXPECT_EQ(spool_->add(row(kWang, "b", kNoon + 1s)), Spool::Added::stored);
  EXPECT_EQ(spool_->add(row(kWang, "a", kNoon)), Spool::Added::stored);
  EXPECT_EQ(spool_->add(row(kLi, "c", kNoon + 1s)), Spool::Added::stored);
  const auto rows = spool_->oldest(10);
  EXPECT_EQ(keys(rows), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(rows[0].raw, row(kWang, "a").raw);
  EXPECT_EQ(rows[0].peer, kWang);
  EXPECT_EQ(rows[0].received, kNoon);
  EXPECT_EQ(keys(spool_->oldest(1)), std::vector<std::string>{"a"});
}

TEST_F(SpoolTest, TakesARepeatOnce) {
  EXPECT_EQ(spool_->add(row(kWang, "a")), Spool::Added::stored);
  EXPECT_EQ(spool_->add(row(kWang, "a")), Spool::Added::present);
  EXPECT_EQ(spool_->size(), 1U);
}

TEST_F(SpoolTest, HoldsThePeersWhoseRowsWait) {
  (void)spool_->add(row(kWang, "a"));
  (void)spool_->add(row(kWang, "b"));
  EXPECT_TRUE(spool_->holds(kWang));
  EXPECT_FALSE(spool_->holds(kLi));
  const auto rows = spool_->oldest(10);
  spool_->remove(rows[0]);
  EXPECT_TRUE(spool_->holds(kWang));
  spool_->remove(rows[1]);
  spool_->remove(rows[1]);  // twice changes nothing
  EXPECT_FALSE(spool_->holds(kWang));
  EXPECT_EQ(spool_->size(), 0U);
}

TEST_F(SpoolTest, IsBounded) {
  spool_ = nullptr;
  spool_ = open(2);
  EXPECT_EQ(spool_->add(row(kWang, "a")), Spool::Added::stored);
  EXPECT_EQ(spool_->add(row(kWang, "b")), Spool::Added::stored);
  EXPECT_EQ(spool_->add(row(kWang, "c")), Spool::Added::full);
  EXPECT_EQ(spool_->add(row(kWang, "b")), Spool::Added::present);
  spool_->remove(spool_->oldest(1).front());
  EXPECT_EQ(spool_->add(row(kWang, "c")), Spool::Added::stored);
}

TEST_F(SpoolTest, WhatIsSetAsideIsKeptAndInNobodysWay) {
  (void)spool_->add(row(kWang, "a"));
  (void)spool_->add(row(kWang, "b"));
  spool_->set_aside(spool_->oldest(1).front(), "bad_signature: its key was withdrawn");
  EXPECT_EQ(keys(spool_->oldest(10)), std::vector<std::string>{"b"});
  EXPECT_EQ(spool_->size(), 1U);
  EXPECT_TRUE(spool_->holds_key("a"));
  EXPECT_FALSE(spool_->holds_key("c"));
  EXPECT_EQ(spool_->add(row(kWang, "a")), Spool::Added::present);
}

TEST_F(SpoolTest, SurvivesARestart) {
  (void)spool_->add(row(kWang, "a"));
  (void)spool_->add(row(kLi, "b"));
  spool_->set_aside(spool_->oldest(10).back(), "why");
  spool_ = nullptr;
  spool_ = open();
  EXPECT_EQ(spool_->size(), 1U);
  EXPECT_TRUE(spool_->holds(kWang));
  EXPECT_FALSE(spool_->holds(kLi));
  EXPECT_EQ(spool_->add(row(kWang, "a")), Spool::Added::present);
}

TEST_F(SpoolTest, IsForItsOwnerAlone) {
  struct stat found {};
  ASSERT_EQ(::stat(folder_.file("spool.db").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
}

TEST(SpoolOpen, SaysWhatIsWrong) {
  const TemporaryFolder folder;
  const auto absent = Spool::open(folder.file("no/such/folder/spool.db"), 10);
  ASSERT_FALSE(absent);
  EXPECT_NE(describe(absent.error()).find("No such file or directory"), std::string::npos) << describe(absent.error());
  std::ofstream(folder.file("text.db")) << std::string(4096, 'x');
  EXPECT_FALSE(Spool::open(folder.file("text.db"), 10));
}

}  // namespace
}  // namespace huiyin::gateway
