#include "gateway/pages_router.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <exception>

#include "core/text.h"
#include "net/form_data.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kTicket = "/t/", kSurvey = "/s/", kStyles = "/pages/";
constexpr std::size_t kMostForm = 16U << 10, kMostFields = 16;
constexpr std::size_t kMostPhotoForm = 24U << 20, kMostPhotos = 3;  // a phone's photo has 3 to 8 MB
constexpr std::size_t kMostWords = 1000, kMostName = 64;            // characters
constexpr auto kFormLife = 2h;
constexpr auto kSessionLife = 12h;
constexpr auto kTriesFor = 15min;
constexpr int kMostCodes = 3, kMostGuesses = 5, kMostFromOne = 20;
constexpr std::size_t kMostTries = 10000;
constexpr std::string_view kSession = "huiyin_staff=", kState = "huiyin_state=";
constexpr std::string_view kBack = "back";            // where work chat leads to, behind the token
constexpr std::string_view kChatBrowser = "wxwork/";  // in the User-Agent of WeCom's own browser

std::string_view field(const Fields& form, std::string_view name) {
  for (const auto& [given, value] : form)
    if (given == name) return value;
  return {};
}

/// What somebody wrote into a form, as a message of his would be taken.
std::string words_in(const Fields& form, std::string_view name, std::size_t most) {
  return std::string(trim(first_characters(clean_text(field(form, name)), most)));
}

/// A cookie of a request, by its name with `=`; empty: none.
std::string_view cookie_in(const HttpRequest& request, std::string_view name) {
  for (auto part : split(request.header("cookie"), ';'))
    if (part = trim(part); part.starts_with(name)) return part.substr(name.size());
  return {};
}

bool is_score(std::string_view text) { return text.size() == 1 && text[0] >= '1' && text[0] <= '5'; }

bool is_outcome(std::string_view text) {
  return std::find(pages::kOutcomes.begin(), pages::kOutcomes.end(), text) != pages::kOutcomes.end();
}

std::string masked(const Peer& peer) { return peer.channel + "/" + mask_peer(peer.address); }

}  // namespace

std::optional<Fields> read_form(std::string_view body) {
  Fields out;
  for (const auto part : split(body, '&')) {
    if (part.empty()) continue;
    if (out.size() == kMostFields) return std::nullopt;
    const auto equals = std::min(part.find('='), part.size());
    auto value = url_decode(part.substr(std::min(equals + 1, part.size())), true);
    if (!is_valid_utf8(value)) return std::nullopt;
    out.emplace_back(url_decode(part.substr(0, equals), true), std::move(value));
  }
  return out;
}

PagesRouter::PagesRouter(Settings settings, PagesWorld world, pages::Language language, const Clock& clock,
                         Random& random)
    : settings_(std::move(settings)),
      world_(std::move(world)),
      language_(std::move(language)),
      words_(language_(settings_.locale)),
      clock_(clock),
      random_(random) {}

bool PagesRouter::serves(std::string_view path) {
  return path.starts_with(kTicket) || path.starts_with(kSurvey) || path.starts_with(kStyles);
}

std::size_t PagesRouter::body_limit(const HttpRequest& head, std::size_t otherwise) const {
  const std::string_view path = head.path;
  if (head.method != "POST" || !path.starts_with(kTicket) || !is_form_data(head.header("content-type")))
    return otherwise;
  const auto link = open_link(path.substr(kTicket.size()), LinkKind::ticket, settings_.secret, clock_.now());
  return link ? std::max(otherwise, kMostPhotoForm) : otherwise;
}

std::optional<PagesRouter::Form> PagesRouter::form_in(const HttpRequest& request) {
  Form out;
  const auto type = request.header("content-type");
  if (!is_form_data(type)) {
    auto fields = read_form(request.body);
    if (!fields) return std::nullopt;
    out.fields = *std::move(fields);
    return out;
  }
  const auto parts = read_form_data(type, request.body, kMostFields);
  if (!parts) return std::nullopt;
  for (const auto& part : *parts) {
    if (part.is_file) {
      if (!part.body.empty()) out.photos.emplace_back(part.body);
      continue;
    }
    if (part.body.size() > kMostForm || !is_valid_utf8(part.body)) return std::nullopt;
    out.fields.emplace_back(part.name, part.body);
  }
  return out;
}

