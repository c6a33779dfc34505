// What a report is made of, streamed.
#include "core/ids.h"
#include "core/report_rows.h"
#include "db/report_reader.h"
#include "tests/db/store_conformance.h"

namespace huiyin::db {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

/// The rows as lines, in the order in which they came.
class Lines final : public ReportSink {
 public:
  void take(const ReportTicket& ticket) override {
    lines.push_back("ticket " + std::to_string(ticket.id.value) + " " + format_utc(ticket.opened) + " " +
                    ticket.channel + " " + std::string(to_string(ticket.category)) + "/" + ticket.subcategory + " " +
                    std::to_string(ticket.department.value) + " " + std::string(to_string(ticket.status)) + " " +
                    ticket.address + " " + std::to_string(ticket.matter) + " " +
                    (ticket.respond_by ? format_utc(*ticket.respond_by) : "-"));
  }
  void take(const ReportChange& change) override {
    lines.push_back("change " + std::to_string(change.ticket.value) + " " + format_utc(change.at) + " " +
                    std::string(to_string(change.from)) + " " + std::string(to_string(change.to)));
  }
  void take(const ReportSurvey& survey) override {
    lines.push_back("survey " + std::to_string(survey.ticket.value) + " " +
                    (survey.score ? std::to_string(*survey.score) : "-") + " " + (survey.answered ? "yes" : "no") +
                    " " + survey.outcome + " " + survey.words);
  }
  std::vector<std::string> lines{};
};

class StoreReport : public StoreConformance {
 protected:
  /// Ids as they are made at that time: a report finds its rows by them.
  template <class IdType>
  IdType id_at(Time at) {
    clock_.set(at);
    return ids_.next<IdType>();
  }
  Ticket opened(Time at, EstateId estate) {
    auto out = ticket_of(kWang, ++number_);
    out.id = id_at<TicketId>(at);
    out.opened = at;
    out.estate = estate;
    out.subcategory = "elevator";
    out.department = DepartmentId{7};
    out.status = TicketStatus::closed;
    out.address = "3栋2单元𠮷🏠";
    out.matter = 99;
    return out;
  }
  HistoryRow change(const Ticket& of, Time at, TicketStatus from, TicketStatus to) {
    return {.id = id_at<HistoryId>(at), .ticket = of.id, .at = at, .action = "x", .from = from, .to = to};
  }
  [[nodiscard]] std::vector<std::string> read(const ReportWants& wants) const {
    Lines sink;
    const auto done = read_report(database_.options(), wants, sink);
    EXPECT_TRUE(done) << (done ? "" : done.error().why);
    return sink.lines;
  }
  ManualClock clock_{kNoon};
  IdSource ids_{clock_, 3};
  std::int64_t number_ = 5000;
};

TEST_P(StoreReport, StreamsWhatAReportIsMadeOf) {
  const EstateId here{1}, there{2};
  auto unit = unit_of("report");
  const auto early = opened(kNoon - 72h, here), other = opened(kNoon, there), late = opened(kNoon + 24h, here);
  auto mine = opened(kNoon, here);
  mine.respond_by = kNoon + 30min + 123ms;
  unit.tickets = {early, mine, other, late};
  using enum TicketStatus;
  unit.history = {change(mine, kNoon, TicketStatus::opened, TicketStatus::opened),
                  change(mine, kNoon + 1min, TicketStatus::opened, assigned),
                  change(mine, kNoon + 2min, assigned, accepted),
                  change(mine, kNoon + 3min, accepted, in_progress),
                  change(mine, kNoon + 4min, in_progress, resolved),
                  change(mine, kNoon + 5min, resolved, resolved),
                  change(mine, kNoon + 6min, resolved, assigned),
                  change(mine, kNoon + 7min, assigned, closed)};
  auto low = survey_of(kWang, mine.id), well = low, silent = low;
  low.id = id_at<SurveyId>(kNoon + 5min);
  well.id = id_at<SurveyId>(kNoon + 6min);
  silent.id = id_at<SurveyId>(kNoon + 7min);
  well.closing = 2;
  silent.closing = 3;
  low.score = 2;
  well.score = 5;
  low.answered = well.answered = kNoon + 8min;
  low.suggestion = "来晚了";
  well.suggestion = "很好";
  unit.history[2].owner_visible = true;  // the others are not, and none goes before those that came earlier
  unit.surveys = {low, well, silent};
  must_commit(unit);
  const auto id = std::to_string(mine.id.value);
  const auto rows = read({.from = kNoon - 1min, .until = kNoon + 1h, .estate = here});
  EXPECT_THAT(
      rows, ElementsAre("ticket " + id + " " + format_utc(kNoon) +
                            " wechat:main repair/elevator 7 closed 3栋2单元𠮷🏠 99 " + format_utc(kNoon + 30min + 123ms),
                        "change " + id + " " + format_utc(kNoon + 2min) + " assigned accepted",
                        "change " + id + " " + format_utc(kNoon + 4min) + " in_progress resolved",
                        "change " + id + " " + format_utc(kNoon + 6min) + " resolved assigned",
                        "survey " + id + " 2 yes  来晚了", "survey " + id + " 5 yes  ", "survey " + id + " - no  "));
  const auto count = [&](const ReportWants& wants) {
    const auto all = read(wants);
    return std::count_if(all.begin(), all.end(), [](const std::string& line) { return line.starts_with("ticket"); });
  };
  EXPECT_EQ(count({.from = kNoon - 100h, .until = kNoon + 100h}), 4) << "every estate";
  EXPECT_EQ(count({.from = kNoon, .until = kNoon + 24h}), 2) << "from then, before then";
  EXPECT_EQ(count({.from = kNoon - 100h, .until = kNoon + 100h, .estate = EstateId{3}}), 0);
  const auto named = read_named(database_.options(), {mine.id, TicketId{12345}}).value();
  ASSERT_EQ(named.tickets.size(), 1U);
  EXPECT_EQ(named.tickets[0].address, mine.address);
}

TEST_P(StoreReport, OfNothingIsNothing) {
  EXPECT_THAT(read({.from = kNoon - 100h, .until = kNoon}), IsEmpty());
  EXPECT_THAT(read_named(database_.options(), {})->tickets, IsEmpty());
}

// Whoever stops reading, or asks the same session again, loses nothing.
TEST_P(StoreReport, AStreamLeavesItsSessionUsable) {
  const auto session = database_.connect();
  session->execute("CREATE TABLE numbers (i bigint)");
  session->execute("INSERT INTO numbers VALUES (1),(2),(3)");
  {
    const auto rows = session->stream("SELECT i,NULL FROM numbers ORDER BY i");
    rows->query();
    ASSERT_TRUE(rows->next());
    EXPECT_EQ(rows->integer(), 1);
    EXPECT_EQ(rows->optional_text(), std::nullopt);
  }
  const auto again = session->stream("SELECT count(*) FROM numbers");
  again->query();
  ASSERT_TRUE(again->next());
  EXPECT_EQ(again->integer(), 3);
  EXPECT_FALSE(again->next());
  EXPECT_THROW(session->stream("SELECT nothing FROM nowhere")->query(), SqlError);
  session->execute("DROP TABLE numbers");
}

HUIYIN_FOR_EACH_DRIVER(StoreReport);

}  // namespace
}  // namespace huiyin::db
