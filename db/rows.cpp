#include "db/rows.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace huiyin::db {
namespace {

using nlohmann::json;

[[noreturn]] void broken(std::string_view column, const std::string& value) {
  throw SqlError(SqlError::Kind::broken, 0, std::string(column) + ": unknown value '" + value.substr(0, 64) + "'");
}

// What the database holds for the enums that have no name in core/.
constexpr std::array kMediaKinds = {std::string_view("image"), std::string_view("voice"), std::string_view("video"),
                                    std::string_view("file")};
constexpr std::array kStages = {std::string_view("unspecified"), std::string_view("before"), std::string_view("after")};
constexpr std::array kActorKinds = {std::string_view("owner"), std::string_view("staff"), std::string_view("system"),
                                    std::string_view("operator")};

template <class Enum, std::size_t N>
std::string_view name_of(const std::array<std::string_view, N>& names, Enum value) {
  return names.at(static_cast<std::size_t>(value));
}

template <class Enum, std::size_t N>
Enum value_of(const std::array<std::string_view, N>& names, std::string_view column, const std::string& text) {
  const auto* const at = std::find(names.begin(), names.end(), text);
  if (at == names.end()) broken(column, text);
  return static_cast<Enum>(at - names.begin());
}

template <class Parse>
auto parsed(std::string_view column, const std::string& text, Parse parse) {
  const auto value = parse(text);
  if (!value) broken(column, text);
  return *value;
}

StaffRole role_of(const std::string& text) {
  for (const auto role : {StaffRole::agent, StaffRole::dispatcher, StaffRole::manager, StaffRole::admin}) {
    if (to_string(role) == text) return role;
  }
  broken("staff.role", text);
}

template <class Decode>
auto decoded(std::string_view column, const std::string& text, Decode decode) {
  try {
    return decode(text);
  } catch (const std::exception& error) {  // json's own, and what the codecs of core/ throw
    throw SqlError(SqlError::Kind::broken, 0, std::string(column) + ": " + error.what());
  }
}

Peer peer_of(const InboxRow& row) { return {.channel = row.channel, .address = row.peer}; }

std::string encode_addresses(const std::vector<SavedAddress>& addresses) {
  auto out = json::array();
  for (const auto& address : addresses) out.push_back({address.text, address.place.value});
  return out.dump();
}

std::vector<SavedAddress> decode_addresses(const std::string& text) {
  return decoded("contacts.addresses", text, [](const std::string& from) {
    std::vector<SavedAddress> out;
    for (const auto& one : json::parse(from)) {
      out.push_back({one.at(0).get<std::string>(), PlaceId{one.at(1).get<std::int64_t>()}});
    }
    return out;
  });
}

void bind_changing(Statement& statement, const EncodedUnit& encoded) {
  const auto& row = *encoded.unit.conversation;
  statement.bind(row.estate).bind(row.contact).bind(row.locale).bind(encoded.dialog).bind(row.more);
  statement.bind(row.last_inbound).bind(encoded.push_windows).bind(row.consented).bind(row.opted_out).bind(row.gone);
  statement.bind(row.with_human).bind(row.version + 1);
}

Peer read_peer(Statement& row) {
  Peer peer;
  peer.channel = row.text();
  peer.address = row.text();
  return peer;
}

}  // namespace

std::string column_list(const Table& table, std::string_view prefix) {
  std::string out;
  for (const auto column : table.columns) {
    if (!out.empty()) out += ',';
    out.append(prefix).append(column);
  }
  return out;
}

std::string encode_allowances(const Conversation& conversation) {
  std::string out = "[";
  for (const auto& window : conversation.windows) {
    if (out.size() > 1) out += ',';
    out +=
        "[" + std::to_string(window.expires.time_since_epoch().count()) + "," + std::to_string(window.remaining) + "]";
  }
  for (const auto& consent : conversation.consents) out += (out.size() > 1 ? "," : "") + json(consent).dump();
  return out + "]";
}

void decode_allowances(const std::string& text, Conversation& conversation) {
  if (text == "[]") return;
  (void)decoded("conversations.push_windows", text, [&](const std::string& from) {
    for (const auto& one : json::parse(from)) {
      if (one.is_string())
        conversation.consents.push_back(one.get<std::string>());
      else
        conversation.windows.push_back({Time(Millis(one.at(0).get<std::int64_t>())), one.at(1).get<int>()});
    }
    return true;
  });
}