HttpReply PagesRouter::page(int status, std::string html) const {
  return {.status = status,
          .body = std::move(html),
          .headers = {{"Content-Type", "text/html; charset=utf-8"},
                      {"Content-Security-Policy", std::string(pages::kContentSecurityPolicy)},
                      {"Cache-Control", "no-store"},
                      {"Referrer-Policy", "no-referrer"},
                      {"X-Content-Type-Options", "nosniff"}}};
}

HttpReply PagesRouter::words_only(int status, std::string_view name) const {
  return page(status, pages::render_words(name, settings_.locale, words_));
}

HttpReply PagesRouter::handle(const HttpRequest& request) try {
  if (request.method != "GET" && request.method != "POST") return {.status = 405, .headers = {{"Allow", "GET, POST"}}};
  const std::string_view path = request.path;
  if (path.starts_with(kStyles))
    return request.method == "GET" ? style(path.substr(kStyles.size())) : HttpReply{.status = 405};
  const bool is_ticket = path.starts_with(kTicket);
  const bool has_photos = is_ticket && is_form_data(request.header("content-type"));
  if (request.body.size() > (has_photos ? kMostPhotoForm : kMostForm)) return words_only(413, "page.too_long");
  const auto after = path.substr(kTicket.size());  // both have three characters
  const auto slash = std::min(after.find('/'), after.size());
  Visit visit{.request = request, .token = std::string(after.substr(0, slash))};
  visit.rest = after.substr(std::min(slash + 1, after.size()));
  const auto link =
      open_link(visit.token, is_ticket ? LinkKind::ticket : LinkKind::survey, settings_.secret, clock_.now());
  if (!link) return words_only(404, "page.gone");
  visit.link = *link;
  return is_ticket ? ticket(visit) : survey(visit);
} catch (const std::exception& error) {
  spdlog::error("page_failed path={} why=\"{}\"", request.path.substr(0, kTicket.size()), error.what());
  return words_only(503, "page.busy");
}

HttpReply PagesRouter::style(std::string_view name) const {
  const bool plain =
      !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") == std::string_view::npos;
  auto sheet = plain && name.ends_with(".css") ? world_.style(name) : std::nullopt;
  if (!sheet) return {.status = 404};
  return {.body = *std::move(sheet),
          .headers = {{"Content-Type", "text/css; charset=utf-8"},
                      {"Cache-Control", "public, max-age=86400"},
                      {"X-Content-Type-Options", "nosniff"}}};
}

/// Whoever has a personal link is he; whoever has a group's must have signed in.
std::optional<Peer> PagesRouter::reader_of(const Visit& visit) const {
  if (!settings_.groups.contains(visit.link.who.channel)) return visit.link.who;
  const auto session = open_link(cookie_in(visit.request, kSession), LinkKind::session, settings_.secret, clock_.now());
  return session ? std::optional(session->who) : std::nullopt;
}

HttpReply PagesRouter::ticket(const Visit& visit) {
  const auto reader = reader_of(visit);
  if (!reader) return sign_in(visit);
  if (visit.rest == kBack) return {.status = 303, .headers = {{"Location", std::string(kTicket) + visit.token}}};
  constexpr std::string_view kPhoto = "photo/";
  if (visit.rest.starts_with(kPhoto) && visit.request.method == "GET") {
    const auto digits = std::string_view(visit.rest).substr(kPhoto.size());
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
    if (error != std::errc() || end != digits.data() + digits.size()) return {.status = 404};
    return world_.photo(visit.link.id, id, *reader).value_or(HttpReply{.status = 404});
  }
  if (!visit.rest.empty()) return words_only(404, "page.gone");
  return visit.request.method == "POST" ? act_on_ticket(visit, *reader) : show_ticket(visit, *reader, {});
}

HttpReply PagesRouter::show_ticket(const Visit& visit, const Peer& reader, std::string notice) {
  auto shown = world_.ticket(visit.link.id, reader);
  if (!shown) return words_only(404, "page.gone");
  shown->locale = settings_.locale;
  shown->path = std::string(kTicket) + visit.token;
  for (auto& photo : shown->photos) photo = shown->path + "/photo/" + photo;
  shown->form_token = new_form(visit, reader);
  shown->notice = std::move(notice);
  return page(200, render(*shown, words_));
}

std::string PagesRouter::new_form(const Visit& visit, const Peer& reader) {
  return seal_link({.kind = LinkKind::form,
                    .id = visit.link.id,
                    .who = reader,
                    .expires = clock_.now() + kFormLife,
                    .nonce = std::to_string(random_.next())},
                   settings_.secret);
}

