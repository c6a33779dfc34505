#include "adapters/sms/kannel.h"

#include <iconv.h>

#include <cstdint>

#include "adapters/crypto.h"
#include "adapters/safe_url.h"
#include "adapters/sms/numbers.h"
#include "adapters/sms/segments.h"
#include "core/handle.h"
#include "core/text.h"

namespace huiyin::sms {
namespace {

using namespace std::chrono_literals;
using enum RejectReason;

// 1 delivered, 2 not delivered, 4 buffered, 8 handed to the SMSC, 16 refused by it. We ask for the final three: 4 and 8
// tell an owner nothing, and each would cost a transaction.
constexpr auto kFinalReports = "19";
constexpr auto kAnswerWithin = 8s;  // Kannel waits 240 s; while it does, it holds one of its threads
constexpr auto kNotNow = 30s;
constexpr auto kUntilMended = 5min;  // a wrong password is the operator's to mend; no message is lost over it
constexpr std::size_t kQuotedBytes = 200;
constexpr std::size_t kMostBytes = 4096;  // of a text that comes in: 255 parts would be 17,000 characters
constexpr std::size_t kReplyBytes = 360;  // two parts of Chinese with a signature

class Converter {
 public:
  explicit Converter(const std::string& from) : handle_(iconv_open("UTF-8", from.c_str())) {}
  ~Converter() {
    if (is_known()) iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  [[nodiscard]] bool is_known() const { return reinterpret_cast<std::intptr_t>(handle_) != -1; }
  [[nodiscard]] std::optional<std::string> convert(std::string_view bytes) const {
    std::string in(bytes), out(4 * bytes.size() + 4, '\0');
    char *from = in.data(), *to = out.data();
    std::size_t left = in.size(), room = out.size();
    if (iconv(handle_, &from, &left, &to, &room) == static_cast<std::size_t>(-1)) return std::nullopt;
    out.resize(out.size() - room);
    return out;
  }

 private:
  iconv_t handle_;
};

std::string quoted(const HttpReply& reply) {
  return std::to_string(reply.status) + " " + std::string(first_bytes(clean_text(reply.body), kQuotedBytes));
}

/// For a URL in which Kannel looks for its own escapes: a percent sign of ours is written %%.
std::string without_escapes(std::string text) {
  for (auto at = text.find('%'); at != std::string::npos; at = text.find('%', at + 2)) text.insert(at, 1, '%');
  return text;
}

}  // namespace

std::optional<std::string> to_utf8(std::string_view bytes, const std::string& charset) {
  if (charset.empty() || charset == "UTF-8")
    return is_valid_utf8(bytes) ? std::optional(std::string(bytes)) : std::nullopt;
  const Converter converter(charset);
  if (!converter.is_known()) return std::nullopt;
  return converter.convert(bytes);
}

std::optional<TextPart> part_of_header(std::string_view header) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(header[at]); };
  constexpr unsigned kShort = 0x00, kLong = 0x08;
  for (std::size_t at = 1; at + 1 < header.size();) {
    const auto kind = byte(at), size = byte(at + 1);
    const auto data = at + 2;
    if (data + size > header.size()) return std::nullopt;
    const bool joined = (kind == kShort && size == 3) || (kind == kLong && size == 4);
    if (joined) {
      const int of = byte(data + size - 2), number = byte(data + size - 1);
      if (of < 2 || number < 1 || number > of) return std::nullopt;
      return TextPart{
          .reference = to_hex(header.substr(data, size - 2U)) + "/" + std::to_string(of), .number = number, .of = of};
    }
    at = data + size;
  }
  return std::nullopt;
}

tl::expected<Inbound, Reject> Kannel::parse(const HttpRequest& request) const {
  const auto what = open_callback(config_.guard, request);
  if (!what) return tl::unexpected(what.error());
  const auto fields = parse_form(request.query);
  if (*what == "mo") return parse_message(request, fields);
  if (*what == "dlr") return parse_report(request, fields);
  return reject(unsupported, "neither mo nor dlr");
}

