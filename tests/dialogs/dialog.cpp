#include "tests/dialogs/dialog.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace huiyin::dialogs {

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

const Flow& shipped_flow() {
  static const Flow flow = [] {
    auto parsed = parse_flow(read_file("dialogs/flows/feedback.yaml"), "feedback.yaml");
    if (!parsed) throw std::runtime_error(describe(parsed.error().front()));
    parsed->site.hotline = "400-800-1234";
    parsed->site.emergency_numbers = {{"gas", "96777"}};
    parsed->site.faq = shipped_lexicon().faq();
    parsed->site.write_number = [](TicketNumber number) { return "HY" + std::to_string(number.sequence); };
    parsed->site.read_number = [](std::string_view text) -> std::optional<TicketNumber> {
      if (text.starts_with("HY") || text.starts_with("hy")) text.remove_prefix(2);
      TicketNumber number;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number.sequence);
      if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
      return number;
    };
    return *std::move(parsed);
  }();
  return flow;
}

const Lexicon& shipped_lexicon() {
  static const Lexicon lexicon = [] {
    std::vector<std::pair<std::string, std::string>> files;
    for (const auto* name : {"bodies.yaml", "categories.yaml", "danger.yaml", "faq.yaml", "intents.yaml", "names.yaml",
                             "sets.yaml", "traditional.yaml", "weights.txt"})
      files.emplace_back(name, read_file(std::string("dialogs/lexicon/") + name));
    auto parsed = Lexicon::parse(files);
    if (!parsed) throw std::runtime_error(describe(parsed.error().front()));
    return *std::move(parsed);
  }();
  return lexicon;
}

Dialog::Dialog() { stored.conversation = Conversation{.id = ConversationId{1}, .peer = kWang, .locale = locale}; }

EventBody Dialog::event_of(std::string_view line) {
  if (!line.starts_with('[')) return TextMessage{std::string(line)};
  const auto inside = line.substr(1, line.size() - 2);
  const auto space = inside.find(' ');
  const auto word = inside.substr(0, space);
  const auto rest = std::string(space == std::string_view::npos ? "" : inside.substr(space + 1));
  if (word == "照片") return MediaMessage{.kind = MediaKind::image, .media_id = "m"};
  if (word == "视频") return MediaMessage{.kind = MediaKind::video, .media_id = "m"};
  if (word == "语音") return MediaMessage{.kind = MediaKind::voice, .media_id = "m", .recognition = rest};
  if (word == "位置") return LocationMessage{31.23, 121.47, rest};
  if (word == "链接") return LinkMessage{"标题", "", "http://huiyin.test/a"};
  if (word == "动图") return UnsupportedMessage{"emotion"};
  if (word == "菜单") return MenuClick{rest};
  if (word == "关注") return Followed{rest, false};
  if (word == "取关") return Unfollowed{};
  if (word == "定时") return TimerFired{TimerId{1}, rest, "1"};
  throw std::runtime_error("no such event in a table: " + std::string(line));
}

std::string Dialog::owner(std::string_view line) {
  if (line.starts_with('+')) {
    long amount = 0;
    const auto [end, error] = std::from_chars(line.data() + 1, line.data() + line.size(), amount);
    now += *end == 'h' ? Millis{std::chrono::hours{amount}} : Millis{std::chrono::seconds{amount}};
    line = line.substr(static_cast<std::size_t>(end - line.data()) + 1);
    if (line.starts_with(' ')) line.remove_prefix(1);
  } else {
    now += std::chrono::seconds{20};
  }
  return send(event_of(line));
}

std::string Dialog::send(EventBody body) {
  const Event event{.key = "wechat:main:1", .peer = kWang, .sent_at = now, .body = std::move(body)};
  const auto said = understand(shipped_lexicon(), text_of(event));
  Snapshot snapshot;
  snapshot.conversation = stored.conversation;
  if (snapshot.conversation) snapshot.conversation->locale = locale;
  auto outcome = step(flow, state, event, said, snapshot, now);
  if (const auto* wanted = std::get_if<Needs>(&outcome)) {
    ++needs;
    snapshot.read.contact = wanted->contact;
    snapshot.read.tickets = wanted->tickets;
    snapshot.read.numbers = wanted->numbers;
    snapshot.read.survey = wanted->survey;
    if (wanted->survey) snapshot.survey = stored.survey;
    if (wanted->contact) snapshot.contact = stored.contact;
    for (const auto& ticket : stored.tickets) {
      const bool named =
          std::find(wanted->numbers.begin(), wanted->numbers.end(), ticket.number) != wanted->numbers.end();
      const bool merged_into = std::any_of(stored.tickets.begin(), stored.tickets.end(), [&](const Ticket& one) {
        return one.merged_into == ticket.id && one.peer == kWang;
      });
      if (named || (wanted->tickets && (merged_into || ticket.peer == kWang))) snapshot.tickets.push_back(ticket);
    }
    snapshot.last_changes = stored.last_changes;
    outcome = step(flow, state, event, said, snapshot, now);
  }
  if (!std::holds_alternative<Turn>(outcome)) return "needs twice";
  auto turn = std::get<Turn>(std::move(outcome));
  for (const auto& effect : turn.effects) {
    if (std::holds_alternative<Attach>(effect)) turn.state.attachments.push_back(AttachmentId{++last_id_});
    if (const auto* open = std::get_if<OpenTicket>(&effect)) {
      turn.state.ticket = TicketId{++last_id_};
      turn.state.ticket_number = "HY" + std::to_string(last_id_);
      opened.push_back(*open);
      stored.tickets.insert(stored.tickets.begin(), open->ticket);
      stored.tickets.front().id = turn.state.ticket;
      stored.tickets.front().number = {last_id_};
      stored.tickets.front().opened = now;
    }
  }
  state = decode_dialog_state(encode(turn.state));  // as the store would give it back
  EXPECT_EQ(state, turn.state) << "the state does not survive the store";
  effects = std::move(turn.effects);
  return describe(effects);
}

void play(const std::vector<NamedDialog>& dialogs) {
  for (const auto& [name, exchanges] : dialogs) {
    Dialog dialog;
    for (const auto& [owner, effects] : exchanges)
      EXPECT_EQ(dialog.owner(owner), effects) << name << "：业主说「" << owner << "」";
  }
}

}  // namespace huiyin::dialogs
