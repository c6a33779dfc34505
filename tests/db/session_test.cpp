// What a driver binds and reads back, below the store.
#include "tests/db/store_conformance.h"

namespace huiyin::db {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Sessions : public testing::TestWithParam<Driver> {
 protected:
  Sessions() {
    database_.execute("CREATE TABLE bound (id bigint NOT NULL PRIMARY KEY, words text, raw blob)");
    if (session_->dialect().name() == "mysql") {
      database_.execute("ALTER TABLE bound MODIFY words mediumtext CHARACTER SET utf8mb4, MODIFY raw mediumblob");
    }
  }

  Database database_{GetParam()};
  std::unique_ptr<Session> session_ = database_.connect();
};
HUIYIN_FOR_EACH_DRIVER(Sessions);

TEST_P(Sessions, WhatIsBoundIsReadBack) {
  const std::string texts[] = {"",
                               "厨房漏水",
                               "𠮷🏠",
                               std::string(511, 'x'),
                               std::string(512, 'x'),
                               std::string(513, 'x'),
                               std::string(70000, 'y'),
                               std::string("a\0b", 3)};
  const std::string raw("\xff\xfe\0\x80", 4);
  std::int64_t id = -1;
  for (const auto& text : texts) {
    auto& insert = session_->prepare("INSERT INTO bound (id,words,raw) VALUES (?,?,?)");
    EXPECT_EQ(insert.bind(++id).bind(text).bind_bytes(raw + text).run(), 1);
    auto& row = session_->prepare("SELECT id,words,raw,words FROM bound WHERE id=?").bind(id);
    row.query();
    ASSERT_TRUE(row.next());
    EXPECT_EQ(row.integer(), id);
    EXPECT_EQ(row.text(), text);
    EXPECT_EQ(row.text(), raw + text);
    EXPECT_EQ(row.optional_text(), text);
    EXPECT_FALSE(row.next());
  }
}

TEST_P(Sessions, NullsAndNumbersAreReadAsWhatTheyAre) {
  auto& insert = session_->prepare("INSERT INTO bound (id,words,raw) VALUES (?,?,?),(?,?,?)");
  insert.bind(std::numeric_limits<std::int64_t>::min()).bind_null().bind_null();
  EXPECT_EQ(insert.bind(std::numeric_limits<std::int64_t>::max()).bind("7").bind_null().run(), 2);
  auto& row = session_->prepare("SELECT id,words,words,raw FROM bound ORDER BY id");
  row.query();
  ASSERT_TRUE(row.next());
  EXPECT_EQ(row.integer(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(row.optional_text(), std::nullopt);
  EXPECT_EQ(row.integer(), 0);
  EXPECT_EQ(row.text(), "");
  ASSERT_TRUE(row.next());
  EXPECT_EQ(row.integer(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(row.optional_small(), 7) << "a number that is kept as text";
  EXPECT_FALSE(row.next());
  auto& sum = session_->prepare("SELECT COUNT(*),SUM(CASE WHEN words='7' THEN 2 ELSE 0 END),MAX(id) FROM bound");
  sum.query();
  ASSERT_TRUE(sum.next());
  EXPECT_EQ(sum.integer(), 2);
  EXPECT_EQ(sum.integer(), 2);
  EXPECT_EQ(sum.integer(), std::numeric_limits<std::int64_t>::max());
  EXPECT_FALSE(sum.next());
}

TEST_P(Sessions, AStreamReadsTheSameAsAStatement) {
  session_->prepare("INSERT INTO bound (id,words,raw) VALUES (?,?,?)").bind(-3).bind("漏水").bind_null().run();
  const auto row = session_->stream("SELECT id,words,raw,raw FROM bound");
  row->query();
  ASSERT_TRUE(row->next());
  EXPECT_EQ(row->integer(), -3);
  EXPECT_EQ(row->text(), "漏水");
  EXPECT_EQ(row->integer(), 0);
  EXPECT_EQ(row->optional_text(), std::nullopt);
  EXPECT_FALSE(row->next());
}

TEST_P(Sessions, AStatementHoldsItsRowsWhileAnotherRuns) {
  for (std::int64_t id = 1; id <= 3; ++id)
    session_->prepare("INSERT INTO bound (id,words) VALUES (?,?)").bind(id).bind("x").run();
  auto& all = session_->prepare("SELECT id FROM bound ORDER BY id");
  std::vector<std::int64_t> ids;
  all.query();
  while (all.next()) {
    ids.push_back(all.integer());
    auto& one = session_->prepare("UPDATE bound SET words=? WHERE id=?");
    EXPECT_EQ(one.bind("y").bind(ids.back()).run(), 1);
  }
  EXPECT_THAT(ids, ElementsAre(1, 2, 3));
  auto& half = session_->prepare("UPDATE bound SET words=? WHERE id=?").bind("never run");
  EXPECT_EQ(session_->prepare("UPDATE bound SET words=? WHERE id=?").bind("z").bind(2).run(), 1) << "bound anew";
  EXPECT_EQ(&half, &session_->prepare("UPDATE bound SET words=? WHERE id=?"));
  EXPECT_EQ(database_.ask("SELECT words FROM bound WHERE id=2"), "z");
}

TEST_P(Sessions, WhatIsSentIsCountedInItsOrder) {
  session_->begin();
  auto& insert = session_->prepare("INSERT INTO bound (id,words) VALUES (?,?)");
  for (std::int64_t id = 1; id <= 3; ++id) session_->send(insert.bind(id).bind("x"));
  session_->send(session_->prepare("UPDATE bound SET words=? WHERE id>?").bind("y").bind(1));
  session_->send(session_->prepare("DELETE FROM bound WHERE id=?").bind(9));
  EXPECT_THAT(session_->receive(), ElementsAre(1, 1, 1, 2, 0));
  EXPECT_THAT(session_->receive(), IsEmpty());
  session_->commit();
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM bound WHERE words='y'"), "2");
}

TEST_P(Sessions, WhatIsAskedBetweenWaitsForWhatWasSent) {
  session_->begin();
  auto& insert = session_->prepare("INSERT INTO bound (id,words) VALUES (?,?)");
  session_->send(insert.bind(1).bind("x"));
  auto& row = session_->prepare("SELECT words FROM bound WHERE id=?").bind(1);
  row.query();
  ASSERT_TRUE(row.next());
  EXPECT_EQ(row.text(), "x");
  EXPECT_FALSE(row.next());
  session_->send(insert.bind(2).bind("x"));
  EXPECT_EQ(session_->prepare("UPDATE bound SET words=?").bind("y").run(), 2);
  session_->send(insert.bind(3).bind("x"));
  session_->execute("UPDATE bound SET words='z' WHERE id=3");
  session_->send(insert.bind(4).bind("x"));
  session_->commit();
  EXPECT_EQ(database_.ask("SELECT words FROM bound WHERE id=3"), "z");
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM bound"), "4");
  session_->begin();
  EXPECT_THAT(session_->receive(), IsEmpty()) << "what was counted before this transaction";
  session_->rollback();
}

TEST_P(Sessions, TheFirstErrorOfWhatWasSentIsThrownAndTheSessionGoesOn) {
  session_->execute("INSERT INTO bound (id,words) VALUES (1,'x')");
  auto& insert = session_->prepare("INSERT INTO bound (id,words) VALUES (?,?)");
  const auto send_all = [&] {
    session_->send(insert.bind(2).bind("x"));
    session_->send(insert.bind(1).bind("taken"));
    session_->send(insert.bind(3).bind("x"));
    return session_->receive();
  };
  session_->begin();
  EXPECT_THROW(static_cast<void>(send_all()), SqlError);
  session_->rollback();
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM bound"), "1");
  session_->begin();
  session_->send(insert.bind(2).bind("x"));
  EXPECT_THAT(session_->receive(), ElementsAre(1)) << "nothing is left of what failed";
  session_->commit();
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM bound"), "2");
}

TEST_P(Sessions, WhatIsToBeCommittedBehindIsOnlyWhereTheLastStatementCountedOneRow) {
  const auto writer = database_.connect(SessionUse::writing);
  const std::string condition(writer->dialect().counted_one());
  session_->execute("INSERT INTO bound (id,words) VALUES (1,'old')");
  struct Row {
    std::int64_t inserted, updated;
    bool committed;
  };
  for (const auto& [inserted, updated, committed] :
       {Row{2, 1, true}, Row{1, 1, false}, Row{3, 99, false}, Row{4, 1, true}}) {
    const auto before = database_.ask("SELECT COUNT(*) FROM bound");
    bool behind = false;
    {
      Transaction transaction(*writer);
      writer->send(writer->prepare("INSERT INTO bound (id,words) SELECT ?,'new' WHERE ? NOT IN (SELECT id FROM bound)")
                       .bind(inserted)
                       .bind(inserted));
      writer->send(
          writer->prepare("UPDATE bound SET words=? WHERE id=?" + (condition.empty() ? "" : " AND " + condition))
              .bind("by " + std::to_string(inserted))
              .bind(updated));
      behind = writer->commit_behind();
      writer->depart(Session::Answers::together);
      const auto counts = writer->receive();
      ASSERT_EQ(counts.size(), 2U) << "the COMMIT's own is not told";
      const bool good = counts[0] == 1 && counts[1] == 1;
      EXPECT_EQ(good, committed) << inserted;
      const bool there = database_.ask("SELECT COUNT(*) FROM bound") != before;
      EXPECT_EQ(there, committed && behind) << inserted;
      if (good) transaction.commit();
    }
    EXPECT_EQ(behind, !condition.empty());
    EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM bound") != before, committed) << inserted;
  }
  EXPECT_EQ(database_.ask("SELECT words FROM bound WHERE id=1"), "by 4");
}

TEST_P(Sessions, AfterAnErrorNothingIsCommittedBehind) {
  const auto writer = database_.connect(SessionUse::writing);
  writer->execute("INSERT INTO bound (id,words) VALUES (1,'x')");
  if (writer->dialect().name() == "mysql") writer->execute("COMMIT");
  const auto send_all = [&] {
    writer->send(writer->prepare("INSERT INTO bound (id,words) VALUES (?,'x')").bind(2));
    writer->send(writer->prepare("INSERT INTO bound (id,words) VALUES (?,'taken')").bind(1));
    static_cast<void>(writer->commit_behind());
    return writer->receive();
  };
  writer->begin();
  EXPECT_THROW(static_cast<void>(send_all()), SqlError);
  writer->rollback();
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM bound"), "1");
}

TEST_P(Sessions, ErrorsSayWhatCanBeDone) {
  session_->execute("INSERT INTO bound (id,words) VALUES (1,'x')");
  const struct {
    const char* sql;
    SqlError::Kind kind;
  } cases[] = {{"INSERT INTO bound (id,words) VALUES (1,'y')", SqlError::Kind::refused},
               {"INSERT INTO bound (id,words) VALUES (NULL,'y')", SqlError::Kind::refused},
               {"SELECT nothing FROM nowhere", SqlError::Kind::broken}};
  for (const auto& [sql, kind] : cases) {
    try {
      session_->execute(sql);
      ADD_FAILURE() << sql;
    } catch (const SqlError& error) {
      EXPECT_EQ(error.kind(), kind) << sql << ": " << error.what();
    }
    try {
      session_->prepare(sql).run();
      ADD_FAILURE() << sql;
    } catch (const SqlError& error) {
      EXPECT_EQ(error.kind(), kind) << sql << ": " << error.what();
    }
  }
  EXPECT_EQ(session_->prepare("UPDATE bound SET words=?").bind("z").run(), 1) << "the session lives on";
}

}  // namespace
}  // namespace huiyin::db
