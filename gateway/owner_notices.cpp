#include "gateway/owner_notices.h"

#include <algorithm>

#include "core/text.h"
#include "gateway/staff_notices.h"

namespace huiyin::gateway {
namespace {

using tickets::NewsKind;

constexpr std::size_t kExcerpt = 20;  // characters of a description: which trouble it is
// What is due so soon may be on its way already.
constexpr std::chrono::seconds kLeaving{3};
// He reads it when he next looks; what is older than that he finds by 进度.
constexpr std::chrono::hours kUseful{72};

std::string kind_of(const Peer& peer) { return peer.channel.substr(0, peer.channel.find(':')); }

std::string locale_of(const Office& office, const Ticket& ticket, const Snapshot& snapshot) {
  const auto* owner = owner_of(ticket, snapshot);
  return owner != nullptr && !owner->locale.empty() ? owner->locale : office.locale;
}

templates::Data data_for(const Office& office, const Ticket& ticket, const Snapshot& snapshot,
                         const std::string& locale) {
  auto data = ticket_data(office, ticket, snapshot, locale);
  for (auto& [name, value] : data)
    if (name == "description") {
      std::replace(value.begin(), value.end(), '\n', ' ');
      const auto excerpt = first_characters(value, kExcerpt);
      value = excerpt.size() < value.size() ? std::string(excerpt) + "…" : value;
    }
  data.emplace_back("hotline", office.site_of(ticket.estate).hotline);
  const auto* department = tickets::find_department(office.departments, ticket.department);
  data.emplace_back("department", department != nullptr ? department->title : "");
  return data;
}

OutboxRow row_for(const Ticket& ticket, const std::string& name, const std::string& locale, templates::Data data,
                  const Supplies& supplies) {
  const auto id = supplies.ids->next<OutboxId>();
  OutboxRow row{.id = id,
                .ticket = ticket.id,
                .created = supplies.now,
                .due = supplies.now,
                .expires = supplies.now + kUseful,
                .urgent = ticket.priority == Priority::urgent};
  row.message = {.key = "o" + std::to_string(id.value),
                 .to = ticket.peer,
                 .template_name = name,
                 .data = std::move(data),
                 .locale = locale};
  return row;
}

void render(const Office& office, OutboundMessage& message) {
  const auto kind = kind_of(message.to);
  message.text = office.renderer->render(message.template_name, message.locale, kind, message.data);
  const auto has_page = std::any_of(message.data.begin(), message.data.end(),
                                    [](const auto& one) { return one.first == "page" && !one.second.empty(); });
  const bool offers_itself = kind == "sms" || (kind == "email" && has_page);  // the text has the answers in it
  const auto lines = offers_itself ? std::string() : templates::render_choices(message.choices);
  if (!lines.empty()) message.text += "\n" + lines;
}

/// What this owner was to be told a little later goes with what he is told now; nothing comes after what it came
/// before.
void join_waiting(const Snapshot& snapshot, const Ticket& ticket, Time now, OutboxRow& row, UnitOfWork& unit) {
  for (const auto& waiting : snapshot.messages) {
    const bool is_his = waiting.ticket == ticket.id && waiting.message.to == row.message.to &&
                        waiting.state == OutboxState::waiting && waiting.attempts == 0;
    if (!is_his || waiting.due <= now + kLeaving || !waiting.message.choices.empty()) continue;
    row.message.text = waiting.message.text + "\n\n" + row.message.text;
    row.due = std::min(row.due, waiting.due);
    unit.outbox_cancelled.push_back(waiting.id);
  }
}

/// Tickets that were merged into this one: their owners wait for the same.
template <class Tell>
void for_each_owner(const Ticket& ticket, const Snapshot& snapshot, Tell tell) {
  if (!ticket.peer.address.empty()) tell(ticket);
  for (const auto& other : snapshot.merged)
    if (other.merged_into == ticket.id && !other.peer.address.empty()) tell(other);
}

bool is_for_all(NewsKind kind) {
  return kind == NewsKind::visit || kind == NewsKind::progress || kind == NewsKind::waiting ||
         kind == NewsKind::not_done || kind == NewsKind::accepted;
}

}  // namespace

const Conversation* owner_of(const Ticket& ticket, const Snapshot& snapshot) {
  if (snapshot.conversation && snapshot.conversation->peer == ticket.peer) return &*snapshot.conversation;
  const auto found = std::find_if(snapshot.owners.begin(), snapshot.owners.end(),
                                  [&](const Conversation& one) { return one.peer == ticket.peer; });
  return found == snapshot.owners.end() ? nullptr : &*found;
}

void tell_owner(const Office& office, const Ticket& ticket, const std::vector<HistoryRow>& history,
                const Snapshot& snapshot, const Supplies& supplies, UnitOfWork& unit) {
  const auto news = tickets::news_of(ticket, history, office.news);
  if (!news || news->kind == NewsKind::result) return;
  const auto name = "news." + std::string(to_string(news->kind));
  const auto& newest = history.back();
  const auto tell = [&](const Ticket& whose) {
    const auto locale = locale_of(office, whose, snapshot);
    auto data = data_for(office, whose, snapshot, locale);
    data.emplace_back("text", newest.text);
    if (const auto* who = find_staff(snapshot, ticket.assignee); who != nullptr) data.emplace_back("staff", who->name);
    auto row = row_for(whose, name, locale, std::move(data), supplies);
    row.due += news->wait;
    render(office, row.message);
    join_waiting(snapshot, whose, supplies.now, row, unit);
    unit.outbox.push_back(std::move(row));
  };
  if (is_for_all(news->kind))
    for_each_owner(ticket, snapshot, tell);
  else
    tell(ticket);
}

void ask_owner_for(const Office& office, const Ticket& ticket, const std::vector<std::string_view>& missing,
                   const Snapshot& snapshot, const Supplies& supplies, UnitOfWork& unit) {
  const auto locale = locale_of(office, ticket, snapshot);
  std::string fields;
  for (const auto field : missing) {
    if (!fields.empty()) fields += office.renderer->render("missing.and", locale, "", {});
    fields += office.renderer->render("missing." + std::string(field), locale, "", {});
  }
  auto data = data_for(office, ticket, snapshot, locale);
  data.emplace_back("fields", std::move(fields));
  auto row = row_for(ticket, "news.missing", locale, std::move(data), supplies);
  render(office, row.message);
  unit.outbox.push_back(std::move(row));
}

void forget_waiting(const Ticket& ticket, const Snapshot& snapshot, UnitOfWork& unit) {
  for (const auto& waiting : snapshot.messages)
    if (waiting.ticket == ticket.id && waiting.message.to == ticket.peer && waiting.state == OutboxState::waiting)
      unit.outbox_cancelled.push_back(waiting.id);
}

namespace {

/// By buttons and words in the chat; and by a page, which `page` in the texts is the address of.
void ask(const Office& office, const Survey& survey, OutboundMessage& message) {
  message.choices = survey_choices(office, survey, message.locale);
  message.data.emplace_back("page", office.survey_page ? office.survey_page(survey) : "");
}

}  // namespace

std::string reworded(const Office& office, const OutboundMessage& message, const Peer& to) {
  if (kind_of(to) == kind_of(message.to) || !office.renderer->has(message.template_name)) return {};
  auto again = message;
  render(office, again);
  if (again.text != message.text) return {};
  again.to = to;
  render(office, again);
  return again.text;
}

std::vector<Choice> survey_choices(const Office& office, const Survey& survey, const std::string& locale) {
  std::vector<Choice> out;
  const auto add = [&](const std::string& answer) {
    out.push_back({"survey:" + std::to_string(survey.id.value) + ":" + answer,
                   office.renderer->render("survey.answer_" + answer, locale, "", {})});
  };
  for (int score = 1; score <= 5; ++score) add(std::to_string(score));  // their places are the scores
  add("not_fixed");
  return out;
}

void tell_result(const Office& office, const Ticket& ticket, const std::vector<HistoryRow>& history,
                 const Snapshot& snapshot, const Survey* survey, const Supplies& supplies, UnitOfWork& unit) {
  const auto done = std::find_if(history.rbegin(), history.rend(), [](const HistoryRow& row) {
    return row.action == to_string(tickets::ActionKind::complete);
  });
  const auto result = done == history.rend() ? std::string() : done->text;
  for_each_owner(ticket, snapshot, [&](const Ticket& whose) {
    const bool asked = survey != nullptr && whose.id == ticket.id;
    const auto locale = locale_of(office, whose, snapshot);
    auto data = data_for(office, whose, snapshot, locale);
    data.emplace_back("text", result);
    if (const auto* who = find_staff(snapshot, ticket.assignee); who != nullptr) data.emplace_back("staff", who->name);
    auto row = row_for(whose, asked ? "news.result_survey" : "news.result", locale, std::move(data), supplies);
    if (asked) ask(office, *survey, row.message);
    render(office, row.message);
    join_waiting(snapshot, whose, supplies.now, row, unit);
    unit.outbox.push_back(std::move(row));
  });
}

void remind_of_survey(const Office& office, const Ticket& ticket, const Snapshot& snapshot, const Survey& survey,
                      const Supplies& supplies, UnitOfWork& unit) {
  const auto locale = locale_of(office, ticket, snapshot);
  auto row = row_for(ticket, "news.survey_reminder", locale, data_for(office, ticket, snapshot, locale), supplies);
  row.urgent = false;
  row.expires = survey.expires;
  ask(office, survey, row.message);
  render(office, row.message);
  unit.outbox.push_back(std::move(row));
}

}  // namespace huiyin::gateway
