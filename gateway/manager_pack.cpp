#include "gateway/manager_pack.h"

#include <algorithm>
#include <set>

#include "core/text.h"
#include "gateway/alarms.h"

namespace huiyin::gateway {
namespace {

constexpr std::size_t kMostLeft = 10;
constexpr std::size_t kMostNew = 5;
constexpr std::size_t kMostCharacters = 24;  // of what a ticket is about: ten of them stand on one page

const pages::ReportTable* find_table(const pages::ReportPage& page, const std::string& key) {
  const auto found = std::find_if(page.tables.begin(), page.tables.end(),
                                  [&](const pages::ReportTable& table) { return table.key == key; });
  return found == page.tables.end() ? nullptr : &*found;
}

std::string cut(const std::string& text) {
  const auto begin = first_characters(text, kMostCharacters);
  return std::string(begin) + (begin.size() < text.size() ? "…" : "");
}

/// 「收到报事 12（上月 10）」, a line each.
std::string figures(const pages::ReportPage& page, const pages::ReportPage& before, const pages::Words& words) {
  std::string out;
  for (std::size_t i = 0; i < page.figures.size(); ++i) {
    const auto& figure = page.figures[i];
    const auto last = i < before.figures.size() ? before.figures[i].value.text : std::string("—");
    out +=
        words(
            "report.pack_figure",
            {{"what", figure.label.title}, {"value", figure.value.text}, {"before", last}, {"detail", figure.detail}}) +
        "\n";
  }
  return out;
}

std::string new_problems(const pages::ReportPage& page, const pages::Words& words) {
  const auto* table = find_table(page, "new_problems");
  if (table == nullptr) return {};
  std::string out;
  for (std::size_t i = 0; i < std::min(kMostNew, table->rows.size()); ++i) {
    const auto& row = table->rows[i];  // what, before, usual, now, p value
    out += words("report.pack_new",
                 {{"what", row[0].text}, {"usual", row[2].text}, {"now", row[3].text}, {"p", row[4].text}}) +
           "\n";
  }
  return out;
}

std::string worst(const pages::ReportPage& page, const pages::Words& words) {
  const auto* table = find_table(page, "worst");
  if (table == nullptr) return {};
  std::string out;
  for (std::size_t i = 0; i < table->rows.size(); ++i) {
    const auto& row = table->rows[i];  // number, place, words, why, status
    out += std::to_string(i + 1) + ". " +
           words("report.pack_worst", {{"number", row[0].text},
                                       {"place", cut(row[1].text)},
                                       {"words", cut(row[2].text)},
                                       {"why", row[3].text},
                                       {"status", row[4].text}}) +
           "\n";
  }
  return out;
}

}  // namespace

std::string pack_text(const MadeReport& month, const MadeReport& before, std::vector<Ticket> left, Time now) {
  const auto& subject = month.subject;
  const auto& words = subject.words;
  const auto page = view_of(month.report, subject);
  const auto begin = subject.period.edges.front();
  left.erase(std::remove_if(left.begin(), left.end(), [&](const Ticket& one) { return one.opened >= begin; }),
             left.end());
  std::sort(left.begin(), left.end(), [](const Ticket& a, const Ticket& b) { return a.opened < b.opened; });
  auto out =
      words("report.pack_title", {{"estate", subject.estate}, {"month", bucket_words(subject.period, 0)}}) + "\n";
  if (month.report.reports == 0) out += words("report.nothing.note", {}) + "\n";
  out += figures(page, view_of(before.report, before.subject), words);
  if (const auto risen = new_problems(page, words); !risen.empty())
    out += words("report.new_problems", {}) + "\n" + risen;
  if (const auto ten = worst(page, words); !ten.empty()) out += words("report.worst", {}) + "\n" + ten;
  out += words("report.pack_left", {{"count", std::to_string(left.size())}}) + "\n";
  for (std::size_t i = 0; i < std::min(kMostLeft, left.size()); ++i) {
    const auto days = std::chrono::floor<std::chrono::days>(now - left[i].opened).count();
    out += words("report.pack_left_one", {{"number", subject.number(left[i])},
                                          {"place", cut(shown_words(left[i].address, left[i], subject))},
                                          {"words", cut(shown_words(left[i].description, left[i], subject))},
                                          {"days", std::to_string(days)},
                                          {"@status", "report.status_" + std::string(to_string(left[i].status))}}) +
           "\n";
  }
  return out +
         words("report.pack_end", {{"estate", subject.estate_name},
                                   {"from", tickets::format_day(subject.period.days.front())},
                                   {"until", tickets::format_day(subject.period.days.back() - std::chrono::days(1))}});
}

std::vector<Peer> pack_readers(const std::vector<Staff>& staff, EstateId estate, const std::vector<std::string>& to) {
  std::vector<Peer> named = parse_destinations(to);
  if (named.empty())
    for (const auto& one : staff) {
      const bool is_lead = one.role == StaffRole::manager || one.role == StaffRole::admin;
      const bool is_here = !one.estate || one.estate == estate;
      if (!one.disabled && is_lead && is_here) named.insert(named.end(), one.peers.begin(), one.peers.end());
    }
  std::vector<Peer> out;
  std::set<Peer> seen;
  for (const auto& peer : named)
    if (seen.insert(peer).second) out.push_back(peer);
  return out;
}

}  // namespace huiyin::gateway
