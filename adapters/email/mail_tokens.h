#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/secret.h"

namespace huiyin::email {

/// What we sign into addresses and Message-IDs, so that an answer finds its ticket and a bounce its outbox row, and
/// nobody can make one up (sms-and-email.md E6). It proves that somebody saw our mail, not who he is. In letters and
/// digits that mail servers may fold. Thread-safe.
class MailTokens {
 public:
  /// `address`: of the channel, `feedback@example.cn`. `bounces`: where bounces go; empty: nowhere.
  MailTokens(RotatedSecret key, std::string address, std::string bounces);

  /// `feedback+1024.k7q2m4x9ab@example.cn`
  [[nodiscard]] std::string reply_address(std::int64_t ticket) const;
  /// `bounce+o42.k7q2m4x9ab@example.cn`; empty without an address for bounces: the null return path.
  [[nodiscard]] std::string bounce_address(std::string_view row_key) const;
  /// `<o42.1024.k7q2m4x9ab@example.cn>`: the same for every attempt.
  [[nodiscard]] std::string message_id(std::string_view row_key, std::int64_t ticket) const;

  [[nodiscard]] std::optional<std::int64_t> ticket_of_address(std::string_view address) const;
  [[nodiscard]] std::optional<std::string> row_of_address(std::string_view address) const;
  struct Ours {
    std::string row_key{};
    std::int64_t ticket = 0;
  };
  [[nodiscard]] std::optional<Ours> read_message_id(std::string_view id) const;
  /// The same of the first Message-ID of ours anywhere in a text.
  [[nodiscard]] std::optional<Ours> find_message_id(std::string_view text) const;

  [[nodiscard]] std::string instance() const;  ///< by which our own mails are known: the same for all nodes
  [[nodiscard]] const std::string& domain() const { return domain_; }

 private:
  [[nodiscard]] static std::string mac(const Secret& key, std::string_view what);
  [[nodiscard]] bool is_signed(std::string_view what, std::string_view signature) const;

  RotatedSecret key_;
  std::string local_, domain_;
  std::string bounce_local_, bounce_domain_;
};

}  // namespace huiyin::email