EncodedUnit encode_unit(UnitOfWork unit) {
  EncodedUnit out;
  if (unit.reply) out.reply = encode_answer(*unit.reply, unit.inbox.key, peer_of(unit.inbox));
  if (unit.conversation) {
    out.dialog = encode(unit.conversation->dialog);
    out.push_windows = encode_allowances(*unit.conversation);
  }
  out.bytes = 512 + unit.inbox.raw.size() + (out.reply ? out.reply->size() : 0) + out.dialog.size();
  for (const auto& row : unit.outbox) {
    out.messages.push_back(encode(row.message));
    out.bytes += 256 + out.messages.back().size();
  }
  for (const auto& ticket : unit.tickets) out.bytes += 512 + ticket.description.size();
  for (const auto& row : unit.history) out.bytes += 128 + row.text.size();
  out.unit = std::move(unit);
  return out;
}

void bind_inbox(Statement& statement, const EncodedUnit& encoded) {
  const auto& inbox = encoded.unit.inbox;
  statement.bind(encoded.unit.id.value).bind(inbox.key).bind(inbox.channel).bind(inbox.peer).bind_bytes(inbox.raw);
  statement.bind(inbox.received).bind(inbox.request_id);
  encoded.reply ? statement.bind(*encoded.reply) : statement.bind_null();
  statement.bind(false);
}

void bind_conversation(Statement& statement, const EncodedUnit& encoded) {
  const auto& row = *encoded.unit.conversation;
  statement.bind(row.id.value).bind(row.peer.channel).bind(row.peer.address);
  bind_changing(statement, encoded);
}

void bind_conversation_update(Statement& statement, const EncodedUnit& encoded) {
  bind_changing(statement, encoded);
  statement.bind(encoded.unit.conversation->id.value).bind(encoded.unit.conversation->version);
}

Conversation read_conversation(Statement& row) {
  Conversation out;
  out.id = row.id<ConversationId>();
  out.peer = read_peer(row);
  out.estate = row.id<EstateId>();
  out.contact = row.id<ContactId>();
  out.locale = row.text();
  out.dialog = decoded("conversations.dialog", row.text(), decode_dialog_state);
  out.more = row.text();
  out.last_inbound = row.optional_time();
  decode_allowances(row.text(), out);
  out.consented = row.optional_time();
  out.opted_out = row.flag();
  out.gone = row.flag();
  out.with_human = row.flag();
  out.version = row.integer();
  return out;
}

void bind_contact(Statement& statement, const Contact& contact) {
  statement.bind(contact.id.value).bind(contact.name).bind(contact.phone).bind(contact.phone_verified);
  statement.bind(encode_addresses(contact.addresses)).bind(contact.alias_of).bind(contact.locale);
  statement.bind(contact.consented).bind(contact.purge_after).bind(contact.version + 1);
}

Contact read_contact(Statement& row) {
  Contact out;
  out.id = row.id<ContactId>();
  out.name = row.text();
  out.phone = row.text();
  out.phone_verified = row.flag();
  out.addresses = decode_addresses(row.text());
  out.alias_of = row.id<ContactId>();
  out.locale = row.text();
  out.consented = row.optional_time();
  out.purge_after = row.optional_time();
  out.version = row.integer();
  return out;
}

void bind_sent_code(Statement& statement, const SentCode& code) {
  statement.bind(code.message.value).bind(code.phone).bind(code.at);
}

void bind_verified_peer(Statement& statement, const VerifiedPeer& peer) {
  statement.bind(peer.peer.channel).bind(peer.peer.address).bind(peer.contact.value).bind(peer.since);
}

