#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/channel.h"
#include "adapters/wechat/wechat_crypto.h"
#include "core/secret.h"

namespace huiyin::wechat {

/// What the callbacks of one account (an official account's, a WeCom app's) are signed and encrypted with.
struct EnvelopeKeys {
  const RotatedSecret& token;
  const std::vector<AesKey>& keys;  ///< current, previous
  const std::string& receiveid;     ///< the AppID, or WeCom's CorpID
};

/// An encrypted message, opened.
struct Opened {
  std::string message{};
  int key = -1;   ///< which key decrypted it: 0 current, 1 previous
  int token = 0;  ///< which token signed it
};

/// Verifies msg_signature over the query's timestamp and nonce and `encrypted`, then decrypts: in this order, as
/// without it the padding check would be an oracle. A refusal is answered 403 whichever step it was.
[[nodiscard]] tl::expected<Opened, Reject> open_envelope(const EnvelopeKeys& with, const HttpRequest& request,
                                                         const std::string& encrypted);

/// The query's timestamp, held against when the request came: nothing where it is within `tolerance`.
[[nodiscard]] std::optional<Reject> check_timestamp(const HttpRequest& request, std::chrono::seconds tolerance);

/// `<xml>` with Encrypt, MsgSignature, TimeStamp, Nonce: a reply, with the key and token that the request came with.
[[nodiscard]] std::string seal_envelope(const EnvelopeKeys& with, std::string_view xml, const ReplyContext& context,
                                        const Envelope& envelope);

}  // namespace huiyin::wechat
