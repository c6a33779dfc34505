#include "db/conversation_cache.h"

#include <cstring>
#include <utility>

#include "db/rows.h"

namespace huiyin::db {
namespace {

// A list node, a hash node with its share of the buckets, and two heap blocks' headers, on 64 bits.
constexpr std::size_t kEntryOverhead = 176;

std::string key_of(const Peer& peer) {
  std::string key;
  key.reserve(peer.channel.size() + 1 + peer.address.size());
  return key.append(peer.channel).append(1, '\0').append(peer.address);
}

class Packer {
 public:
  void number(std::int64_t value) { out_.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void text(std::string_view value) {
    number(static_cast<std::int64_t>(value.size()));
    out_.append(value);
  }
  template <class List, class Pack>
  void list(const List& values, Pack pack) {
    number(static_cast<std::int64_t>(values.size()));
    for (const auto& value : values) pack(value);
  }
  void time(const std::optional<Time>& value) {
    number(value ? 1 : 0);
    if (value) number(value->time_since_epoch().count());
  }
  [[nodiscard]] std::string take() {
    out_.shrink_to_fit();
    return std::move(out_);
  }

 private:
  std::string out_;
};

class Unpacker {
 public:
  explicit Unpacker(std::string_view in) : in_(in) {}
  std::int64_t number() {
    std::int64_t value = 0;
    std::memcpy(&value, in_.data(), sizeof value);
    in_.remove_prefix(sizeof value);
    return value;
  }
  std::string text() {
    const auto size = static_cast<std::size_t>(number());
    std::string value(in_.substr(0, size));
    in_.remove_prefix(size);
    return value;
  }
  std::optional<Time> time() {
    if (number() == 0) return std::nullopt;
    return Time(Millis(number()));
  }

