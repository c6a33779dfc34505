#include "net/curl_call.h"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <utility>

namespace huiyin {
namespace {

struct CurlLibrary {
  CurlLibrary() { curl_global_init(CURL_GLOBAL_DEFAULT); }
};

/// Shorter than the idle time after which servers close (nginx 75 s, Apache 5 s in its default only for slow clients):
/// a request that meets a connection just being closed is one of which nobody knows whether it was taken.
constexpr long kMostIdleSeconds = 15;

std::string form_body(const Fields& form) { return form.empty() ? std::string() : with_query("", form).substr(1); }

}  // namespace

void CurlCall::FreeList::operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }

void CurlCall::FreeMime::operator()(curl_mime* mime) const noexcept { curl_mime_free(mime); }

CurlCall::HeaderList CurlCall::header_list(const HttpCall& call) {
  HeaderList list;
  const auto add = [&list](const std::string& line) {
    if (auto* longer = curl_slist_append(list.get(), line.c_str())) {
      static_cast<void>(list.release());
      list.reset(longer);
    }
  };
  for (const auto& [name, value] : call.headers) add(name + ": " + value);
  add("Expect:");  // no waiting for 100 Continue, which many providers never send
  return list;
}

void use_curl() { static const CurlLibrary library; }

std::size_t CurlCall::take_body(const char* data, std::size_t, std::size_t size, void* user) {
  auto& self = *static_cast<CurlCall*>(user);
  self.too_large_ = self.reply_.body.size() + size > self.max_body_bytes_;
  if (self.too_large_) return 0;
  self.reply_.body.append(data, size);
  return size;
}

std::size_t CurlCall::take_header(const char* data, std::size_t, std::size_t size, void* user) {
  auto& headers = static_cast<CurlCall*>(user)->reply_.headers;
  std::string line(data, size);
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.pop_back();
  if (line.starts_with("HTTP/")) headers.clear();  // a new head: what came before was a 100 Continue
  const auto colon = line.find(':');
  if (colon == std::string::npos) return size;
  auto name = line.substr(0, colon);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto value = line.find_first_not_of(" \t", colon + 1);
  headers.emplace_back(std::move(name), value == std::string::npos ? std::string() : line.substr(value));
  return size;
}

// libcurl sends a request again, unasked, where a kept connection dies under it without an answer. The server may have
// taken it all the same, so whether to try again is not libcurl's to say.
int CurlCall::before_request(void* user, char*, char*, int, int) {
  auto& self = *static_cast<CurlCall*>(user);
  self.repeated_ = std::exchange(self.begun_, true);
  return self.repeated_ ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

/// Read while it is sent: a photo has several megabytes.
void CurlCall::attach(CurlHandle curl, const HttpUpload& upload, const Fields& form) {
  mime_.reset(curl_mime_init(curl));
  for (const auto& [name, value] : form) {
    auto* field = curl_mime_addpart(mime_.get());
    curl_mime_name(field, name.c_str());
    curl_mime_data(field, value.c_str(), value.size());
  }
  auto* part = curl_mime_addpart(mime_.get());
  curl_mime_name(part, upload.field.c_str());
  curl_mime_filedata(part, upload.file.c_str());
  curl_mime_filename(part, upload.name.c_str());
  curl_mime_type(part, upload.type.c_str());
  curl_easy_setopt(curl, CURLOPT_MIMEPOST, mime_.get());
}

void CurlCall::prepare(CurlHandle curl, HttpCall call, const Limits& limits) {
  call_ = std::move(call);
  headers_ = header_list(call_);
  body_ = call_.body.empty() ? form_body(call_.form) : std::move(call_.body);
  max_body_bytes_ = limits.max_body_bytes;
  curl_easy_setopt(curl, CURLOPT_URL, call_.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect_timeout.count()));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(limits.total_timeout.count()));
  curl_easy_setopt(curl, CURLOPT_MAXAGE_CONN, kMostIdleSeconds);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers_.get());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, this);
  if (call_.smtp) return prepare_smtp(curl);
  if (call_.method == "GET") {
    curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
    return;  // asking twice does no harm
  }
  curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, before_request);
  curl_easy_setopt(curl, CURLOPT_PREREQDATA, this);
  if (call_.upload) return attach(curl, *call_.upload, call_.form);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body_.size()));
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body_.c_str());
  if (call_.method == "POST")
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
  else
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call_.method.c_str());
}

std::size_t CurlCall::take_line(const char* data, std::size_t, std::size_t size, void* user) {
  auto& line = static_cast<CurlCall*>(user)->reply_.body;
  const auto refuses = [](std::string_view text) { return text.starts_with('4') || text.starts_with('5'); };
  if (refuses(line) && !refuses({data, size})) return size;  // what is said to a QUIT tells nothing
  line.assign(data, size);
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.pop_back();
  return size;
}

std::size_t CurlCall::give_body(char* room, std::size_t one, std::size_t size, void* user) {
  auto& self = *static_cast<CurlCall*>(user);
  const auto count = std::min(one * size, self.body_.size() - self.given_);
  self.body_.copy(room, count, self.given_);
  self.given_ += count;
  self.all_given_ = self.given_ == self.body_.size();
  return count;
}

/// A mail: its answers are lines, the last of which tells. libcurl stuffs dots, and never sends an upload again itself.
void CurlCall::prepare_smtp(CurlHandle curl) {
  const auto& mail = *call_.smtp;
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, nullptr);
  headers_.reset(curl_slist_append(nullptr, ("<" + mail.to + ">").c_str()));
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, mail.from.c_str());
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, headers_.get());
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_line);
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_body);
  curl_easy_setopt(curl, CURLOPT_READDATA, this);
  curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(body_.size()));
  curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(mail.require_tls ? CURLUSESSL_ALL : CURLUSESSL_TRY));
  if (!mail.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, mail.ca_file.c_str());
  if (mail.user.empty()) return;
  curl_easy_setopt(curl, CURLOPT_USERNAME, mail.user.c_str());
  curl_easy_setopt(curl, CURLOPT_PASSWORD, mail.password.reveal().c_str());
}

HttpReply CurlCall::finish(CurlHandle curl, int code) {
  std::string why;
  if (code != CURLE_OK) {
    why = too_large_ ? "the answer is larger than we take" : curl_easy_strerror(static_cast<CURLcode>(code));
    if (repeated_) why = "the connection ended without an answer";
  }
  return give_up(curl, std::move(why));
}

HttpReply CurlCall::give_up(CurlHandle curl, std::string why) {
  long status = 0, sent = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(curl, CURLINFO_REQUEST_SIZE, &sent);
  auto reply = std::exchange(reply_, {});
  reply.status = static_cast<int>(status);
  reply.request_left = call_.smtp ? all_given_ : sent > 0 || repeated_;
  if (!why.empty()) reply.failure = std::move(why);
  headers_.reset();
  mime_.reset();
  too_large_ = begun_ = repeated_ = all_given_ = false;
  given_ = 0;
  return reply;
}

}  // namespace huiyin
