#include "bench/report_seed.h"

#include <algorithm>
#include <string>

#include "core/ids.h"
#include "gateway/stable_id.h"

namespace huiyin::bench {
namespace {

constexpr int kPart = 50'000;  // tickets in one transaction
constexpr std::int64_t kYear_ms = 365LL * 24 * 3600 * 1000;
constexpr std::int64_t kIdStep = 1LL << (IdSource::kNodeBits + IdSource::kCounterBits);

/// What MySQL and SQLite write differently. Times are expressions of milliseconds since 1970.
class Writer {
 public:
  Writer(bool mysql, int tickets)
      : mysql_(mysql),
        begin_ms_(Time(std::chrono::sys_days(std::chrono::year{2025} / 11 / 1)).time_since_epoch().count()),
        step_ms_(kYear_ms / std::max(1, tickets)) {}

  [[nodiscard]] std::string moment(const std::string& after_ms) const {
    const auto ms = "(" + opened_ms() + "+" + after_ms + ")";
    if (mysql_) return "TIMESTAMPADD(MICROSECOND,1000*" + ms + ",'1970-01-01')";
    return "strftime('%Y-%m-%d %H:%M:%f'," + ms + "/1000.0,'unixepoch')";
  }
  /// An id of that moment; `number` tells those of one moment apart.
  [[nodiscard]] std::string id(const std::string& after_ms, const std::string& number) const {
    const auto epoch = time_of_id(0).time_since_epoch().count();
    return "(" + opened_ms() + "+" + after_ms + "-" + std::to_string(epoch) + ")*" + std::to_string(kIdStep) + "+" +
           number;
  }
  /// `a` / `b` without a remainder.
  [[nodiscard]] std::string divided(const std::string& a, const std::string& b) const {
    return "(" + a + (mysql_ ? " DIV " : "/") + b + ")";
  }