void bind_ticket(Statement& statement, const Ticket& ticket) {
  statement.bind(ticket.id.value).bind(ticket.number.sequence).bind(ticket.estate).bind(ticket.conversation);
  statement.bind(ticket.peer.channel)
      .bind(ticket.peer.address)
      .bind(ticket.contact)
      .bind(ticket.name)
      .bind(ticket.phone);
  statement.bind(ticket.reported_for).bind(ticket.place).bind(ticket.address).bind(to_string(ticket.category));
  statement.bind(ticket.subcategory).bind(ticket.description).bind(to_string(ticket.priority)).bind(ticket.danger);
  statement.bind(ticket.audit).bind(ticket.department).bind(ticket.assignee).bind(to_string(ticket.status));
  statement.bind(ticket.parent).bind(ticket.merged_into).bind(ticket.preferred_visit).bind(ticket.may_enter);
  statement.bind(ticket.chargeable).bind(ticket.quote_cents).bind(ticket.opened).bind(ticket.respond_by);
  statement.bind(ticket.resolve_by).bind(ticket.closed).bind(ticket.purge_after).bind(ticket.request_id);
  statement.bind(ticket.told_by).bind(ticket.matter).bind(ticket.version + 1);
}

Ticket read_ticket(Statement& row) {
  Ticket out;
  out.id = row.id<TicketId>();
  out.number.sequence = row.integer();
  out.estate = row.id<EstateId>();
  out.conversation = row.id<ConversationId>();
  out.peer = read_peer(row);
  out.contact = row.id<ContactId>();
  out.name = row.text();
  out.phone = row.text();
  out.reported_for = row.text();
  out.place = row.id<PlaceId>();
  out.address = row.text();
  out.category = parsed("tickets.category", row.text(), parse_category);
  out.subcategory = row.text();
  out.description = row.text();
  out.priority = parsed("tickets.priority", row.text(), parse_priority);
  out.danger = row.text();
  out.audit = row.text();
  out.department = row.id<DepartmentId>();
  out.assignee = row.id<StaffId>();
  out.status = parsed("tickets.status", row.text(), parse_ticket_status);
  out.parent = row.id<TicketId>();
  out.merged_into = row.id<TicketId>();
  out.preferred_visit = row.text();
  out.may_enter = row.flag();
  out.chargeable = row.flag();
  out.quote_cents = row.integer();
  out.opened = row.time();
  out.respond_by = row.optional_time();
  out.resolve_by = row.optional_time();
  out.closed = row.optional_time();
  out.purge_after = row.optional_time();
  out.request_id = row.text();
  out.told_by = row.text();
  out.matter = row.integer();
  out.version = row.integer();
  return out;
}

void bind_history(Statement& statement, const HistoryRow& row) {
  statement.bind(row.id.value).bind(row.ticket.value).bind(row.at).bind(row.action).bind(to_string(row.from));
  statement.bind(to_string(row.to))
      .bind(row.owner_visible)
      .bind(name_of(kActorKinds, row.actor.kind))
      .bind(row.actor.id);
  statement.bind(row.channel).bind(row.delivery_key).bind(row.text);
}

HistoryRow read_history(Statement& row) {
  HistoryRow out;
  out.id = row.id<HistoryId>();
  out.ticket = row.id<TicketId>();
  out.at = row.time();
  out.action = row.text();
  out.from = parsed("ticket_history.from_status", row.text(), parse_ticket_status);
  out.to = parsed("ticket_history.to_status", row.text(), parse_ticket_status);
  out.owner_visible = row.flag();
  out.actor.kind = value_of<ActorKind>(kActorKinds, "ticket_history.actor_kind", row.text());
  out.actor.id = row.integer();
  out.channel = row.text();
  out.delivery_key = row.text();
  out.text = row.text();
  return out;
}

void bind_survey(Statement& statement, const Survey& survey) {
  statement.bind(survey.id.value).bind(survey.ticket.value).bind(survey.peer.channel).bind(survey.peer.address);
  statement.bind(survey.closing);
  survey.score ? statement.bind(*survey.score) : statement.bind_null();
  statement.bind(survey.suggestion).bind(survey.outcome).bind(survey.asked).bind(survey.expires).bind(survey.answered);
  statement.bind(survey.version + 1);
}

Survey read_survey(Statement& row) {
  Survey out;
  out.id = row.id<SurveyId>();
  out.ticket = row.id<TicketId>();
  out.peer = read_peer(row);
  out.closing = row.small();
  out.score = row.optional_small();
  out.suggestion = row.text();
  out.outcome = row.text();
  out.asked = row.time();
  out.expires = row.time();
  out.answered = row.optional_time();
  out.version = row.integer();
  return out;
}

