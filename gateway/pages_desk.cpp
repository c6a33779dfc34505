#include "gateway/pages_desk.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "core/text.h"
#include "gateway/assets.h"
#include "gateway/staff_notices.h"
#include "tickets/staff_command.h"
#include "tickets/survey.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using tickets::ActionKind;

constexpr auto kCodeText = "page.sign_in_code";
constexpr auto kPatience = 10s;  // for a decision; then the page says that we are busy
constexpr std::string_view kWeUi = "/pages/node_modules/weui/dist/style/weui.min.css";

// What a page offers, in the order of a day's work, and what each asks for.
struct Offer {
  ActionKind action;
  bool words, told, receiver;
  bool photos = false;
};
constexpr std::array kOffers = {Offer{ActionKind::accept, false, false, false},
                                Offer{ActionKind::resume, false, false, false},
                                Offer{ActionKind::arrange_visit, true, false, false},
                                Offer{ActionKind::inspect, true, false, false},
                                Offer{ActionKind::plan, true, false, false},
                                Offer{ActionKind::progress, true, false, false},
                                Offer{ActionKind::complete, true, true, false, true},
                                Offer{ActionKind::suspend, true, false, false},
                                Offer{ActionKind::assign, false, false, true},
                                Offer{ActionKind::send_back, true, false, false},
                                Offer{ActionKind::add_photo, false, false, false, true},
                                Offer{ActionKind::tell, true, false, false},
                                Offer{ActionKind::call_back, true, false, false},
                                Offer{ActionKind::reopen, false, false, false},
                                Offer{ActionKind::mark_out_of_scope, true, false, false}};
constexpr std::array kCategories = {Category::repair, Category::cleaning, Category::service, Category::security,
                                    Category::internal};

/// The store's answer, or an exception that the router shows as "busy".
template <class T>
T need(db::Result<T> result) {
  if (!result) throw std::runtime_error(result.error().why);
  return *std::move(result);
}

/// A ticket and who looks at it.
struct Seen {
  Snapshot snapshot{};
  Ticket ticket{};
  Staff reader{};
};

std::string problem_words(const Ticket& ticket) {
  constexpr std::size_t kMost = 60;  // characters
  auto words = ticket.address + (ticket.address.empty() ? "" : " ") + ticket.description;
  std::replace(words.begin(), words.end(), '\n', ' ');
  const auto excerpt = first_characters(words, kMost);
  return excerpt.size() < words.size() ? std::string(excerpt) + "…" : words;
}

class World {
 public:
  explicit World(const PagesTools& tools) : tools_(tools) {}

  [[nodiscard]] std::optional<Seen> see(std::int64_t id, const Peer& reader) const {
    Wants wants{.peer = reader};
    wants.speaker = true;
    wants.ticket_ids = {TicketId{id}};
    wants.details = true;
    Seen seen{.snapshot = need(tools_.store.read(wants))};
    const auto& known = seen.snapshot.tickets;
    const auto found =
        std::find_if(known.begin(), known.end(), [id](const Ticket& ticket) { return ticket.id.value == id; });
    const auto& speaker = seen.snapshot.speaker;
    if (found == known.end() || !speaker || speaker->disabled) return std::nullopt;
    if (!may_see(*speaker, *found)) return std::nullopt;
    seen.ticket = *found;
    seen.reader = *speaker;
    return seen;
  }

