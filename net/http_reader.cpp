#include "net/http_reader.h"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/status.hpp>
#include <charconv>
#include <limits>

namespace huiyin {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower(beast::string_view text) {
  std::string out(text.size(), '\0');
  std::transform(text.begin(), text.end(), out.begin(), [](char c) { return lower(c); });
  return out;
}

/// A length of more digits than fit is not malformed: it is over every limit.
bool announces_too_much(std::string_view head) {
  constexpr std::string_view kName = "\r\ncontent-length:";
  const auto found =
      std::search(head.begin(), head.end(), kName.begin(), kName.end(), [](char a, char b) { return lower(a) == b; });
  if (found == head.end()) return false;
  auto value = head.substr(static_cast<std::size_t>(found - head.begin()) + kName.size());
  value = value.substr(0, value.find('\r'));
  value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
  return value.size() > 18 && value.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string_view reason(int status) {
  const auto known = http::obsolete_reason(static_cast<http::status>(status));
  return {known.data(), known.size()};
}

}  // namespace

class HttpReader::Parser final : public http::basic_parser<true> {
 public:
  Parser(const Limits& limits, int refuse_with) : limits_(limits), refuse_with_(refuse_with) {
    eager(true);
    header_limit(std::numeric_limits<std::uint32_t>::max());  // limits are ours: advance(), on_header_impl(), append()
    body_limit(std::numeric_limits<std::uint64_t>::max() / 2);
  }
  ~Parser() override {
    if (limits_.all_bodies != nullptr) *limits_.all_bodies -= held_;
  }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  HttpRequest request{};
  int refusal = 0;
  bool wants_continue = false;

 private:
  void on_request_impl(http::verb /*verb*/, beast::string_view method, beast::string_view target, int /*version*/,
                       beast::error_code& /*error*/) override {
    request.method.assign(method.data(), method.size());
    const auto question = std::min(target.find('?'), target.size());
    request.path.assign(target.data(), question);
    if (question < target.size()) request.query.assign(target.data() + question + 1, target.size() - question - 1);
    request.headers.reserve(8);
  }
  void on_response_impl(int /*code*/, beast::string_view /*reason*/, int /*version*/,
                        beast::error_code& error) override {
    error = http::error::bad_version;  // not reached: a parser of requests
  }
  void on_field_impl(http::field name, beast::string_view name_string, beast::string_view value,
                     beast::error_code& /*error*/) override {
    if (name == http::field::expect) wants_continue = lower(value) == "100-continue";
    request.headers.emplace_back(lower(name_string), std::string(value.data(), value.size()));
  }
  void on_header_impl(beast::error_code& error) override {
    const auto length = content_length();
    if (refuse_with_ != 0) return refuse(refuse_with_, error);
    if (limits_.body_limit != nullptr && *limits_.body_limit) most_ = (*limits_.body_limit)(request);
    if (length && *length > most_) return refuse(413, error);
    const bool needs_body = request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
    if (needs_body && !length && !chunked()) return refuse(411, error);
    if (length) request.body.reserve(static_cast<std::size_t>(*length));
  }
  void on_body_init_impl(const boost::optional<std::uint64_t>& /*length*/, beast::error_code& /*error*/) override {}
  std::size_t on_body_impl(beast::string_view part, beast::error_code& error) override {
    append(part, error);
    return part.size();
  }
  void on_chunk_header_impl(std::uint64_t size, beast::string_view /*extensions*/, beast::error_code& error) override {
    if (size > most_ - request.body.size()) refuse(413, error);
  }
  std::size_t on_chunk_body_impl(std::uint64_t /*remain*/, beast::string_view part, beast::error_code& error) override {
    append(part, error);
    return part.size();
  }
  void on_finish_impl(beast::error_code& /*error*/) override {}

  void append(beast::string_view part, beast::error_code& error) {
    if (part.size() > most_ - request.body.size()) return refuse(413, error);
    if (limits_.all_bodies != nullptr) {
      held_ += part.size();
      if (limits_.all_bodies->fetch_add(part.size()) + part.size() > limits_.max_all_bodies) return refuse(503, error);
    }
    request.body.append(part.data(), part.size());
  }
  void refuse(int status, beast::error_code& error) {
    refusal = status;
    error = http::error::body_limit;
  }

