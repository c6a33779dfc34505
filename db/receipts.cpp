#include "db/receipts.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <tuple>

#include "core/text.h"
#include "db/outbox.h"
#include "db/rows.h"

namespace huiyin::db {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMostIdBytes = 255;            // outbox.provider_id, and what is cut of it when it is written
constexpr std::size_t kMostDetailCharacters = 1000;  // outbox.receipt
constexpr auto kKept = 1h;
constexpr Millis kFirstPause = 500ms;  // then as long as it has been kept, at most:
constexpr Millis kLongestPause = 1min;
constexpr int kMostAtOnce = 256;
constexpr int kMostForgottenAtOnce = 5000;

/// As the outbox would have it.
std::string stored_id(const std::string& id) { return std::string(first_bytes(clean_text(id), kMostIdBytes)); }
std::string stored_detail(const Receipt& receipt) {
  return std::string(first_characters(clean_text(receipt.detail), kMostDetailCharacters));
}

std::string_view name_of(ReceiptState state) { return state == ReceiptState::delivered ? "delivered" : "failed"; }

/// The rows that a receipt names. The channel that it came by is the one that was sent by.
struct Named {
  std::vector<std::int64_t> ids{};
  bool being_sent = false;  ///< the end of the sending that it speaks of is not written down yet
};

Named find_named(Session& session, const HeardReceipt& heard) {
  Named out;
  const auto id = stored_id(heard.receipt.id);
  for (const auto* const column : {"message_key", "provider_id"}) {
    auto& row = session.prepare("SELECT id,state,due FROM outbox WHERE " + std::string(column) + "=? AND channel=?");
    for (row.bind(id).bind(heard.channel).query(); row.next();) {
      out.ids.push_back(row.integer());
      const bool waits = row.text() == to_string(OutboxState::waiting);
      out.being_sent = out.being_sent || (waits && row.time() <= heard.received);
    }
  }
  return out;
}

/// What may pass is sent again, which the dispatcher would take back when it writes down the first sending.
bool is_early(const HeardReceipt& heard, const Named& named) {
  return named.ids.empty() || (heard.receipt.may_pass && named.being_sent);
}

void keep(Session& session, const HeardReceipt& heard) {
  session.prepare(session.dialect().insert_new(kEarlyReceipts, 1))
      .bind(heard.channel)
      .bind(stored_id(heard.receipt.id))
      .bind(name_of(heard.receipt.state))
      .bind(heard.receipt.may_pass)
      .bind(stored_detail(heard.receipt))
      .bind(heard.received)
      .bind(heard.received)
      .run();
}

/// False where somebody else has taken it.
bool forget(Session& session, const HeardReceipt& kept) {
  auto& statement = session.prepare("DELETE FROM early_receipts WHERE channel=? AND receipt_id=? AND state=?");
  return statement.bind(kept.channel).bind(kept.receipt.id).bind(name_of(kept.receipt.state)).run() > 0;
}

void put_off(Session& session, const HeardReceipt& kept, Time now) {
  const auto pause = std::clamp(now - kept.received, kFirstPause, kLongestPause);
  session.prepare("UPDATE early_receipts SET due=? WHERE channel=? AND receipt_id=? AND state=?")
      .bind(now + pause)
      .bind(kept.channel)
      .bind(kept.receipt.id)
      .bind(name_of(kept.receipt.state))
      .run();
}

/// Nothing where it is tried no more.
std::optional<OutboxRow> send_again(Session& session, std::int64_t id, const Receipt& receipt, Time now) {
  auto& statement = session.prepare("SELECT " + column_list(kOutbox) + " FROM outbox WHERE id=? AND state='sent'");
  std::optional<OutboxRow> row;
  for (statement.bind(id).query(); statement.next();) row = read_outbox(statement);
  const auto due = row ? next_try_after_bounce(*row, now) : std::nullopt;
  if (!due) return std::nullopt;
  row->due = *due;
  row->state = OutboxState::waiting;
  // No receipt stays: it would be taken for one of the next sending.
  session.prepare("UPDATE outbox SET state='waiting',due=?,receipt=NULL,last_error=? WHERE id=? AND state='sent'")
      .bind(*due)
      .bind(stored_detail(receipt))
      .bind(id)
      .run();
  return row;
}

bool waits(Session& session, std::int64_t id) {
  auto& row = session.prepare("SELECT state FROM outbox WHERE id=?");
  bool waiting = false;
  for (row.bind(id).query(); row.next();) waiting = row.text() == to_string(OutboxState::waiting);
  return waiting;
}

std::optional<OutboxRow> apply(Session& session, std::int64_t id, const Receipt& receipt, Time received) {
  if (receipt.may_pass) {
    if (auto row = send_again(session, id, receipt, received)) return row;
    if (waits(session, id)) return std::nullopt;  // given back twice: it is sent again already
  }
  const auto end = receipt.state == ReceiptState::delivered ? OutboxState::delivered : OutboxState::dead;
  // Receipts come in any order: what has arrived has arrived.
  session.prepare("UPDATE outbox SET state=?,receipt=? WHERE id=? AND state<>'delivered'")
      .bind(to_string(end))
      .bind(stored_detail(receipt))
      .bind(id)
      .run();
  return std::nullopt;
}

struct Meant {
  std::int64_t id = 0;
  const HeardReceipt* heard = nullptr;
};

/// Rows are written ids ascending.
std::vector<OutboxRow> apply_all(Session& session, std::vector<Meant> meant) {
  std::stable_sort(meant.begin(), meant.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  std::vector<OutboxRow> again;
  for (const auto& [id, heard] : meant)
    if (auto row = apply(session, id, heard->receipt, heard->received)) again.push_back(*std::move(row));
  return again;
}

std::vector<HeardReceipt> due_receipts(Session& session, Time now) {
  auto& row = session.prepare(
      "SELECT channel,receipt_id,state,may_pass,detail,received FROM early_receipts WHERE due<=? ORDER BY due LIMIT ?");
  std::vector<HeardReceipt> out;
  for (row.bind(now).bind(kMostAtOnce).query(); row.next();) {
    auto& one = out.emplace_back();
    one.channel = row.text();
    one.receipt.id = row.text();
    one.receipt.state = row.text() == "delivered" ? ReceiptState::delivered : ReceiptState::failed;
    one.receipt.may_pass = row.flag();
    one.receipt.detail = row.text();
    one.received = row.time();
  }
  // As they came; and so that two nodes that want the same ones lock them in one order.
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return std::tie(a.received, a.channel, a.receipt.id) < std::tie(b.received, b.channel, b.receipt.id);
  });
  return out;
}