tl::expected<Inbound, Reject> Kannel::reread(const std::string& raw, Time received) const {
  HttpRequest request{.query = raw};
  request.received_at = received;
  const auto fields = parse_form(raw);
  return field(fields, "dlr").empty() ? parse_message(request, fields) : parse_report(request, fields);
}

tl::expected<Inbound, Reject> Kannel::parse_message(const HttpRequest& request, const Fields& fields) const {
  const auto id = field(fields, "id");
  if (id.empty() || id.size() > 100)
    return reject(malformed, "id: absent or too long");  // no retry could be told apart
  const auto sent = parse_unix_time(field(fields, "ts"));
  if (!sent) return reject(malformed, "ts: not a Unix time");
  const auto bytes = field(fields, "text");
  if (bytes.size() > kMostBytes) return reject(too_large, "text");
  const auto charset = std::string(field(fields, "charset"));
  Event event{
      .key = config_.channel + ":mo:" + std::string(id), .peer = {.channel = config_.channel}, .sent_at = *sent};
  Inbound out{.raw = request.query};
  const auto from = answerable(field(fields, "from"), config_.region);
  if (!from) {
    out.events = {unanswerable(config_.channel, std::move(event.key), *sent)};
    return out;
  }
  event.peer.address = *from;
  if (charset == "8-BIT" || field(fields, "coding") == "1") {
    event.body = UnsupportedMessage{"sms_binary"};
  } else {
    auto text = to_utf8(bytes, charset);
    if (!text) return reject(malformed, "text: not valid in the charset it names");
    event.body = TextMessage{.text = clean_text(*text), .part = part_of_header(field(fields, "udh"))};
  }
  out.events = {std::move(event)};
  return out;
}

tl::expected<Inbound, Reject> Kannel::parse_report(const HttpRequest& request, const Fields& fields) const {
  const auto key = std::string(field(fields, "key")), code = std::string(field(fields, "dlr"));
  if (key.empty() || key.size() > 150) return reject(malformed, "key: absent or too long");
  if (code == "4" || code == "8") return Inbound{.answer = HttpReply{.status = 200}};  // not asked for, and not final
  if (code != "1" && code != "2" && code != "16") return reject(malformed, "dlr: not one of 1, 2, 4, 8, 16");
  const auto state = code == "1" ? ReceiptState::delivered : ReceiptState::failed;
  const auto detail = clean_text(field(fields, "reply"));
  Inbound out{.raw = request.query};
  out.events = {{.key = config_.channel + ":dlr:" + key + ":" + code,
                 .peer = {.channel = config_.channel},
                 .sent_at = request.received_at,
                 .body = Receipt{.id = key, .state = state, .detail = detail.empty() ? "dlr " + code : detail}}};
  return out;
}

/// No body: Kannel would send any answer on as an SMS; max-messages = 0 forbids it as well.
HttpReply Kannel::acknowledge(const Inbound&, const std::optional<OutboundMessage>&, const Envelope&) const {
  return {.status = 200};
}

Capabilities Kannel::capabilities() const {
  return {.reply_deadline = kAnswerWithin,
          .passive_reply = false,
          .max_bytes = kReplyBytes,
          .sends = true,
          .receipts = true,
          .segment = 70,
          .proves_peer = true};
}

int Kannel::parts_of(const OutboundMessage& message) const {
  return static_cast<int>(
      count_segments(fit_into_parts(with_signature(config_.signature, message.text), config_.max_parts)).parts);
}

