// What strangers send to the SMS webhooks: each provider's parse() on bytes that are behind the right secret, or
// signed.
#include "tests/fuzz/fuzz_sms.h"

#include <string>

#include "adapters/sms/aliyun.h"
#include "adapters/sms/kannel.h"
#include "adapters/sms/numbers.h"
#include "adapters/sms/segments.h"
#include "adapters/sms/tencent.h"
#include "adapters/sms/twilio.h"

namespace huiyin::fuzz {
namespace {

using namespace huiyin::sms;

const std::string kSecret = "0123456789abcdef0123456789abcdef";

CallbackGuard guard() {
  return {.hook_path = "/hook/sms/f", .secret = {.current = Secret(kSecret), .previous = Secret()}};
}

void look_at(const tl::expected<Inbound, Reject>& parsed) {
  if (!parsed) return;
  for (const auto& event : parsed->events)
    if (event.key.empty() || event.key.size() > 255) __builtin_trap();
}

}  // namespace

void sms(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  HttpRequest request{.method = "POST", .path = "/hook/sms/f/" + kSecret};
  request.received_at = Time(Millis(1795406400000));
  switch (data[0] % 8) {
    case 0:
    case 1:
      request.path += data[0] % 8 == 0 ? "/mo" : "/dlr";
      request.query = text;
      look_at(Kannel({.channel = "sms:f", .guard = guard()}).parse(request));
      break;
    case 2:
    case 3:
      request.path += data[0] % 8 == 2 ? "/up" : "/report";
      request.body = text;
      look_at(Aliyun({.cloud = {.channel = "sms:f", .guard = guard()}}).parse(request));
      break;
    case 4:
    case 5:
      request.path += data[0] % 8 == 4 ? "/reply" : "/status";
      request.body = text;
      look_at(Tencent({.cloud = {.channel = "sms:f", .guard = guard()}}).parse(request));
      break;
    case 6: {
      request.path = "/hook/sms/f";
      request.body = "AccountSid=AC1&" + text;
      request.headers = {{"x-twilio-signature", sign_twilio("t", "https://h.test/f", parse_form(request.body))}};
      look_at(Twilio({.channel = "sms:f",
                      .account_sid = "AC1",
                      .auth_token = {.current = Secret("t"), .previous = Secret()},
                      .hook_path = "/hook/sms/f",
                      .hook_url = "https://h.test/f"})
                  .parse(request));
      break;
    }
    default:
      (void)parse_sender(text);
      (void)part_of_header(text);
      if (count_segments(fit_into_parts(text, 2)).parts > 2) __builtin_trap();
  }
}

}  // namespace huiyin::fuzz