void bind_attachment(Statement& statement, const Attachment& attachment) {
  statement.bind(attachment.id.value).bind(attachment.conversation).bind(name_of(kMediaKinds, attachment.kind));
  statement.bind(attachment.file_name).bind(attachment.sha256).bind(attachment.mime_type).bind(attachment.bytes);
  statement.bind(attachment.received).bind(attachment.ticket).bind(name_of(kStages, attachment.stage));
}

Attachment read_attachment(Statement& row) {
  Attachment out;
  out.id = row.id<AttachmentId>();
  out.conversation = row.id<ConversationId>();
  out.kind = value_of<MediaKind>(kMediaKinds, "attachments.kind", row.text());
  out.file_name = row.text();
  out.sha256 = row.text();
  out.mime_type = row.text();
  out.bytes = row.integer();
  out.received = row.time();
  out.ticket = row.id<TicketId>();
  out.stage = value_of<AttachmentStage>(kStages, "attachments.stage", row.text());
  return out;
}

MediaJob read_media_job(Statement& row) {
  MediaJob out;
  out.id = row.id<MediaJobId>();
  out.attachment = row.id<AttachmentId>();
  out.channel = row.text();
  out.media_id = row.text();
  out.url = row.text();
  out.due = row.time();
  out.expires = row.time();
  return out;
}

void bind_media_job(Statement& statement, const MediaJob& job) {
  statement.bind(job.id.value).bind(job.attachment.value).bind(job.channel).bind(job.media_id).bind(job.url);
  statement.bind(job.due).bind(job.expires);
}

void bind_outbox(Statement& statement, const OutboxRow& row, const std::string& message,
                 const std::string& request_id) {
  const auto& to = row.message.to;
  statement.bind(row.id.value).bind(to.channel).bind(to.address).bind(row.message.key).bind(message).bind(row.ticket);
  statement.bind(row.created).bind(row.due).bind(row.expires).bind(row.ordered).bind(row.urgent);
  statement.bind(to_string(row.state)).bind(row.attempts).bind(row.last_error);
  row.provider_id.empty() ? statement.bind_null() : statement.bind(row.provider_id);
  statement.bind(request_id);
}

OutboxRow read_outbox(Statement& row) {
  OutboxRow out;
  out.id = row.id<OutboxId>();
  const auto to = read_peer(row);
  const auto key = row.text();
  out.message = decoded("outbox.message", row.text(), decode_outbound_message);
  out.message.to = to;
  out.message.key = key;
  out.ticket = row.id<TicketId>();
  out.created = row.time();
  out.due = row.time();
  out.expires = row.optional_time();
  out.ordered = row.flag();
  out.urgent = row.flag();
  out.state = parsed("outbox.state", row.text(), parse_outbox_state);
  out.attempts = row.small();
  out.last_error = row.text();
  out.provider_id = row.text();
  return out;
}

void bind_timer(Statement& statement, const Timer& timer) {
  statement.bind(timer.id.value).bind(timer.due).bind(timer.kind).bind(timer.subject);
  statement.bind("").bind(Time{}).bind(0);
}

void bind_staff(Statement& statement, const Staff& staff) {
  statement.bind(staff.id.value).bind(staff.estate).bind(staff.department).bind(to_string(staff.role)).bind(staff.name);
  statement.bind(staff.phone).bind(staff.disabled).bind(staff.version + 1);
}

Staff read_staff(Statement& row) {
  Staff out;
  out.id = row.id<StaffId>();
  out.estate = row.id<EstateId>();
  out.department = row.id<DepartmentId>();
  out.role = role_of(row.text());
  out.name = row.text();
  out.phone = row.text();
  out.disabled = row.flag();
  out.version = row.integer();
  return out;
}

void bind_duty(Statement& statement, const Duty& duty) {
  statement.bind(duty.staff.value).bind(duty.from).bind(duty.until).bind(duty.leave);
}

std::optional<OutboundMessage> read_reply(const std::optional<std::string>& json, const InboxRow& row) {
  if (!json) return std::nullopt;
  return decoded("inbox.reply", *json,
                 [&](const std::string& text) { return decode_answer(text, row.key, peer_of(row)); });
}

}  // namespace huiyin::db