std::optional<Link> PagesRouter::form_of(const Visit& visit, const Peer& reader, const Fields& form) const {
  auto link = open_link(field(form, "form"), LinkKind::form, settings_.secret, clock_.now());
  if (!link || link->id != visit.link.id || link->who != reader) return std::nullopt;
  return link;
}

/// The form's nonce is the delivery's key: a button pressed twice, or a page sent again, is one deed.
HttpReply PagesRouter::act_on_ticket(const Visit& visit, const Peer& reader) {
  auto read = form_in(visit.request);
  if (!read) return words_only(400, "page.too_long");
  const auto* form = &read->fields;
  const auto token = form_of(visit, reader, *form);
  if (!token) return show_ticket(visit, reader, words_("page.form_old", {}));
  if (read->photos.size() > kMostPhotos) return show_ticket(visit, reader, words_("page.photos_too_many", {}));
  const auto before = world_.ticket(visit.link.id, reader);
  if (!before) return words_only(404, "page.gone");
  const PageDeed deed{.key = reader.channel + ":page:" + token->nonce,
                      .who = reader,
                      .at = visit.request.received_at,
                      .about = visit.link.id,
                      .action = words_in(*form, "action", kMostName),
                      .text = words_in(*form, "text", kMostWords),
                      .told_by = words_in(*form, "told_by", kMostName),
                      .receiver = words_in(*form, "receiver", kMostName),
                      .photos = std::move(read->photos)};
  return show_ticket(visit, reader, world_.act(deed));
}

HttpReply PagesRouter::survey(const Visit& visit) {
  auto shown = world_.survey(visit.link.id, visit.link.who);
  if (!shown || !visit.rest.empty()) return words_only(404, "page.gone");
  if (shown->locale.empty()) shown->locale = settings_.locale;
  shown->path = std::string(kSurvey) + visit.token;
  if (visit.request.method == "POST") return answer_survey(visit, *std::move(shown));
  if (shown->notice.empty()) shown->form_token = new_form(visit, visit.link.who);
  // A mail's link may say them; the button is still his to press.
  if (const auto score = visit.request.param("score"); is_score(score)) shown->chosen = score[0] - '0';
  if (const auto outcome = visit.request.param("outcome"); is_outcome(outcome)) shown->outcome = outcome;
  return page(200, render(*shown, language_(shown->locale)));
}

HttpReply PagesRouter::answer_survey(const Visit& visit, pages::SurveyPage shown) {
  const auto form = read_form(visit.request.body);
  if (!form) return words_only(400, "page.too_long");
  const auto token = form_of(visit, visit.link.who, *form);
  const auto words = language_(shown.locale);
  const auto score = field(*form, "score"), outcome = field(*form, "outcome");
  const bool answers = (score.empty() || is_score(score)) && (outcome.empty() || is_outcome(outcome)) &&
                       !(score.empty() && outcome.empty());
  if (!token || !answers) {
    if (shown.notice.empty()) shown.form_token = new_form(visit, visit.link.who);
    if (shown.notice.empty()) shown.notice = words(token ? "page.survey_choose" : "page.form_old", {});
    return page(200, render(shown, words));
  }
  const PageDeed deed{.key = visit.link.who.channel + ":page:" + token->nonce,
                      .who = visit.link.who,
                      .at = visit.request.received_at,
                      .about = visit.link.id,
                      .action = std::string(score),
                      .outcome = std::string(outcome),
                      .text = words_in(*form, "text", kMostWords)};
  if (shown.notice.empty()) shown.notice = world_.answer(deed);
  return page(200, render(shown, words));
}

HttpReply PagesRouter::sign_in(const Visit& visit) {
  if (auto by_chat = sign_in_by_chat(visit)) return *std::move(by_chat);
  pages::SignInPage shown{.locale = settings_.locale, .path = std::string(kTicket) + visit.token};
  shown.form_token = new_form(visit, visit.link.who);
  if (visit.rest == kBack) shown.notice = words_("page.chat_unknown", {});
  if (visit.request.method != "POST") return page(200, render(shown, words_));
  const auto form = read_form(visit.request.body);
  if (!form) return words_only(400, "page.too_long");
  if (!form_of(visit, visit.link.who, *form)) {
    shown.notice = words_("page.form_old", {});
    return page(200, render(shown, words_));
  }
  if (!may_try("from " + visit.request.remote, kMostFromOne)) return words_only(429, "page.too_often");
  shown.who = words_in(*form, "who", kMostName);
  return field(*form, "code").empty() ? send_code(visit, std::move(shown)) : check_code(visit, std::move(shown));
}