 private:
  std::string_view in_;
};

constexpr std::int64_t kOptedOut = 1, kGone = 2, kWithHuman = 4;
constexpr std::int64_t kExchange = 1, kParts = 2, kVerification = 4, kMails = 8;

void pack(Packer& out, const Exchange& exchange) {
  out.text(exchange.said);
  out.text(exchange.asking);
  out.time(exchange.at);
  out.time(exchange.answered);
  out.number(exchange.fruitless);
  out.number(exchange.quick);
}

Exchange unpack_exchange(Unpacker& in) {
  Exchange out;
  out.said = in.text();
  out.asking = in.text();
  out.at = in.time();
  out.answered = in.time();
  out.fruitless = static_cast<int>(in.number());
  out.quick = static_cast<int>(in.number());
  return out;
}

void pack(Packer& out, const HeldPart& part) {
  out.text(part.reference);
  out.number(part.number);
  out.number(part.of);
  out.text(part.text);
  out.time(part.at);
}

HeldPart unpack_part(Unpacker& in) {
  HeldPart out;
  out.reference = in.text();
  out.number = static_cast<int>(in.number());
  out.of = static_cast<int>(in.number());
  out.text = in.text();
  out.at = in.time().value_or(Time());
  return out;
}

void pack(Packer& out, const Verification& verification) {
  out.text(verification.phone);
  out.text(verification.hash);
  out.time(verification.expires);
  out.number(verification.attempts);
  out.number(verification.sent);
  out.time(verification.first);
}

Verification unpack_verification(Unpacker& in) {
  Verification out;
  out.phone = in.text();
  out.hash = in.text();
  out.expires = in.time().value_or(Time());
  out.attempts = static_cast<int>(in.number());
  out.sent = static_cast<int>(in.number());
  out.first = in.time().value_or(Time());
  return out;
}

/// What only some channels' dialogs have; most conversations pay one number for all of it.
void pack_rare(Packer& out, const DialogState& dialog) {
  const bool exchange = dialog.exchange != Exchange();
  out.number((exchange ? kExchange : 0) | (dialog.parts.empty() ? 0 : kParts) |
             (dialog.verification ? kVerification : 0) | (dialog.mails_answered.empty() ? 0 : kMails));
  if (exchange) pack(out, dialog.exchange);
  if (!dialog.parts.empty()) out.list(dialog.parts, [&](const HeldPart& part) { pack(out, part); });
  if (dialog.verification) pack(out, *dialog.verification);
  if (!dialog.mails_answered.empty()) out.list(dialog.mails_answered, [&](Time at) { out.time(at); });
}

void unpack_rare(Unpacker& in, DialogState& dialog) {
  const auto has = in.number();
  if ((has & kExchange) != 0) dialog.exchange = unpack_exchange(in);
  if ((has & kParts) != 0)
    for (auto parts = in.number(); parts > 0; --parts) dialog.parts.push_back(unpack_part(in));
  if ((has & kVerification) != 0) dialog.verification = unpack_verification(in);
  if ((has & kMails) != 0)
    for (auto mails = in.number(); mails > 0; --mails) dialog.mails_answered.push_back(in.time().value_or(Time()));
}

// The dialog state is packed field by field: reading its JSON back costs more than the rest of a cached read together.
void pack(Packer& out, const DialogState& dialog) {
  for (const auto* text : {&dialog.flow, &dialog.asking, &dialog.proposal, &dialog.resume, &dialog.hint, &dialog.danger,
                           &dialog.ticket_number})
    out.text(*text);
  for (const std::int64_t number :
       {std::int64_t{dialog.misses}, std::int64_t{static_cast<int>(dialog.consent)}, dialog.ticket.value,
        std::int64_t{dialog.draft}, dialog.survey.value, dialog.talk.value})
    out.number(number);
  for (const auto* time : {&dialog.touched, &dialog.media_acknowledged, &dialog.surveyed, &dialog.talked})
    out.time(*time);
  out.list(dialog.slots, [&](const auto& slot) {
    out.text(slot.first);
    out.text(slot.second.value);
    out.text(slot.second.shown);
    out.number(slot.second.to_audit);
  });
  out.list(dialog.attachments, [&](AttachmentId id) { out.number(id.value); });
  out.list(dialog.asked, [&](const std::string& field) { out.text(field); });
  pack_rare(out, dialog);
}

DialogState unpack_dialog(Unpacker& in) {
  DialogState dialog;
  for (auto* text : {&dialog.flow, &dialog.asking, &dialog.proposal, &dialog.resume, &dialog.hint, &dialog.danger,
                     &dialog.ticket_number})
    *text = in.text();
  dialog.misses = static_cast<int>(in.number());
  dialog.consent = ConsentNotice{static_cast<int>(in.number())};
  dialog.ticket.value = in.number();
  dialog.draft = in.number() != 0;
  dialog.survey.value = in.number();
  dialog.talk.value = in.number();
  for (auto* time : {&dialog.touched, &dialog.media_acknowledged, &dialog.surveyed, &dialog.talked}) *time = in.time();
  for (auto slots = in.number(); slots > 0; --slots) {
    auto& slot = dialog.slots[in.text()];
    slot.value = in.text();
    slot.shown = in.text();
    slot.to_audit = in.number() != 0;
  }
  for (auto ids = in.number(); ids > 0; --ids) dialog.attachments.push_back(AttachmentId{in.number()});
  for (auto fields = in.number(); fields > 0; --fields) dialog.asked.push_back(in.text());
  unpack_rare(in, dialog);
  return dialog;
}

std::string pack(const Conversation& row) {
  Packer out;
  out.number(row.id.value);
  out.number(row.estate.value);
  out.number(row.contact.value);
  out.number((row.opted_out ? kOptedOut : 0) | (row.gone ? kGone : 0) | (row.with_human ? kWithHuman : 0));
  out.time(row.last_inbound);
  out.time(row.consented);
  out.text(row.locale);
  pack(out, row.dialog);
  out.text(row.more);
  out.number(static_cast<std::int64_t>(row.windows.size()));
  for (const auto& window : row.windows) {
    out.number(window.expires.time_since_epoch().count());
    out.number(window.remaining);
  }
  out.number(static_cast<std::int64_t>(row.consents.size()));
  for (const auto& consent : row.consents) out.text(consent);
  return out.take();
}

Conversation unpack(const Peer& peer, std::int64_t version, std::string_view packed) {
  Unpacker in(packed);
  Conversation row;
  row.peer = peer;
  row.version = version;
  row.id.value = in.number();
  row.estate.value = in.number();
  row.contact.value = in.number();
  const auto flags = in.number();
  row.opted_out = (flags & kOptedOut) != 0;
  row.gone = (flags & kGone) != 0;
  row.with_human = (flags & kWithHuman) != 0;
  row.last_inbound = in.time();
  row.consented = in.time();
  row.locale = in.text();
  row.dialog = unpack_dialog(in);
  row.more = in.text();
  for (auto windows = in.number(); windows > 0; --windows) {
    const Time expires{Millis(in.number())};
    row.windows.push_back({expires, static_cast<int>(in.number())});
  }
  for (auto consents = in.number(); consents > 0; --consents) row.consents.push_back(in.text());
  return row;
}

}  // namespace

std::size_t ConversationCache::cost(const Entry& entry) {
  return kEntryOverhead + entry.peer.capacity() + entry.row.capacity();
}

std::optional<Conversation> ConversationCache::find(const Peer& peer) {
  std::string row;
  std::int64_t version = 0;
  {
    const auto key = key_of(peer);
    const std::lock_guard lock(mutex_);
    const auto at = index_.find(key);
    if (at == index_.end()) return std::nullopt;
    entries_.splice(entries_.begin(), entries_, at->second);
    row = at->second->row;
    version = at->second->version;
  }
  return unpack(peer, version, row);
}

void ConversationCache::put(const Conversation& row, std::int64_t version) {
  Entry entry{key_of(row.peer), pack(row), version};
  const auto size = cost(entry);
  const std::lock_guard lock(mutex_);
  if (const auto at = index_.find(entry.peer); at != index_.end()) {
    if (at->second->version > version) return;
    erase(at->second);
  }
  if (size > most_bytes_) return;
  entries_.push_front(std::move(entry));
  index_.emplace(entries_.front().peer, entries_.begin());
  bytes_ += size;
  while (bytes_ > most_bytes_) erase(std::prev(entries_.end()));
}

void ConversationCache::drop(const Peer& peer) {
  const auto key = key_of(peer);
  const std::lock_guard lock(mutex_);
  if (const auto at = index_.find(key); at != index_.end()) erase(at->second);
}

std::size_t ConversationCache::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

void ConversationCache::erase(Entries::iterator entry) {
  bytes_ -= cost(*entry);
  index_.erase(entry->peer);
  entries_.erase(entry);
}

}  // namespace huiyin::db
