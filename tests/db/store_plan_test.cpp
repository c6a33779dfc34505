// On tables of 50,000 rows, analysed, no statement of a hot path reads a table from end to end. The statements are
// those that the code itself executes, recorded on their way to the database.
#include "db/group_writer.h"
#include "db/leases.h"
#include "db/outbox.h"
#include "db/reads.h"
#include "db/receipts.h"
#include "db/staff_reads.h"
#include "tests/db/recording_session.h"
#include "tests/db/store_conformance.h"

namespace huiyin::db {
namespace {

using namespace std::chrono_literals;

// ThreadSanitizer makes the seeding several times slower, and looks at threads, not at plans.
#ifdef __SANITIZE_THREAD__
constexpr int kRows = 10000;
#else
constexpr int kRows = 50000;
#endif

class StorePlan : public StoreConformance {
 protected:
  void seed() const;
  /// What the server says about a statement's plan, one line a step, with what is wrong marked by `FULL SCAN`.
  [[nodiscard]] std::string plan_of(Session& session, const Executed& executed) const;
};

// A row for each n below kRows, made of a template in which {n} is that number.
std::string insert_many(const std::string& columns, const std::string& values) {
  const std::string digits =
      "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4"
      " UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)";
  return "INSERT INTO " + columns + " SELECT " + values +
         " FROM (SELECT a.d+10*b.d+100*c.d+1000*e.d+10000*f.d AS n FROM " + digits + " a, " + digits + " b, " + digits +
         " c, " + digits + " e, " + digits + " f WHERE f.d<" + std::to_string(kRows / 10000) + ") numbers";
}

void StorePlan::seed() const {
  const auto session = database_.connect();
  const bool mysql = session->dialect().name() == "mysql";
  const std::string peer = mysql ? "CONCAT('o',n)" : "'o'||n";
  const std::string key = mysql ? "CONCAT('k',n)" : "'k'||n";
  const std::string now = "'2026-11-23 04:00:00.000'", free = "'','1970-01-01 00:00:00.000',0";
  const std::vector<std::string> statements = {
      insert_many("inbox (id,delivery_key,channel,peer,raw,received,request_id,reply_moved)",
                  "n+1," + key + ",'wechat:main'," + peer + ",x'78'," + now + ",'',0"),
      insert_many(
          "conversations (id,channel,address,locale,dialog,more,push_windows,opted_out,gone,with_human,version)",
          "n+1,'wechat:main'," + peer + ",'zh','{}','','[]',0,0,0,1"),
      insert_many("contacts (id,name,phone,phone_verified,addresses,locale,version)", "n+1,'n','p',0,'[]','',1"),
      insert_many(
          "tickets (id,number,channel,address,name,phone,reported_for,place_text,category,subcategory,description,"
          "priority,danger,audit,status,preferred_visit,may_enter,chargeable,quote_cents,opened,request_id,version,"
          "estate_id,department_id,assignee_id,merged_into,matter,place_id)",
          "n+1,n+1000,'wechat:main'," + peer +
              ",'','','','','repair','','','normal','','',CASE WHEN n%100=0 THEN "
              "'opened' ELSE 'closed' END,'',0,0,0," +
              now +
              ",'',1,n%50+1,n%20+1,CASE WHEN n%3=0 THEN NULL ELSE n%200+1 END,CASE WHEN n%20=19 THEN n ELSE NULL "
              "END,n%977,"
              "CASE WHEN n%10=0 THEN n%977 ELSE NULL END"),
      insert_many("staff (id,estate_id,department_id,role,name,phone,disabled,version)",
                  "n+1,CASE WHEN n%500=0 THEN NULL ELSE n%50+1 END,n%20+1,'agent'," + peer + ",'',0,1"),
      insert_many("staff_peers (channel,address,staff_id)", "'workchat:main'," + peer + ",n+1"),
      insert_many("duties (staff_id,from_at,until_at,is_leave)", "n+1," + now + ",'2026-12-01 00:00:00.000',0"),
      insert_many(
          "ticket_history (id,ticket_id,at,action,from_status,to_status,owner_visible,actor_kind,actor_id,channel,"
          "delivery_key,words)",
          "n+1,n+1," + now + ",'open','opened','opened',1,'owner',0,'','',''"),
      insert_many("surveys (id,ticket_id,channel,address,closing,suggestion,outcome,asked,expires,version)",
                  "n+1,n+1,'wechat:main'," + peer + ",1,'',''," + now + "," + now + ",1"),
      insert_many(
          "attachments (id,conversation_id,ticket_id,kind,stage,file_name,sha256,mime_type,size_bytes,received)",
          "n+1,n+1,n+1,'image','before','','','',0," + now),
      insert_many("outbox (id,channel,address,message_key,message,created,due,ordered,urgent,state,attempts,last_error,"
                  "provider_id,request_id,ticket_id)",
                  "n+1,'wechat:main'," + peer + "," + key + ",'{}'," + now + "," + now +
                      ",0,0,CASE WHEN n%100=0 THEN 'waiting' ELSE 'sent' END,0,''," + key +
                      ",'',CASE WHEN n%10=0 THEN NULL ELSE n+1 END"),
      insert_many("early_receipts (channel,receipt_id,state,may_pass,detail,received,due)",
                  "'wechat:main'," + (mysql ? "CONCAT('x',n)" : std::string("'x'||n")) + ",'delivered',0,''," + now +
                      ",CASE WHEN n<100 THEN " + now + " ELSE '2026-12-01 00:00:00.000' END"),
      insert_many(
          "outbox_queue (id,channel,address,due,lease_owner,lease_expires,claim)",
          "n+1,'wechat:main'," + peer + ",CASE WHEN n<100 THEN " + now + " ELSE '2026-12-01 00:00:00.000' END," + free),
      insert_many("timers (id,due,kind,subject,lease_owner,lease_expires,claim)",
                  "n+1,CASE WHEN n<100 THEN " + now + " ELSE '2026-12-01 00:00:00.000' END,'draft',''," + free)};
  for (const auto& statement : statements) session->execute(statement);
  if (!mysql) return session->execute("ANALYZE");
  auto& analyze = session->prepare(
      "ANALYZE TABLE "
      "inbox,conversations,contacts,tickets,ticket_history,surveys,attachments,outbox,outbox_queue,early_receipts,"
      "timers,staff,staff_peers,duties");
  analyze.query();
  while (analyze.next()) continue;
}

std::string StorePlan::plan_of(Session& session, const Executed& executed) const {
  const bool mysql = session.dialect().name() == "mysql";
  auto& explain = session.prepare((mysql ? "EXPLAIN " : "EXPLAIN QUERY PLAN ") + executed.sql);
  bind_again(explain, executed.bound);
  explain.query();
  std::string out;
  while (explain.next()) {
    explain.integer();  // both begin with an id
    if (mysql) {
      explain.text();
      const auto table = explain.optional_text().value_or("-"), type = explain.optional_text().value_or("-");
      explain.optional_text();
      const auto index = explain.optional_text().value_or("-");
      const bool scan = (type == "ALL" || type == "index") && !table.starts_with("<derived");
      out += table + " " + type + " " + index + (scan ? " FULL SCAN" : "") + "\n";
    } else {
      explain.integer();
      explain.integer();
      const auto detail = explain.text();
      // What is made on the way may be read from end to end: a subquery's rows, the values of an IN.
      const bool made = detail.starts_with("SCAN newest") || detail.starts_with("SCAN first_rows") ||
                        detail.starts_with("SCAN (subquery-") || detail.find("CONSTANT ROW") != std::string::npos;
      out += detail + (detail.starts_with("SCAN ") && !made ? " FULL SCAN" : "") + "\n";
    }
  }
  return out;
}

/// Does once what the daemon does all the time.
void do_everything(Session& session) {
  const Peer peer{"wechat:main", "o4711"};
  const Wants all{
      .peer = peer, .contact = true, .tickets = true, .numbers = {{1005}, {1006}}, .survey = true, .attachments = true};
  Conversation known;
  known.peer = peer;
  known.contact = ContactId{5};
  known.dialog.attachments = {AttachmentId{5}, AttachmentId{6}, AttachmentId{7}};
  EXPECT_FALSE(read_snapshot(session, all, {}).tickets.empty());
  EXPECT_FALSE(read_snapshot(session, all, known).attachments.empty());
  const Peer staff{"workchat:main", "o4711"};
  const auto his = read_snapshot(session,
                                 {.peer = staff,
                                  .speaker = true,
                                  .work = true,
                                  .details = true,
                                  .ticket_ids = {TicketId{5}, TicketId{6}},
                                  .roster = RosterWants{EstateId{1}, kNoon, true},
                                  .near = NearWants{200, PlaceId{200}, peer, kNoon - 1h}},
                                 {});
  EXPECT_TRUE(his.speaker);
  EXPECT_EQ(his.history.size(), 2U);
  EXPECT_FALSE(his.roster.empty());
  EXPECT_FALSE(his.near.empty());
  EXPECT_FALSE(duties_of(session, StaffId{5}, kNoon).empty());
  EXPECT_TRUE(find_ticket(session, {1005}));
  EXPECT_FALSE(history_of(session, TicketId{5}).empty());
  EXPECT_FALSE(attachments_of(session, TicketId{5}).empty());
  EXPECT_TRUE(find_inbox(session, "k5"));
  EXPECT_FALSE(list_tickets(session, {.estate = EstateId{1}, .open_only = true}).empty());
  EXPECT_FALSE(list_tickets(session, {.status = TicketStatus::opened}).empty());
  std::vector<Peer> peers;
  for (int i = 0; i < 20; ++i) peers.push_back({"wechat:main", "o" + std::to_string(i * 100)});
  EXPECT_EQ(waiting_rows(session, peers, 10).size(), 20U);
  EXPECT_EQ(conversations_of(session, peers).size(), 20U);
  EXPECT_EQ(lease_destinations(session, "node", "wechat:main", kNoon, 30s, 16).size(), 16U);
  EXPECT_EQ(renew_destinations(session, "node", {peer, {"wechat:main", "o1"}}, kNoon + 30s).size(), 1U)
      << "the other is not leased";
  EXPECT_EQ(tickets_by_id(session, {TicketId{5}, TicketId{6}, TicketId{7}}).size(), 3U);
  static_cast<void>(verified_peers(session, {ContactId{5}, ContactId{6}}));
  bring_forward(session, {peer, {"wechat:main", "o2"}}, kNoon);
  EXPECT_TRUE(oldest_waiting(session));
  EXPECT_TRUE(find_outbox(session, OutboxId{5}));
  EXPECT_EQ(lease_timers(session, "node", kNoon, 30s, 16).size(), 16U);
  settle(session, "node",
         {{.id = OutboxId{5}, .attempts = 1, .provider_id = "x"},
          {.id = OutboxId{6}, .attempts = 1},
          {.id = OutboxId{101}, .state = OutboxState::waiting, .next_due = kNoon + 1min, .attempts = 1}},
         {{peer, std::nullopt}, {{"wechat:main", "o1"}, kNoon}}, kNoon);
  EXPECT_THAT(match_early_receipts(session, kNoon + 2h), testing::SizeIs(100)) << "older than an hour, and nobody's";

  const auto encoded = [&](const char* key, std::int64_t n) {
    auto unit = unit_of(key);
    unit.id = UnitId{1000000 + n};
    unit.moves_reply_of = "k5";
    unit.conversation = conversation_of({"wechat:main", "o" + std::to_string(n - 1)});
    unit.conversation->id = ConversationId{n};
    unit.conversation->version = 1;
    unit.contacts = {Contact{.id = ContactId{n}, .version = 1}};
    unit.tickets = {ticket_of(peer, n + 999)};
    unit.tickets[0].id = TicketId{n};
    unit.tickets[0].version = 1;
    unit.surveys = {survey_of(peer, TicketId{n})};
    unit.surveys[0].id = SurveyId{n};
    unit.surveys[0].version = 1;
    unit.outbox_cancelled = {OutboxId{n}};
    unit.receipts = {{"k" + std::to_string(n), ReceiptState::delivered, ""}};
    unit.inbox.channel = "wechat:main";
    unit.timers_cancelled = {TimerId{n}};
    return encode_unit(unit);
  };
  const std::vector<EncodedUnit> units = {encoded("k7", 8),  encoded("timer:9:1", 9), encoded("timer:10", 10),
                                          encoded("n1", 11), encoded("n2", 12),       encoded("n3", 13)};
  std::vector<const EncodedUnit*> group;
  for (const auto& unit : units) group.push_back(&unit);
  GroupWriter writer(session);
  const auto together = writer.write(group, false);
  EXPECT_EQ(describe(*together[0]), "duplicate");
  for (std::size_t i = 1; i < group.size(); ++i) EXPECT_EQ(describe(*together[i]), "committed");
  const auto alone = encoded("n4", 14);
  const EncodedUnit* const one[] = {&alone};
  EXPECT_EQ(describe(*writer.write(one, true)[0]), "committed");
}

TEST_P(StorePlan, NoHotStatementReadsAWholeTable) {
  seed();
  const auto session = database_.connect();
  RecordingSession recording(*session);
  do_everything(recording);
  int explained = 0;
  for (const auto& [sql, executed] : recording.executed()) {
    if (!sql.starts_with("SELECT") && !sql.starts_with("UPDATE") && !sql.starts_with("DELETE")) continue;
    const auto plan = plan_of(*session, executed);
    EXPECT_THAT(plan, testing::Not(testing::HasSubstr("FULL SCAN"))) << sql;
    ++explained;
  }
  EXPECT_GT(explained, 25);
  // And a full scan would have been seen.
  for (const auto* const sql :
       {"SELECT id FROM tickets WHERE name='x'", "UPDATE outbox SET attempts=1 WHERE last_error='x'",
        "SELECT id FROM conversations ORDER BY more"}) {
    EXPECT_THAT(plan_of(*session, {sql, {}}), testing::HasSubstr("FULL SCAN")) << sql;
  }
}

HUIYIN_FOR_EACH_DRIVER(StorePlan);

}  // namespace
}  // namespace huiyin::db
