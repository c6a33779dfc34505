#include "tests/gateway/house.h"

#include <algorithm>
#include <regex>
#include <stdexcept>

#include "gateway/cli.h"
#include "gateway/make_office.h"
#include "gateway/stable_id.h"
#include "gateway/ticket_case.h"
#include "gateway/timers.h"
#include "tickets/number.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

constexpr int kMostRounds = 6;
constexpr auto kStaffChannel = "workchat:wecom";

TicketNumber number_of(const std::string& text) { return tickets::parse_number(text, "HY").value(); }

}  // namespace

House::House() {
  db::StoreOptions options;
  options.sqlite = db::SqliteOptions{.file = folder_.file("house.db")};
  if (!db::migrate(options)) throw std::runtime_error("cannot migrate");
  store_ = db::open_store(options).value();
  const auto config = default_config();
  const auto assets = load_assets(config);
  if (!assets) throw std::runtime_error(describe(assets.error().front()));
  std::vector<Error> errors;
  office_ = make_office(*assets, config, errors);
  if (!errors.empty()) throw std::runtime_error(describe(errors.front()));
  office_->staff_channels.insert(kStaffChannel);
  desk_ =
      make_desk(*assets, config, {.name = "wechat:main", .kind = "wechat", .account = "main", .estate = "riverside"},
                {.reply_deadline = 4s, .max_bytes = 2048});
  desk_.office = office_;
  desks_["wechat:main"] = &desk_;
}

const Staff& House::hire(const std::string& name, StaffRole role, const std::string& department) {
  auto& one = staff_[name];
  one = {.id = ids_.next<StaffId>(),
         .estate = stable_id<EstateId>("riverside"),
         .department = stable_id<DepartmentId>(department),
         .role = role,
         .name = name,
         .peers = {{kStaffChannel, name}}};
  UnitOfWork unit{.id = ids_.next<UnitId>(), .inbox = {.key = "hire " + name, .received = now()}};
  unit.staff = {one};
  if (!std::holds_alternative<Committed>(store_->commit(std::move(unit)))) throw std::runtime_error("not hired");
  return one;
}

void House::on_duty(const std::string& name, Time from, Time until, bool leave) {
  UnitOfWork unit{.id = ids_.next<UnitId>(), .inbox = {.key = "duty" + std::to_string(++events_), .received = now()}};
  unit.duties = {{staff_.at(name).id, from, until, leave}};
  if (!std::holds_alternative<Committed>(store_->commit(std::move(unit)))) throw std::runtime_error("no duty");
}

Incoming House::incoming(EventBody body, const Peer& peer, bool late, const std::string& key) {
  return {.event = {.key = key.empty() ? "k" + std::to_string(++events_) : key,
                    .peer = peer,
                    .sent_at = now(),
                    .body = std::move(body)},
          .raw = "raw",
          .request_id = "r",
          .received = now(),
          .late = late};
}

UnitOfWork House::decided(const Incoming& in) {
  Wants wants{.peer = in.event.peer};
  std::optional<TicketNumber> number;
  for (int round = 0; round < kMostRounds; ++round) {
    auto snapshot = store_->read(wants).value();
    snapshot.read = wants;
    auto decision =
        decide_any(*office_, desks_, in, std::move(snapshot), {.now = now(), .ids = &ids_, .number = number});
    if (auto* unit = std::get_if<UnitOfWork>(&decision)) return std::move(*unit);
    auto& more = std::get<NeedsMore>(decision);
    wants = more.wants;
    if (more.number && !number) number = TicketNumber{store_->take_ticket_numbers(1).value()};
  }
  throw std::runtime_error("the decision never had all that it wanted to see");
}

UnitOfWork House::process(EventBody body, const Peer& peer, bool late, const std::string& key) {
  const auto in = incoming(std::move(body), peer, late, key);
  auto unit = decided(in);
  const auto outcome = store_->commit(unit);
  if (const auto* repeat = std::get_if<Duplicate>(&outcome)) {
    UnitOfWork nothing;
    nothing.reply = repeat->reply;
    return nothing;
  }
  if (const auto* refused = std::get_if<Refused>(&outcome)) throw std::runtime_error("refused: " + refused->why);
  if (!std::holds_alternative<Committed>(outcome)) throw std::runtime_error("not committed");
  return unit;
}

std::string House::owner(const std::string& text, const std::string& openid) {
  const auto unit = process(TextMessage{.text = text}, {"wechat:main", openid});
  return unit.reply ? unit.reply->text : "";
}

