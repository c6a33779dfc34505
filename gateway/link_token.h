#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/peer.h"
#include "core/secret.h"
#include "core/time.h"

namespace huiyin::gateway {

/// What a signed text is good for. One kind is never taken for another.
enum class LinkKind {
  ticket,   ///< `/t/…`: a ticket's page; `who` is the member of staff, or the group whose link it is
  survey,   ///< `/s/…`: an owner's survey; `who` is the owner
  session,  ///< the cookie of somebody who signed in; `id` is 0
  form      ///< in each form of a page: against forms of other sites; `id` is the page's, `who` its reader
};

/// Something that this company signed: whoever shows it was given it, until it expires.
struct Link {
  LinkKind kind = LinkKind::ticket;
  std::int64_t id = 0;  ///< of the ticket or the survey
  Peer who{};
  Time expires{};
  std::string nonce{};  ///< of a form: by which a second press of its button is known; letters and digits
  friend bool operator==(const Link&, const Link&) = default;
};

/// As text for a URL or a cookie: base64url of what it says, a dot, and HMAC-SHA256 over it (128 bits), with the
/// current secret. It is signed, not encrypted: it holds an address of work chat, and nothing that is secret.
[[nodiscard]] std::string seal_link(const Link& link, const RotatedSecret& secret);

/// Nothing where it is no link of ours (by the current or the previous secret, compared in constant time), is of
/// another kind, or has expired.
[[nodiscard]] std::optional<Link> open_link(std::string_view text, LinkKind kind, const RotatedSecret& secret,
                                            Time now);

/// Six digits that somebody proves with that he reads `who`: good in the five minutes that `window` numbers.
[[nodiscard]] std::string sign_in_code(const Peer& who, std::int64_t window, const Secret& secret);
[[nodiscard]] std::int64_t code_window(Time now);

}  // namespace huiyin::gateway