/// Says the same whether there is anybody of that name or not.
HttpReply PagesRouter::send_code(const Visit& /*visit*/, pages::SignInPage shown) {
  const auto staff = world_.find_staff(shown.who);
  if (staff && may_try("code " + staff->channel + "/" + staff->address, kMostCodes))
    world_.send_code(*staff, sign_in_code(*staff, code_window(clock_.now()), settings_.secret.current));
  shown.code_sent = true;
  return page(200, render(shown, words_));
}

HttpReply PagesRouter::check_code(const Visit& visit, pages::SignInPage shown) {
  const auto form = read_form(visit.request.body).value_or(Fields());
  const auto staff = world_.find_staff(shown.who);
  const auto code = fold(field(form, "code"));
  bool good = false;
  if (staff && may_try("guess " + staff->channel + "/" + staff->address, kMostGuesses))
    for (const auto window : {code_window(clock_.now()), code_window(clock_.now()) - 1})
      good = equal_constant_time(sign_in_code(*staff, window, settings_.secret.current), code) || good;
  if (!good) {
    spdlog::warn("sign_in_refused who={} remote={}", staff ? masked(*staff) : "unknown", visit.request.remote);
    shown.code_sent = true;
    shown.notice = words_("page.code_wrong", {});
    return page(200, render(shown, words_));
  }
  return let_in(visit, *staff);
}

/// The cookie goes along where a chat leads here, so it is Lax; what changes anything carries a form's number.
HttpReply PagesRouter::let_in(const Visit& visit, const Peer& staff) {
  const auto session =
      seal_link({.kind = LinkKind::session, .who = staff, .expires = clock_.now() + kSessionLife}, settings_.secret);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(kSessionLife).count();
  spdlog::info("signed_in who={}", masked(staff));
  return {.status = 303,
          .headers = {{"Location", std::string(kTicket) + visit.token},
                      {"Set-Cookie", std::string(kSession) + session + "; Path=/t/; Max-Age=" +
                                         std::to_string(seconds) + "; HttpOnly; Secure; SameSite=Lax"},
                      {"Cache-Control", "no-store"}}};
}

/// In work chat's own browser nobody has to type: it tells who holds the phone. What it brings back counts only in the
/// browser that was sent there, which a cookie shows. Nothing: he is asked by a form.
std::optional<HttpReply> PagesRouter::sign_in_by_chat(const Visit& visit) {
  const auto& request = visit.request;
  if (request.method != "GET" || !world_.sign_in_url || !world_.staff_of_code) return std::nullopt;
  if (visit.rest == kBack) {
    const auto state = cookie_in(request, kState);
    const auto given = request.param("state");
    if (state.empty() || !equal_constant_time(state, given)) return std::nullopt;
    if (!may_try("from " + request.remote, kMostFromOne)) return words_only(429, "page.too_often");
    const auto staff = world_.staff_of_code(request.param("code"));
    return staff ? std::optional(let_in(visit, *staff)) : std::nullopt;
  }
  if (!visit.rest.empty() || request.header("user-agent").find(kChatBrowser) == std::string_view::npos)
    return std::nullopt;
  const auto state = fmt::format("{:016x}{:016x}", random_.next(), random_.next());
  auto url = world_.sign_in_url(std::string(kTicket) + visit.token + "/" + std::string(kBack), state);
  if (url.empty()) return std::nullopt;
  return HttpReply{.status = 302,
                   .headers = {{"Location", std::move(url)},
                               {"Set-Cookie", std::string(kState) + state +
                                                  "; Path=/t/; Max-Age=300; HttpOnly; Secure; SameSite=Lax"},
                               {"Cache-Control", "no-store"}}};
}

bool PagesRouter::may_try(const std::string& what, int most) {
  const std::scoped_lock lock(mutex_);
  const auto now = clock_.now();
  if (tries_.size() >= kMostTries)
    std::erase_if(tries_, [now](const auto& one) { return one.second.since + kTriesFor <= now; });
  if (tries_.size() >= kMostTries) return false;  // somebody tries very many names: nobody gets in for a while
  auto& tries = tries_[what];
  if (tries.since + kTriesFor <= now) tries = {now, 0};
  return ++tries.count <= most;
}

}  // namespace huiyin::gateway
