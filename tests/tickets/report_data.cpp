#include "tests/tickets/report_data.h"

#include <date/tz.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

namespace huiyin::tickets {
namespace {

using namespace std::chrono_literals;

constexpr auto kFolder = "tests/data/report/";
constexpr auto kAhead = 8h;  // Asia/Shanghai

std::string or_nothing(const std::string& word) { return word == "-" ? std::string() : word; }

class Lines {
 public:
  std::vector<ReportRow> read(const std::string& name) {
    std::ifstream file(kFolder + name);
    if (!file) throw std::runtime_error("no file " + name);
    for (std::string line; std::getline(file, line);) {
      std::istringstream in(line);
      std::string what;
      if (!(in >> what) || what[0] == '#') continue;
      if (what == "ticket")
        rows_.emplace_back(ticket(in));
      else if (what == "change")
        rows_.emplace_back(change(in));
      else if (what == "survey")
        rows_.emplace_back(survey(in));
      else
        throw std::runtime_error(name + ": " + line);
      if (!in && !in.eof()) throw std::runtime_error(name + ": " + line);
    }
    return std::move(rows_);
  }

 private:
  ReportTicket ticket(std::istream& in) {
    ReportTicket out;
    std::string opened, channel, kind, status, respond, resolve, address;
    in >> out.id.value >> opened >> channel >> kind >> out.department.value >> status >> respond >> resolve >>
        out.matter >> address;
    std::replace(opened.begin(), opened.end(), 'T', ' ');
    out.opened = parse_utc(opened + ":00").value() - kAhead;
    opened_[out.id] = out.opened;
    const auto slash = kind.find('/');
    out.channel = or_nothing(channel);
    out.category = parse_category(kind.substr(0, slash)).value();
    if (slash != std::string::npos) out.subcategory = kind.substr(slash + 1);
    out.status = parse_ticket_status(status).value();
    if (respond != "-") out.respond_by = after(out.id, respond);
    if (resolve != "-") out.resolve_by = after(out.id, resolve);
    out.address = or_nothing(address);
    return out;
  }
  ReportChange change(std::istream& in) {
    ReportChange out;
    std::string at, from, to;
    in >> out.ticket.value >> at >> from >> to;
    out.at = after(out.ticket, at);
    out.from = parse_ticket_status(from).value();
    out.to = parse_ticket_status(to).value();
    return out;
  }
  static ReportSurvey survey(std::istream& in) {
    ReportSurvey out;
    std::string answer;
    in >> out.ticket.value >> answer;
    std::getline(in >> std::ws, out.words);
    out.answered = answer != "unanswered";
    if (answer.starts_with("score=")) out.score = std::stoi(answer.substr(6));
    if (answer == "not_fixed" || answer == "partly") out.outcome = answer;
    return out;
  }
  /// `+20`
  [[nodiscard]] Time after(TicketId ticket, const std::string& minutes) const {
    return opened_.at(ticket) + std::chrono::minutes(std::stoi(minutes));
  }

  std::vector<ReportRow> rows_{};
  std::map<TicketId, Time> opened_{};
};

}  // namespace

std::vector<ReportRow> read_report_data(const std::string& name) { return Lines().read(name); }

ReportPeriod two_months() {
  return report_period(parse_day("2026-10-01").value(), parse_day("2026-11-30").value(), ReportBy::month,
                       date::locate_zone("Asia/Shanghai"));
}

Report report_of_two_months() {
  auto rows = read_report_data("two-months.txt");
  // As the store gives them: tickets by id, then the rest in its order.
  std::stable_sort(rows.begin(), rows.end(), [](const ReportRow& a, const ReportRow& b) {
    const auto *one = std::get_if<ReportTicket>(&a), *other = std::get_if<ReportTicket>(&b);
    return one != nullptr && other != nullptr ? one->id < other->id : a.index() < b.index();
  });
  ReportAccumulator accumulator(two_months(), {});
  for (const auto& row : rows) std::visit([&](const auto& one) { accumulator.take(one); }, row);
  return accumulator.finish(parse_utc("2026-12-01 04:00:00").value());
}

}  // namespace huiyin::tickets
