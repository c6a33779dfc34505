#include "bench/load_audit.h"

#include <string>
#include <unordered_map>

namespace huiyin::bench {

AuditResult audit(db::Session& session, const std::vector<OpenedTicket>& told, std::uint64_t messages) {
  AuditResult out;
  std::unordered_map<std::string, std::int64_t> by_owner;
  std::unordered_map<std::int64_t, int> by_number;
  auto& rows = session.prepare("SELECT address, number FROM tickets");
  rows.query();
  while (rows.next()) {
    const auto address = rows.text();
    const auto number = rows.integer();
    ++out.tickets;
    if (!by_owner.emplace(address, number).second) ++out.doubled;  // each dialog has an owner of its own
    if (++by_number[number] > 1) ++out.doubled;
  }
  for (const auto& ticket : told) {
    const auto found = by_owner.find(ticket.openid);
    if (found == by_owner.end() || found->second != ticket.sequence) ++out.lost;
  }
  auto& count = session.prepare("SELECT COUNT(*) FROM inbox");
  count.query();
  std::uint64_t inbox = 0;
  while (count.next()) inbox = static_cast<std::uint64_t>(count.integer());
  if (inbox < messages) out.lost += messages - inbox;
  return out;
}

}  // namespace huiyin::bench
