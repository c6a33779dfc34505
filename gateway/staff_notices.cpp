#include "gateway/staff_notices.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "core/text.h"
#include "gateway/alarms.h"
#include "gateway/media_store.h"
#include "tickets/staff_command.h"

namespace huiyin::gateway {
namespace {

using tickets::ActionKind;

constexpr std::size_t kMostButtons = 9;  // WeCom: six, and three in the card's menu
constexpr std::size_t kMostPhotos = 3;
constexpr std::size_t kMostWords = 200;  // of a description; the page has the rest
// News of a ticket that could not be told for a day is no news.
constexpr std::chrono::hours kUseful{24};

// In the order of a day's work.
constexpr std::array kButtons = {ActionKind::accept,   ActionKind::resume,    ActionKind::arrange_visit,
                                 ActionKind::complete, ActionKind::progress,  ActionKind::suspend,
                                 ActionKind::assign,   ActionKind::send_back, ActionKind::plan,
                                 ActionKind::inspect,  ActionKind::tell,      ActionKind::reopen};

std::string kind_of(const Peer& peer) { return peer.channel.substr(0, peer.channel.find(':')); }

/// Where somebody is told: in work chat where he has it.
std::vector<Peer> ways_to(const Office& office, const Staff& staff, bool all) {
  auto peers = staff.peers;
  std::stable_partition(peers.begin(), peers.end(),
                        [&](const Peer& peer) { return office.is_staff_channel(peer.channel); });
  if (!all && peers.size() > 1) peers.resize(1);
  return peers;
}

std::vector<MediaReference> photos_of(const Office& office, const Ticket& ticket, const Snapshot& snapshot) {
  std::vector<MediaReference> out;
  for (const auto& file : snapshot.files)
    if (file.ticket == ticket.id && file.kind == MediaKind::image && !file.sha256.empty() && out.size() < kMostPhotos)
      out.push_back({.kind = MediaKind::image, .media_id = {}, .file = media_path(office.media_folder, file.sha256)});
  return out;
}

/// The platform takes a change of a card once, for 72 hours; where it does not, the text goes by itself.
constexpr std::chrono::hours kChangeable{71};

void replace_card(const Snapshot& snapshot, Time now, OutboundMessage& message) {
  for (const auto& row : snapshot.messages)
    if (row.message.to == message.to && row.state != OutboxState::waiting && !row.message.card.id.empty() &&
        now - row.created < kChangeable) {
      message.card.title = message.text;
      message.card.replaces = row.provider_id;
      return;
    }
}

std::string category_of(const Office& office, const Ticket& ticket, const std::string& locale) {
  if (ticket.category == Category::out_of_scope) return office.renderer->render("status.out_of_scope", locale, "", {});
  return office.category_words ? office.category_words(ticket.category, ticket.subcategory, locale)
                               : std::string(to_string(ticket.category));
}

}  // namespace

std::string label_of(const Office& office, const Ticket& ticket, ActionKind action, const std::string& locale) {
  const bool takes_on = action == ActionKind::reopen && ticket.status == TicketStatus::out_of_scope;
  return takes_on ? office.renderer->render("staff.take_on", locale, "", {})
                  : std::string(tickets::word_for(action, locale));
}

templates::Data ticket_data(const Office& office, const Ticket& ticket, const Snapshot& snapshot,
                            const std::string& locale) {
  const auto photos = std::count_if(snapshot.files.begin(), snapshot.files.end(),
                                    [&](const Attachment& file) { return file.ticket == ticket.id; });
  const auto* holder = find_staff(snapshot, ticket.assignee);
  const auto deadline = ticket.resolve_by ? ticket.resolve_by : ticket.respond_by;
  const auto title = office.site_of(ticket.estate).title;
  return {{"number", office.number(ticket)},
          {"category", category_of(office, ticket, locale)},
          {"estate", title},
          {"place", ticket.address},
          {"description", std::string(first_characters(ticket.description, kMostWords))},
          {"urgent", ticket.priority == Priority::urgent ? "1" : ""},
          {"name", ticket.name},
          {"photos", photos > 0 ? std::to_string(photos) : ""},
          {"respond_by", ticket.respond_by ? office.clock_time(ticket, *ticket.respond_by) : ""},
          {"deadline", deadline ? office.clock_time(ticket, *deadline) : ""},
          {"holder", holder != nullptr ? holder->name : ""},
          {"@status", "status." + std::string(to_string(ticket.status))}};
}

std::string card_id(TicketId ticket, OutboxId message) {
  return "t" + std::to_string(ticket.value) + "-" + std::to_string(message.value);
}

TicketId ticket_of_card(std::string_view card) {
  if (!card.starts_with('t')) return {};
  TicketId id;
  const auto* const end = card.data() + card.size();
  const auto [rest, error] = std::from_chars(card.data() + 1, end, id.value);
  return error == std::errc{} && rest != end && *rest == '-' && id.value > 0 ? id : TicketId{};
}

void add_card(const Office& office, const Ticket& ticket, const Snapshot& snapshot, const Staff* reader, Time now,
              OutboundMessage& message) {
  const auto& locale = message.locale;
  const auto& words = *office.renderer;
  const auto data = ticket_data(office, ticket, snapshot, locale);
  const auto say = [&](const char* name) { return words.render(name, locale, "", data); };
  auto& card = message.card;
  card.title = say("staff.card_title");
  card.subtitle = say("staff.card_subtitle");
  card.text = std::string(first_characters(ticket.description, kMostWords));
  const auto line = [&](const char* label, const std::string& value) {
    if (!value.empty()) card.lines.emplace_back(words.render(label, locale, "", {}), value);
  };
  line("staff.label_place", ticket.address);
  line("staff.label_status", say("staff.card_status"));
  line("staff.label_deadline", say("staff.card_deadline"));
  line("staff.label_visit", ticket.preferred_visit);
  line("staff.label_photos", say("staff.card_photos"));
  if (office.page) card.url = office.page(ticket, message.to);
  if (reader == nullptr) return;
  const tickets::Doer doer{.role = tickets::role_of(reader->role), .id = reader->id.value};
  const auto allowed = tickets::allowed_actions(ticket, doer, now, office.rules);
  for (const auto action : kButtons)
    if (std::find(allowed.begin(), allowed.end(), action) != allowed.end() && message.choices.size() < kMostButtons)
      message.choices.push_back({std::string(to_string(action)), label_of(office, ticket, action, locale)});
}

bool tell_staff(const Office& office, const Ticket& ticket, const Snapshot& snapshot, const tickets::Addressees& to,
                const StaffNotice& notice, const Supplies& supplies, UnitOfWork& unit) {
  auto data = ticket_data(office, ticket, snapshot, office.locale);
  data.insert(data.end(), notice.data.begin(), notice.data.end());
  std::size_t told = 0;
  const auto send = [&](const Peer& peer, const Staff* reader) {
    const auto id = supplies.ids->next<OutboxId>();
    OutboxRow row{.id = id,
                  .ticket = ticket.id,
                  .created = supplies.now,
                  .due = supplies.now,
                  .expires = supplies.now + kUseful,
                  .urgent = notice.urgent};
    row.message = {.key = "o" + std::to_string(id.value),
                   .to = peer,
                   .template_name = notice.name,
                   .data = data,
                   .locale = office.locale};
    auto page = office.page && notice.with_card ? office.page(ticket, peer) : std::string();
    auto with_page = data;
    with_page.emplace_back("page", std::move(page));
    row.message.text = office.renderer->render(notice.name, office.locale, kind_of(peer), with_page);
    if (notice.with_card) {
      add_card(office, ticket, snapshot, reader, supplies.now, row.message);
      row.message.card.id = card_id(ticket.id, id);
      if (reader != nullptr) row.message.media = photos_of(office, ticket, snapshot);
    }
    if (notice.in_place) replace_card(snapshot, supplies.now, row.message);
    unit.outbox.push_back(std::move(row));
    ++told;
  };
  for (const auto id : to.staff)
    if (const auto* staff = find_staff(snapshot, id); staff != nullptr)
      for (const auto& peer : ways_to(office, *staff, notice.urgent)) send(peer, staff);
  for (const auto& peer : parse_destinations(to.destinations)) send(peer, nullptr);
  if (told == 0)
    spdlog::warn("staff_not_told ticket={} what={}: nobody who could be told is known", office.number(ticket),
                 notice.name);
  return told > 0;
}

}  // namespace huiyin::gateway