/// The oldest of more than kMostEarlyReceipts.
std::vector<HeardReceipt> too_many(Session& session) {
  auto& limit = session.prepare("SELECT received FROM early_receipts ORDER BY received DESC LIMIT 1 OFFSET ?");
  std::optional<Time> last;
  for (limit.bind(kMostEarlyReceipts).query(); limit.next();) last = limit.time();
  if (!last) return {};
  auto& row = session.prepare(
      "SELECT channel,receipt_id,state FROM early_receipts WHERE received<=? ORDER BY received LIMIT ?");
  std::vector<HeardReceipt> out;
  for (row.bind(*last).bind(kMostForgottenAtOnce).query(); row.next();) {
    auto& one = out.emplace_back();
    one.channel = row.text();
    one.receipt.id = row.text();
    one.receipt.state = row.text() == "delivered" ? ReceiptState::delivered : ReceiptState::failed;
  }
  return out;
}

}  // namespace

std::vector<OutboxRow> take_receipts(Session& session, const std::vector<HeardReceipt>& heard) {
  std::vector<Meant> meant;
  for (const auto& one : heard) {
    const auto named = find_named(session, one);
    if (is_early(one, named)) {
      keep(session, one);
      continue;
    }
    for (const auto id : named.ids) meant.push_back({id, &one});
  }
  return apply_all(session, std::move(meant));
}

std::vector<std::pair<std::string, std::string>> match_early_receipts(Session& session, Time now) {
  const auto due = due_receipts(session, now);
  if (due.empty()) return {};
  std::vector<std::pair<std::string, std::string>> unknown;
  Transaction transaction(session);
  std::vector<Meant> meant;
  for (const auto& one : due) {
    const auto named = find_named(session, one);
    const bool early = is_early(one, named);
    if (early && now - one.received < kKept) {
      put_off(session, one, now);
    } else if (forget(session, one)) {
      if (early) unknown.emplace_back(one.channel, one.receipt.id);
      for (const auto id : named.ids)
        if (!early) meant.push_back({id, &one});
    }
  }
  if (due.size() == static_cast<std::size_t>(kMostAtOnce))
    for (const auto& one : too_many(session))
      if (forget(session, one)) unknown.emplace_back(one.channel, one.receipt.id);
  for (const auto& row : apply_all(session, std::move(meant)))
    queue_destination(session, row.message.to, row.id, row.due);
  transaction.commit();
  return unknown;
}

}  // namespace huiyin::db
