#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "core/attachment.h"
#include "core/contact.h"
#include "core/conversation.h"
#include "core/outbox.h"
#include "core/staff.h"
#include "core/survey.h"
#include "core/ticket.h"
#include "core/timer.h"
#include "core/unit_of_work.h"
#include "db/session.h"

namespace huiyin::db {

/// When a job is due that has ended without success: kept for people to see, and never taken again.
inline constexpr Time kNeverDue{std::chrono::sys_days{std::chrono::year{9999} / 12 / 31}};
inline constexpr std::size_t kMostMediaErrorCharacters = 255;  // media_jobs.last_error

// One place that knows each table's columns: the list, then how a row is bound to it, and how it is read. The order of
// the three is the same.

namespace columns {
using Name = std::string_view;
inline constexpr std::array kInbox = {Name("id"),         Name("delivery_key"), Name("channel"),
                                      Name("peer"),       Name("raw"),          Name("received"),
                                      Name("request_id"), Name("reply"),        Name("reply_moved")};
inline constexpr std::array kConversations = {
    Name("id"),        Name("channel"),   Name("address"), Name("estate_id"),    Name("contact_id"),
    Name("locale"),    Name("dialog"),    Name("more"),    Name("last_inbound"), Name("push_windows"),
    Name("consented"), Name("opted_out"), Name("gone"),    Name("with_human"),   Name("version")};
inline constexpr std::array kContacts = {Name("id"),          Name("name"),     Name("phone"),  Name("phone_verified"),
                                         Name("addresses"),   Name("alias_of"), Name("locale"), Name("consented"),
                                         Name("purge_after"), Name("version")};
inline constexpr std::array kContactPeers = {Name("channel"), Name("address"), Name("contact_id"), Name("since")};
inline constexpr std::array kPhoneCodes = {Name("outbox_id"), Name("phone"), Name("sent")};
inline constexpr std::array kTickets = {
    Name("id"),         Name("number"),      Name("estate_id"),   Name("conversation_id"), Name("channel"),
    Name("address"),    Name("contact_id"),  Name("name"),        Name("phone"),           Name("reported_for"),
    Name("place_id"),   Name("place_text"),  Name("category"),    Name("subcategory"),     Name("description"),
    Name("priority"),   Name("danger"),      Name("audit"),       Name("department_id"),   Name("assignee_id"),
    Name("status"),     Name("parent_id"),   Name("merged_into"), Name("preferred_visit"), Name("may_enter"),
    Name("chargeable"), Name("quote_cents"), Name("opened"),      Name("respond_by"),      Name("resolve_by"),
    Name("closed"),     Name("purge_after"), Name("request_id"),  Name("told_by"),         Name("matter"),
    Name("version")};
inline constexpr std::array kHistory = {
    Name("id"),           Name("ticket_id"),     Name("at"),         Name("action"),   Name("from_status"),
    Name("to_status"),    Name("owner_visible"), Name("actor_kind"), Name("actor_id"), Name("channel"),
    Name("delivery_key"), Name("words")};
inline constexpr std::array kSurveys = {Name("id"),      Name("ticket_id"), Name("channel"),    Name("address"),
                                        Name("closing"), Name("score"),     Name("suggestion"), Name("outcome"),
                                        Name("asked"),   Name("expires"),   Name("answered"),   Name("version")};
inline constexpr std::array kAttachments = {
    Name("id"),        Name("conversation_id"), Name("kind"),     Name("file_name"), Name("sha256"),
    Name("mime_type"), Name("size_bytes"),      Name("received"), Name("ticket_id"), Name("stage")};
inline constexpr std::array kMediaJobs = {Name("id"),  Name("attachment_id"), Name("channel"), Name("media_id"),
                                          Name("url"), Name("due"),           Name("expires")};
inline constexpr std::array kOutbox = {Name("id"),       Name("channel"),    Name("address"),     Name("message_key"),
                                       Name("message"),  Name("ticket_id"),  Name("created"),     Name("due"),
                                       Name("expires"),  Name("ordered"),    Name("urgent"),      Name("state"),
                                       Name("attempts"), Name("last_error"), Name("provider_id"), Name("request_id")};
inline constexpr std::array kEarlyReceipts = {Name("channel"), Name("receipt_id"), Name("state"), Name("may_pass"),
                                              Name("detail"),  Name("received"),   Name("due")};
inline constexpr std::array kOutboxQueue = {Name("channel"), Name("address"), Name("id"), Name("due")};
inline constexpr std::array kTimers = {Name("id"),          Name("due"),           Name("kind"), Name("subject"),
                                       Name("lease_owner"), Name("lease_expires"), Name("claim")};
inline constexpr std::array kEstates = {Name("id"),    Name("created"), Name("name"),
                                        Name("title"), Name("hotline"), Name("time_zone")};
inline constexpr std::array kDepartments = {Name("id"), Name("estate_id"), Name("name"), Name("categories")};
inline constexpr std::array kStaff = {Name("id"),   Name("estate_id"), Name("department_id"), Name("role"),
                                      Name("name"), Name("phone"),     Name("disabled"),      Name("version")};
inline constexpr std::array kStaffPeers = {Name("channel"), Name("address"), Name("staff_id")};
inline constexpr std::array kDuties = {Name("staff_id"), Name("from_at"), Name("until_at"), Name("is_leave")};
}  // namespace columns

inline constexpr Table kInbox{.name = "inbox", .columns = columns::kInbox, .in_each_unit = true};
inline constexpr Table kConversations{
    .name = "conversations", .columns = columns::kConversations, .fixed = 3, .in_each_unit = true};
inline constexpr Table kContacts{"contacts", columns::kContacts};
inline constexpr Table kContactPeers{"contact_peers", columns::kContactPeers, 2, 2};
inline constexpr Table kPhoneCodes{"phone_codes", columns::kPhoneCodes};
inline constexpr Table kTickets{"tickets", columns::kTickets, 1, 2};
inline constexpr Table kHistory{"ticket_history", columns::kHistory};
inline constexpr Table kSurveys{"surveys", columns::kSurveys};
// Only ticket_id and stage change by an upsert: what the fetcher wrote meanwhile stays.
inline constexpr Table kAttachments{"attachments", columns::kAttachments, 1, 8};
inline constexpr Table kMediaJobs{"media_jobs", columns::kMediaJobs};
inline constexpr Table kOutbox{"outbox", columns::kOutbox};
inline constexpr Table kEarlyReceipts{"early_receipts", columns::kEarlyReceipts, 3, 3};
inline constexpr Table kOutboxQueue{"outbox_queue", columns::kOutboxQueue, 2, 3, true};
inline constexpr Table kTimers{"timers", columns::kTimers};
inline constexpr Table kEstates{"estates", columns::kEstates, 1, 2};
inline constexpr Table kDepartments{"departments", columns::kDepartments, 1, 2};
inline constexpr Table kStaff{"staff", columns::kStaff};
inline constexpr Table kStaffPeers{"staff_peers", columns::kStaffPeers, 2, 2};
inline constexpr Table kDuties{"duties", columns::kDuties, 2, 2};

/// `id,channel,address`; with a prefix `h.id,h.channel`.
[[nodiscard]] std::string column_list(const Table& table, std::string_view prefix = {});

/// A unit with all that can be written out of it before it is its turn, so that the committing threads only bind.
struct EncodedUnit {
  UnitOfWork unit{};
  std::optional<std::string> reply{};
  std::string dialog{};
  std::string push_windows{};
  std::vector<std::string> messages{};  ///< of unit.outbox
  std::size_t bytes = 0;                ///< roughly what it takes in a packet
};
[[nodiscard]] EncodedUnit encode_unit(UnitOfWork unit);

/// What the owner allows, windows and consents: `[[1795406400000,5],"TEMPLATE"]`.
[[nodiscard]] std::string encode_allowances(const Conversation& conversation);
/// Throws SqlError::broken.
void decode_allowances(const std::string& text, Conversation& conversation);

// Rows with a version are bound with the next one.
void bind_inbox(Statement& statement, const EncodedUnit& encoded);
void bind_conversation(Statement& statement, const EncodedUnit& encoded);
/// The columns that change, then id and the version read.
void bind_conversation_update(Statement& statement, const EncodedUnit& encoded);
void bind_contact(Statement& statement, const Contact& contact);
void bind_verified_peer(Statement& statement, const VerifiedPeer& peer);
void bind_sent_code(Statement& statement, const SentCode& code);
void bind_ticket(Statement& statement, const Ticket& ticket);
void bind_history(Statement& statement, const HistoryRow& row);
void bind_survey(Statement& statement, const Survey& survey);
void bind_attachment(Statement& statement, const Attachment& attachment);
void bind_media_job(Statement& statement, const MediaJob& job);
void bind_outbox(Statement& statement, const OutboxRow& row, const std::string& message, const std::string& request_id);
void bind_timer(Statement& statement, const Timer& timer);  ///< with no lease
void bind_staff(Statement& statement, const Staff& staff);
void bind_duty(Statement& statement, const Duty& duty);

// Each throws SqlError::broken where a column holds what no program of ours wrote.
[[nodiscard]] Conversation read_conversation(Statement& row);
[[nodiscard]] Contact read_contact(Statement& row);
[[nodiscard]] Ticket read_ticket(Statement& row);
[[nodiscard]] HistoryRow read_history(Statement& row);
[[nodiscard]] Survey read_survey(Statement& row);
[[nodiscard]] Attachment read_attachment(Statement& row);
[[nodiscard]] MediaJob read_media_job(Statement& row);
[[nodiscard]] OutboxRow read_outbox(Statement& row);
[[nodiscard]] Staff read_staff(Statement& row);
[[nodiscard]] std::optional<OutboundMessage> read_reply(const std::optional<std::string>& json, const InboxRow& row);

}  // namespace huiyin::db