  [[nodiscard]] std::optional<pages::TicketPage> ticket(std::int64_t id, const Peer& reader) const {
    const auto seen = see(id, reader);
    if (!seen) return std::nullopt;
    const auto& [snapshot, ticket, staff] = *seen;
    const auto& office = tools_.office;
    const auto persons = need(tools_.store.list_staff());
    const auto name_of = [&](StaffId who) {
      const auto found =
          std::find_if(persons.begin(), persons.end(), [who](const Staff& one) { return one.id == who; });
      return found == persons.end() ? std::string() : found->name;
    };
    const auto data = ticket_data(office, ticket, snapshot, office.locale);
    const auto datum = [&](std::string_view key) {
      const auto found = std::find_if(data.begin(), data.end(), [key](const auto& one) { return one.first == key; });
      return found == data.end() ? std::string() : found->second;
    };
    pages::TicketPage page{.reader = staff.name,
                           .number = office.number(ticket),
                           .status = say("status." + std::string(to_string(ticket.status))),
                           .category = datum("category"),
                           .place = ticket.address,
                           .description = ticket.description,
                           .deadline = datum("deadline"),
                           .holder = name_of(ticket.assignee),
                           .opened = office.clock_time(ticket, ticket.opened),
                           .urgent = ticket.priority == Priority::urgent};
    for (const auto& file : snapshot.files)
      if (file.ticket == ticket.id && file.kind == MediaKind::image && !file.sha256.empty())
        page.photos.push_back(std::to_string(file.id.value));
    for (auto row = snapshot.history.rbegin(); row != snapshot.history.rend(); ++row)
      if (row->ticket == ticket.id && row->action != to_string(ActionKind::survey))
        page.history.push_back(line_of(*row, ticket, name_of));
    const tickets::Doer doer{.role = tickets::role_of(staff.role), .id = staff.id.value};
    const auto allowed = tickets::allowed_actions(ticket, doer, tools_.clock.now(), office.rules);
    const bool lacks_photo = tickets::asks_after_photo(ticket, office.rules) &&
                             std::none_of(snapshot.files.begin(), snapshot.files.end(), [&](const Attachment& file) {
                               return file.ticket.value == id && file.stage == AttachmentStage::after;
                             });
    for (const auto& [action, words, told, receiver, photos] : kOffers) {
      if (std::find(allowed.begin(), allowed.end(), action) == allowed.end()) continue;
      const bool adds_photo = action == ActionKind::add_photo;
      page.deeds.push_back(
          {.action = std::string(to_string(action)),
           .label = adds_photo ? say("page.add_photo") : label_of(office, ticket, action, office.locale),
           .needs_words = words,
           .needs_told = told,
           .needs_receiver = receiver,
           .takes_category = action == ActionKind::reopen && ticket.category == Category::out_of_scope,
           .takes_photos = photos,
           .needs_photo = adds_photo || (action == ActionKind::complete && lacks_photo)});
    }
    for (const auto category : kCategories)
      if (office.category_words)
        page.categories.emplace_back(std::string(to_string(category)),
                                     office.category_words(category, "", office.locale));
    for (const auto way : tickets::kToldBy)
      page.told_by.emplace_back(std::string(way), say("page.told_" + std::string(way)));
    return page;
  }

  [[nodiscard]] std::optional<HttpReply> photo(std::int64_t ticket, std::int64_t photo, const Peer& reader) const {
    const auto seen = see(ticket, reader);
    if (!seen) return std::nullopt;
    for (const auto& file : seen->snapshot.files) {
      if (file.id.value != photo || file.ticket.value != ticket || file.sha256.empty()) continue;
      if (file.kind != MediaKind::image) continue;
      const auto copy = tools_.media.shareable_copy(file.sha256, file.mime_type);
      const auto bytes = copy ? read_file(*copy) : tl::unexpected(copy.error());
      if (!bytes) return std::nullopt;
      return HttpReply{.body = *bytes,
                       .headers = {{"Content-Type", file.mime_type},
                                   {"Cache-Control", "private, max-age=3600"},
                                   {"X-Content-Type-Options", "nosniff"}}};
    }
    return std::nullopt;
  }

  /// A button's tap with all that the form says, and its photos: one event, decided as if it came from his own chat.
  [[nodiscard]] std::string act(const PageDeed& deed) const {
    CardTap tap{.card = card_id(TicketId{deed.about}, OutboxId{0}), .key = deed.action};
    const auto choose = [&](const char* question, const std::string& answer) {
      if (!answer.empty()) tap.selected.emplace_back(question, answer);
    };
    choose("text", deed.text);
    choose("told_by", deed.told_by);
    choose("receiver", deed.receiver);
    std::vector<ReceivedFile> files;
    bool all_photos = true;
    for (const auto& bytes : deed.photos) {
      auto file = keep_photo(bytes);
      if (!file) return say("page.photo_not_kept");
      if (file->sha256.empty())
        all_photos = false;
      else
        files.push_back(*std::move(file));
    }
    if (!all_photos && files.empty() && deed.action == to_string(ActionKind::add_photo))
      return say("page.photo_unreadable");
    auto said =
        process({.key = deed.key, .peer = deed.who, .sent_at = deed.at, .body = std::move(tap)}, std::move(files));
    return all_photos ? said : said + "\n" + say("page.photo_unreadable");
  }

  /// Without a hash where the bytes are no photo; nothing where the disk takes no more.
  [[nodiscard]] std::optional<ReceivedFile> keep_photo(const std::string& bytes) const {
    auto incoming = tools_.media.receive();
    if (!incoming || !(*incoming)->write(bytes)) return std::nullopt;
    ReceivedFile file{.kind = MediaKind::image, .bytes = (*incoming)->bytes()};
    file.mime_type = tools_.types.type_of((*incoming)->path());
    if (!is_accepted(file.mime_type, MediaKind::image)) return file;
    auto kept = tools_.media.keep(**incoming);
    if (!kept) return std::nullopt;
    file.sha256 = *std::move(kept);
    return file;
  }