tl::expected<HttpCall, Rejected> Kannel::compose(const OutboundMessage& message, const Sending&) const {
  const auto to = parse_number(message.to.address, config_.region);
  if (to.kind != NumberKind::mobile) return tl::unexpected(Rejected{"number", "not a number that gets SMS"});
  auto text = clean_text(message.text);
  if (trim(text).empty()) return tl::unexpected(Rejected{"text", "there is none"});  // Kannel would send an empty SMS
  text = fit_into_parts(with_signature(config_.signature, text), config_.max_parts);
  const auto report = config_.hook_url + "/" + config_.guard.secret.current.reveal() +
                      "/dlr?key=" + without_escapes(url_encode(message.key)) + "&dlr=%d&reply=%A";
  HttpCall call{.url = config_.send_url, .body = text};
  // In headers, since a query with the password would stand in access logs.
  call.headers = {{"Content-Type", "text/plain; charset=UTF-8"},
                  {"X-Kannel-Username", config_.username},
                  {"X-Kannel-Password", config_.password.reveal()},
                  {"X-Kannel-From", config_.sender},
                  {"X-Kannel-To", to.address},
                  {"X-Kannel-Coding", is_gsm7(text) ? "0" : "2"},
                  {"X-Kannel-DLR-Mask", kFinalReports},
                  {"X-Kannel-DLR-Url", report}};
  return call;
}

SendResult Kannel::judge(const HttpReply& reply, const OutboundMessage&, const Sending&) const {
  if (reply.failure) {  // left and unanswered: Kannel may have it, and knows no repeat
    if (reply.request_left) return Unknown{*reply.failure};
    return RetryAfter{kNotNow, *reply.failure};
  }
  const std::string_view body = reply.body;
  if (reply.status == 202) {
    // Queued where no SMSC is online: it goes out when one is. The answer holds no id; the report's URL has our key.
    if (body.starts_with("0: Accepted for delivery") || body.starts_with("3: Queued for later delivery"))
      return Accepted{};
    return Unknown{quoted(reply)};
  }
  if (body.starts_with("Authorization failed") || reply.status == 401 || reply.status == 404)
    return RetryAfter{kUntilMended, quoted(reply), true};
  if (reply.status == 503 || reply.status == 500 || reply.status == 502 || reply.status == 504)
    return RetryAfter{kNotNow, quoted(reply)};
  if (reply.status >= 200 && reply.status < 400) return Unknown{quoted(reply)};
  return Rejected{std::to_string(reply.status), quoted(reply)};
}

std::vector<std::string> Kannel::shortcomings() const {
  std::vector<std::string> out;
  if (config_.signature.empty()) out.emplace_back("signature is missing: mainland carriers refuse texts without one");
  if (config_.guard.allow_from.empty())
    out.emplace_back("allow_from is empty: callbacks are guarded by callback_secret alone");
  return out;
}

std::unique_ptr<Channel> make_kannel(const ChannelConfig& config, const SecretSources& secrets,
                                     std::vector<Error>& errors) {
  const auto before = errors.size();
  StanzaReader read(config, secrets, errors);
  Kannel::Config out{.channel = config.name, .send_url = read.url("send_url"), .username = read.text("username")};
  out.sender = read.text("sender");
  out.region = read.text("region", "CN");
  out.signature = read.text("signature", "");
  out.max_parts = static_cast<std::size_t>(read.number("max_parts", 1, 10, 5));
  out.password = read.secret("password");
  out.guard = read_guard(read, config);
  out.hook_url = read.url("hook_url", config.hook_url());
  out.opt_out_words = read.texts("opt_out_words");
  if (!out.send_url.empty() && !is_safe_url(out.send_url))
    read.complain("send_url", "plain http would carry the password in clear",
                  "Write https://, or http:// to this machine");
  if (!out.hook_url.starts_with("http"))
    read.complain("hook_url", "hook_url is missing: Kannel is to report to it",
                  "Set public_url, or hook_url to where Kannel reaches this channel's webhook");
  read.finish();
  if (errors.size() != before) return nullptr;
  return std::make_unique<Kannel>(std::move(out));
}

}  // namespace huiyin::sms
