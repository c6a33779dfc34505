#include "db/credentials.h"

#include <array>
#include <random>

namespace huiyin::db {
namespace {

constexpr auto kName = "access_token";  // the table has room for more than one of a channel

/// The row that leases are taken on.
void make_row(Session& session, const std::string& channel) {
  static constexpr std::array kColumns = {std::string_view("channel"), std::string_view("name"),
                                          std::string_view("value"), std::string_view("expires"),
                                          std::string_view("refreshed")};
  static constexpr Table kCredentials{"credentials", kColumns, 2};
  auto& statement = session.prepare(session.dialect().insert_new(kCredentials, 1));
  statement.bind(channel).bind(kName).bind("").bind(Time{}).bind(Time{}).run();
}

}  // namespace

std::optional<StoredCredential> find_credential(Session& session, const std::string& channel) {
  auto& row = session.prepare("SELECT value,expires,refreshed FROM credentials WHERE channel=? AND name=?");
  row.bind(channel).bind(kName).query();
  std::optional<StoredCredential> found;
  while (row.next()) {
    found.emplace();
    found->value = Secret(row.text());
    found->expires = row.time();
    found->refreshed = row.time();
  }
  return found;
}

bool lease_credential(Session& session, const std::string& channel, Time known, const std::string& owner, Time now,
                      std::chrono::milliseconds held) {
  thread_local std::mt19937_64 random{std::random_device{}()};
  if (!find_credential(session, channel)) make_row(session, channel);
  // The claim differs each time, so that MySQL counts the row as changed when an owner takes it again.
  auto& take = session.prepare(
      "UPDATE credentials SET lease_owner=?,lease_expires=?,claim=? WHERE channel=? AND name=? AND refreshed=?"
      " AND (lease_expires<=? OR lease_owner=?)");
  take.bind(owner).bind(now + held).bind(static_cast<std::int64_t>(random() >> 1)).bind(channel).bind(kName);
  return take.bind(known).bind(now).bind(owner).run() == 1;
}

bool publish_credential(Session& session, const std::string& channel, const std::string& owner, const Secret& value,
                        Time expires, Time now) {
  auto& publish = session.prepare(
      "UPDATE credentials SET value=?,expires=?,refreshed=?,lease_owner='',lease_expires=? WHERE channel=? AND name=?"
      " AND lease_owner=?");
  publish.bind(value.reveal()).bind(expires).bind(now).bind(Time{});
  return publish.bind(channel).bind(kName).bind(owner).run() == 1;
}

}  // namespace huiyin::db