  /// The link says that the survey is his: where it is not his newest, it is an old one.
  [[nodiscard]] std::optional<pages::SurveyPage> survey(std::int64_t id, const Peer& owner) const {
    Wants wants{.peer = owner};
    wants.survey = true;
    auto snapshot = need(tools_.store.read(wants));
    const auto& survey = snapshot.survey;
    if (!survey || survey->peer != owner) return std::nullopt;
    pages::SurveyPage page;
    if (snapshot.conversation) page.locale = snapshot.conversation->locale;
    if (page.locale.empty()) page.locale = tools_.office.locale;
    const auto say_in = [&](const std::string& name) {
      return tools_.office.renderer->render(name, page.locale, "", {});
    };
    wants.ticket_ids = {survey->ticket};
    const auto tickets = need(tools_.store.read(wants)).tickets;
    if (survey->id.value != id || tickets.empty()) {
      page.notice = say_in("survey_over");
      return page;
    }
    page.number = tools_.office.number(tickets.front());
    page.problem = problem_words(tickets.front());
    if (survey->answered)
      page.notice = say_in("page.survey_done");
    else if (!tickets::is_waiting(*survey, tools_.clock.now()))
      page.notice = say_in("survey_over");
    return page;
  }

  /// The same event as a tap on one of the survey's answers in his own chat, with his words.
  [[nodiscard]] std::string answer(const PageDeed& deed) const {
    const auto both = !deed.action.empty() && !deed.outcome.empty();
    const auto choice = fmt::format("survey:{}:{}{}{}:words", deed.about, deed.action, both ? "+" : "", deed.outcome);
    return process({.key = deed.key, .peer = deed.who, .sent_at = deed.at, .body = TextMessage{deed.text, choice, {}}});
  }

  [[nodiscard]] std::optional<Peer> find_staff(const std::string& who) const {
    const auto folded = fold(who);
    for (const auto& staff : need(tools_.store.list_staff())) {
      if (staff.disabled) continue;
      for (const auto& peer : staff.peers)
        if (tools_.office.is_staff_channel(peer.channel) &&
            (fold(peer.address) == folded ||
             (!staff.phone.empty() && staff.phone.ends_with(folded) && folded.size() >= 11)))
          return peer;
    }
    return std::nullopt;
  }

  [[nodiscard]] std::optional<Peer> staff_of_code(const std::string& code) const {
    const auto& chat = tools_.sign_in;
    const auto credential = chat.credentials->current(chat.name);
    if (!credential) return std::nullopt;
    const auto call = chat.channel->compose_identity(
        code, {.now = tools_.clock.now(), .nonce = tools_.random.next(), .credential = credential->reveal()});
    if (!call) return std::nullopt;
    const auto address = chat.channel->judge_identity(chat.call(*call));
    if (!address) {
      if (std::holds_alternative<CredentialExpired>(address.error())) chat.credentials->refuse(chat.name, *credential);
      spdlog::warn("sign_in_not_told channel={}", chat.name);
      return std::nullopt;
    }
    const Peer peer{chat.name, *address};
    for (const auto& staff : need(tools_.store.list_staff()))
      if (!staff.disabled && std::find(staff.peers.begin(), staff.peers.end(), peer) != staff.peers.end()) return peer;
    return std::nullopt;
  }

  void send_code(const Peer& staff, const std::string& code) const {
    const auto now = tools_.clock.now();
    const auto id = tools_.ids.next<OutboxId>();
    UnitOfWork unit;
    unit.id = tools_.ids.next<UnitId>();
    unit.inbox = {.key = staff.channel + ":signin:" + std::to_string(id.value),
                  .channel = staff.channel,
                  .peer = staff.address,
                  .received = now};
    OutboxRow row{.id = id, .created = now, .due = now, .expires = now + 5min, .urgent = true};
    row.message = {.key = "o" + std::to_string(id.value), .to = staff, .template_name = kCodeText};
    row.message.locale = tools_.office.locale;
    row.message.text = tools_.office.renderer->render(kCodeText, tools_.office.locale, "", {{"code", code}});
    unit.outbox.push_back(std::move(row));
    if (!std::holds_alternative<Committed>(tools_.store.commit(std::move(unit))))
      throw std::runtime_error("the code could not be queued");
  }