std::string House::owner_taps(const std::string& choice, const std::string& openid) {
  const auto unit = process(TextMessage{.text = "tap", .choice = choice}, {"wechat:main", openid});
  return unit.reply ? unit.reply->text : "";
}

std::string House::owner_sends_photo(const std::string& openid) {
  const auto unit = process(MediaMessage{.media_id = "m"}, {"wechat:main", openid});
  return unit.reply ? unit.reply->text : "";
}

std::string House::report(const std::string& text, const std::string& openid) {
  auto said = owner(text, openid);
  const auto is_known = [&] { return said.find("已有人报过") != std::string::npos; };
  for (int i = 0; i < 6 && (said.find("HY") == std::string::npos || is_known()); ++i)
    said =
        owner(is_known() || said.find("请核对") != std::string::npos || said.find("还用上次") != std::string::npos ? "1"
              : said.find("照片") != std::string::npos ? "跳过"
                                                       : "13800138000",
              openid);
  return number_in(said);
}

std::string House::number_in(const std::string& text) {
  std::smatch found;
  if (!std::regex_search(text, found, std::regex("HY[0-9]+-[0-9]"))) throw std::runtime_error("no ticket: " + text);
  return found.str();
}

std::string House::staff(const std::string& name, const std::string& text) {
  const auto unit = process(TextMessage{.text = text}, {kStaffChannel, name});
  return unit.reply ? unit.reply->text : "";
}

OutboundMessage House::staff_taps(const std::string& name, const std::string& card, const std::string& key) {
  const auto unit = process(CardTap{.card = card, .key = key, .response = "rc"}, {kStaffChannel, name});
  return unit.reply.value_or(OutboundMessage{});
}

std::string House::staff_sends_photo(const std::string& name) {
  const auto unit = process(MediaMessage{.media_id = "m"}, {kStaffChannel, name});
  return unit.reply ? unit.reply->text : "";
}

bool House::fire_one_batch() {
  const auto timers = store_->lease_timers("house", now(), 1ms, 64).value();
  for (const auto& timer : timers) {
    Peer peer;
    if (timer.kind == kTicketTimer)
      peer = store_->tickets_by_id({TicketId{std::stoll(timer.subject)}}).value().at(0).peer;
    else
      peer = store_->find_peer(ConversationId{std::stoll(timer.subject)}).value().value();
    (void)process(TimerFired{timer.id, timer.kind, timer.subject}, peer, true, key_of(timer));
  }
  return !timers.empty();
}

void House::let_timers_fire() {
  clock_.advance(100ms);  // a unit puts its timer a moment ahead
  for (int i = 0; fire_one_batch(); ++i) {
    if (i > 50) throw std::runtime_error("the timers never come to rest");
    clock_.advance(100ms);
  }
}

void House::pass(Millis time) {
  const auto until = now() + time;
  const auto step = std::max<Millis>(time / 200, 1s);
  while (now() < until) {
    clock_.advance(std::min<Millis>(step, until - now()));
    let_timers_fire();
  }
}

std::vector<OutboundMessage> House::mail(const std::string& address) {
  const Peer peer{
      address.starts_with("o") && address.size() > 1 && std::isupper(static_cast<unsigned char>(address[1])) != 0
          ? "wechat:main"
          : kStaffChannel,
      address};
  std::vector<OutboundMessage> out;
  auto& last = read_up_to_[address];
  const auto rows = store_->outbox_of(peer).value();
  for (const auto& row : rows)
    if (row.id.value > last && row.state != OutboxState::cancelled && row.due <= now() + 1s) {
      last = row.id.value;
      out.push_back(row.message);
    }
  return out;
}

std::string House::heard(const std::string& address) {
  std::string out;
  for (const auto& message : mail(address)) out += message.text + "\n";
  return out;
}

Ticket House::ticket(const std::string& number) const { return store_->find_ticket(number_of(number)).value().value(); }

std::vector<HistoryRow> House::history(const std::string& number) const {
  return store_->history_of(ticket(number).id).value();
}

std::string House::story(const std::string& number) const {
  std::string out;
  for (const auto& row : history(number)) out += (out.empty() ? "" : " ") + row.action;
  return out;
}

std::optional<Survey> House::survey(const std::string& openid) const {
  return store_->read({.peer = {"wechat:main", openid}, .survey = true}).value().survey;
}

}  // namespace huiyin::gateway