  const Limits& limits_;
  const int refuse_with_;
  std::size_t most_ = limits_.max_body_bytes;  // that this request's body may have
  std::size_t held_ = 0;                       // of limits_.all_bodies
};

HttpReader::HttpReader(const Limits& limits, int refuse_with)
    : limits_(limits), refuse_with_(refuse_with), parser_(std::make_unique<Parser>(limits_, refuse_with)) {}
HttpReader::~HttpReader() = default;

HttpReader::State HttpReader::feed(std::string_view bytes) {
  waiting_.append(bytes);
  return advance();
}

HttpReader::State HttpReader::next() {
  parser_ = std::make_unique<Parser>(limits_, refuse_with_);
  searched_ = 0;
  return advance();
}

/// Is a head there to be parsed? It is given to the parser whole: in parts, its limit would count each part anew.
bool HttpReader::has_head() {
  if (parser_->got_some()) return true;
  constexpr std::string_view kEnd = "\r\n\r\n";
  const auto end = waiting_.find(kEnd, searched_);
  searched_ = waiting_.size() - std::min(waiting_.size(), kEnd.size() - 1);
  if (std::min(end, waiting_.size()) > limits_.max_head_bytes) parser_->refusal = 431;
  return end != std::string::npos && parser_->refusal == 0;
}

/// Parses what waits.
HttpReader::State HttpReader::advance() {
  if (parser_->refusal != 0) return State::refused;
  if (!has_head()) {
    if (parser_->refusal != 0) return State::refused;
    return waiting_.empty() ? State::idle : State::reading;
  }
  std::string_view rest = waiting_;
  while (!rest.empty() && !parser_->is_done()) {
    beast::error_code error;
    const auto used = parser_->put(boost::asio::const_buffer(rest.data(), rest.size()), error);
    if (error && error != http::error::need_more) {
      if (parser_->refusal == 0) parser_->refusal = announces_too_much(rest) ? 413 : 400;
      return State::refused;
    }
    rest.remove_prefix(used);
    if (error) break;
  }
  waiting_.erase(0, waiting_.size() - rest.size());
  if (parser_->is_done()) return State::complete;
  // What is left is the line before a chunk, or trailers: heads too.
  if (waiting_.size() > limits_.max_head_bytes) parser_->refusal = 431;
  return parser_->refusal == 0 ? State::reading : State::refused;
}

HttpRequest& HttpReader::request() { return parser_->request; }
int HttpReader::refusal() const { return parser_->refusal; }
bool HttpReader::keeps_alive() const { return parser_->refusal == 0 && parser_->is_done() && parser_->keep_alive(); }

bool HttpReader::take_continue() {
  const bool waits = parser_->wants_continue && parser_->is_header_done() && !parser_->is_done();
  if (waits) parser_->wants_continue = false;
  return waits;
}

std::string format_answer(const HttpReply& reply, bool to_head, bool keep_alive) {
  std::array<char, 20> digits{};
  const auto number = [&digits](auto value) {
    return std::string_view(digits.data(), std::to_chars(digits.begin(), digits.end(), value).ptr);
  };
  std::string out;
  out.reserve(160 + reply.body.size());
  out.append("HTTP/1.1 ").append(number(reply.status)).append(" ").append(reason(reply.status)).append("\r\n");
  bool typed = false;
  for (const auto& [name, value] : reply.headers) {
    typed = typed || lower(beast::string_view(name)) == "content-type";
    out.append(name).append(": ");
    std::copy_if(value.begin(), value.end(), std::back_inserter(out), [](char c) { return c != '\r' && c != '\n'; });
    out.append("\r\n");
  }
  if (!typed) out.append("Content-Type: text/plain; charset=utf-8\r\n");
  out.append("Content-Length: ").append(number(reply.body.size())).append("\r\n");
  if (!keep_alive) out.append("Connection: close\r\n");
  out.append("\r\n");
  if (!to_head) out.append(reply.body);
  return out;
}

}  // namespace huiyin