  [[nodiscard]] std::optional<std::string> style(std::string_view name) const {
    const auto file = name == "weui.css"     ? std::string(kWeUi)
                      : name == "huiyin.css" ? "/pages/huiyin.css"
                                             : std::string();
    if (file.empty()) return std::nullopt;
    auto text = read_file(tools_.share_folder + file);
    return text ? std::optional(*std::move(text)) : std::nullopt;
  }

 private:
  [[nodiscard]] std::string process(const Event& event, std::vector<ReceivedFile> files = {}) const {
    const auto outcome = tools_.pipeline.process({.event = event,
                                                  .raw = {},
                                                  .request_id = fmt::format("{:016x}", tools_.random.next()),
                                                  .received = event.sent_at,
                                                  .files = std::move(files),
                                                  .by_page = true},
                                                 std::chrono::steady_clock::now() + kPatience);
    if (outcome.kind != Outcome::Kind::answered) throw std::runtime_error("not decided: " + outcome.why);
    return outcome.reply ? outcome.reply->text : std::string();
  }
  [[nodiscard]] std::string say(const std::string& name) const {
    return tools_.office.renderer->render(name, tools_.office.locale, "", {});
  }
  template <class NameOf>
  pages::TicketPage::Line line_of(const HistoryRow& row, const Ticket& ticket, NameOf name_of) const {
    pages::TicketPage::Line line{.at = tools_.office.clock_time(ticket, row.at)};
    if (row.actor.kind == ActorKind::staff) line.who = name_of(StaffId{row.actor.id});
    const auto action = tickets::parse_action(row.action);
    const auto word = action ? tickets::word_for(*action, tools_.office.locale) : std::string_view();
    line.what = word.empty() ? say("status." + std::string(to_string(row.to))) : std::string(word);
    if (!row.text.empty()) line.what += "：" + row.text;
    return line;
  }

  const PagesTools tools_;
};

}  // namespace

PagesWorld make_pages_world(const PagesTools& tools) {
  const auto world = std::make_shared<const World>(tools);
  PagesWorld out;
  out.ticket = [world](std::int64_t id, const Peer& reader) { return world->ticket(id, reader); };
  out.survey = [world](std::int64_t id, const Peer& owner) { return world->survey(id, owner); };
  out.answer = [world](const PageDeed& deed) { return world->answer(deed); };
  out.photo = [world](std::int64_t ticket, std::int64_t photo, const Peer& reader) {
    return world->photo(ticket, photo, reader);
  };
  out.act = [world](const PageDeed& deed) { return world->act(deed); };
  out.find_staff = [world](const std::string& who) { return world->find_staff(who); };
  out.send_code = [world](const Peer& staff, const std::string& code) { world->send_code(staff, code); };
  if (tools.sign_in.channel != nullptr) {
    out.sign_in_url = [tools](const std::string& path, const std::string& state) {
      return tools.sign_in.channel->sign_in_url(tools.public_url + path, state);
    };
    out.staff_of_code = [world](const std::string& code) { return world->staff_of_code(code); };
  }
  out.style = [world](std::string_view name) { return world->style(name); };
  return out;
}

std::function<std::string(const Ticket&, const Peer&)> make_page_links(const Config& config, const Clock& clock) {
  if (config.links_secret.current.empty()) return {};
  return [&clock, secret = config.links_secret, days = config.links_days, url = config.public_url](const Ticket& ticket,
                                                                                                   const Peer& who) {
    return url + "/t/" +
           seal_link({.kind = LinkKind::ticket,
                      .id = ticket.id.value,
                      .who = who,
                      .expires = clock.now() + std::chrono::hours(24) * days},
                     secret);
  };
}

std::function<std::string(const Survey&)> make_survey_links(const Config& config, const Clock& clock) {
  if (config.links_secret.current.empty()) return {};
  // It opens for longer than an answer is taken, so that who comes late is told so.
  return
      [&clock, secret = config.links_secret, days = config.links_days, url = config.public_url](const Survey& survey) {
        return url + "/s/" +
               seal_link({.kind = LinkKind::survey,
                          .id = survey.id.value,
                          .who = survey.peer,
                          .expires = std::max(survey.expires, clock.now()) + std::chrono::hours(24) * days},
                         secret);
      };
}

std::map<std::string, bool> group_channels(const ChannelTable& channels) {
  std::map<std::string, bool> out;
  for (const auto& [path, setup] : channels)
    if (setup.channel->capabilities().group) out[setup.name] = true;
  return out;
}

}  // namespace huiyin::gateway