 private:
  [[nodiscard]] std::string opened_ms() const {
    return "(" + std::to_string(begin_ms_) + "+i*" + std::to_string(step_ms_) + ")";
  }
  bool mysql_;
  std::int64_t begin_ms_, step_ms_;
};

constexpr auto kKind =
    "CASE i%10 WHEN 0 THEN 'elevator' WHEN 1 THEN 'water' WHEN 2 THEN 'power' WHEN 3 THEN 'water' WHEN 4 THEN 'door' "
    "WHEN 5 THEN 'garbage' WHEN 6 THEN 'stairs' WHEN 7 THEN 'staff' WHEN 8 THEN 'noise' ELSE 'parking' END";
constexpr auto kCategory =
    "CASE WHEN i%10<5 THEN 'repair' WHEN i%10<7 THEN 'cleaning' WHEN i%10=7 THEN 'service' ELSE 'security' END";
constexpr auto kStatus =
    "CASE WHEN i%50=7 THEN 'merged' WHEN i%60=9 THEN 'out_of_scope' WHEN i%70=11 THEN 'withdrawn' WHEN i%200=13 THEN "
    "'in_progress' ELSE 'closed' END";
constexpr auto kAddress = "(i*7919%180+1)||'栋'||(i%3+1)||'单元'||(i*31%30+1)||'0'||(i%4+1)";
// From the opening on, in milliseconds: taken after 3 to 63 minutes, done after another 1 to 41 hours.
constexpr auto kAccepted = "(180000+i*7907%3600000)";
constexpr auto kResolved = "(3780000+i*104729%144000000)";

std::string department_of(const char* name) { return std::to_string(gateway::stable_id<DepartmentId>(name).value); }

void seed_tickets(db::Session& session, const Writer& write, const std::string& part) {
  const auto department = "CASE WHEN i%10<5 THEN " + department_of("repair") + " WHEN i%10<7 THEN " +
                          department_of("cleaning") + " WHEN i%10=7 THEN " + department_of("service") + " ELSE " +
                          department_of("security") + " END";
  session.execute(
      "INSERT INTO tickets (id,number,estate_id,conversation_id,channel,address,contact_id,name,phone,reported_for,"
      "place_id,place_text,category,subcategory,description,priority,danger,audit,department_id,assignee_id,status,"
      "parent_id,merged_into,preferred_visit,may_enter,chargeable,quote_cents,opened,respond_by,resolve_by,closed,"
      "purge_after,request_id,told_by,matter,version) SELECT " +
      write.id("0", "1") + ",i+1000," + std::to_string(gateway::stable_id<EstateId>("riverside").value) +
      ",i%20000+1,CASE WHEN i%4=0 THEN 'sms:estate' WHEN i%9=0 THEN '' ELSE 'wechat:main' END,'o'||(i%20000),"
      "i%20000+1,'王建国','+8613800138000','',NULL," +
      kAddress + "," + kCategory + "," + kKind +
      ",'厨房水管漏水，水已经流到客厅了，请尽快派人来看一下','normal','',''," + department + ",i%200+1," + kStatus +
      ",NULL,NULL,'',0,0,0," + write.moment("0") + "," + write.moment("1800000") + "," + write.moment("86400000") +
      "," + write.moment(kResolved) + ",NULL,'r'||i,'phone',(i*7919%180+1)*1000+i%10+1,5 FROM bench_numbers " + part);
}

/// Opened, handed out, taken, worked on, done, asked, closed.
void seed_history(db::Session& session, const Writer& write, const std::string& part) {
  session.execute(
      "INSERT INTO ticket_history (id,ticket_id,at,action,from_status,to_status,owner_visible,actor_kind,actor_id,"
      "channel,delivery_key,words) SELECT " +
      write.id("after_ms", "i%1000*8+step") + "," + write.id("0", "1") + "," + write.moment("after_ms") +
      ",action,from_status,to_status,1,'staff',i%200+1,'workchat:staff','workchat:staff/'||i||step,"
      "'已更换角阀，试水不漏' FROM (SELECT i,step,action,from_status,to_status,CASE step WHEN 0 THEN 0 WHEN 1 THEN "
      "1000 "
      "WHEN 2 THEN " +
      kAccepted + " WHEN 3 THEN " + kAccepted + "+1000 ELSE " + kResolved +
      "+1000*step END AS after_ms FROM bench_numbers CROSS JOIN bench_steps " + part + ") AS rows_of_part");
}

void seed_surveys(db::Session& session, const Writer& write, const std::string& part) {
  session.execute(
      "INSERT INTO surveys (id,ticket_id,channel,address,closing,score,suggestion,outcome,asked,expires,answered,"
      "version) SELECT " +
      write.id(kResolved, "i%4000000+2") + "," + write.id("0", "1") +
      ",'wechat:main','o'||(i%20000),1,CASE WHEN i%5<2 THEN 5-" + write.divided("i*13%25", "5") +
      " END,CASE WHEN i%25=1 THEN '师傅来得太晚，电话也打不通' ELSE '' END,''," + write.moment(kResolved) + "," +
      write.moment("500000000") + ",CASE WHEN i%5<2 THEN " + write.moment("300000000") + " END,2 FROM bench_numbers " +
      part + " AND i%4<>3 AND (" + kStatus + ")='closed'");
}

}  // namespace

void seed_year(db::Session& session, int tickets, const std::function<void(int)>& progress) {
  const bool mysql = session.dialect().name() == "mysql";
  if (mysql)
    session.execute("SET SESSION sql_mode=CONCAT(@@sql_mode,',PIPES_AS_CONCAT')");
  else
    session.execute("PRAGMA synchronous=OFF;PRAGMA cache_size=-400000");  // a fast filling is not what is measured
  session.execute(
      "CREATE TABLE bench_steps (step int,action varchar(32),from_status varchar(16),to_status varchar(16))");
  session.execute(
      "INSERT INTO bench_steps VALUES (0,'open','opened','opened'),(1,'assign','opened','assigned'),"
      "(2,'accept','assigned','accepted'),(3,'progress','accepted','in_progress'),"
      "(4,'complete','in_progress','resolved'),(5,'survey','resolved','resolved'),(6,'close','resolved','closed')");
  session.execute("CREATE TABLE bench_numbers (i bigint PRIMARY KEY)");
  session.execute("INSERT INTO bench_numbers VALUES (0)");
  for (int have = 1; have < tickets; have *= 2)
    session.execute("INSERT INTO bench_numbers SELECT i+" + std::to_string(have) + " FROM bench_numbers");
  const Writer write(mysql, tickets);
  for (int from = 0; from < tickets; from += kPart) {
    const auto until = std::min(tickets, from + kPart);
    const auto part = "WHERE i>=" + std::to_string(from) + " AND i<" + std::to_string(until);
    session.begin();
    seed_tickets(session, write, part);
    seed_history(session, write, part);
    seed_surveys(session, write, part);
    session.commit();
    progress(until);
  }
  session.execute("DROP TABLE bench_numbers");
  session.execute("DROP TABLE bench_steps");
}

}  // namespace huiyin::bench
