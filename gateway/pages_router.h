#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/peer.h"
#include "core/random.h"
#include "gateway/link_token.h"
#include "net/http.h"
#include "pages/small_pages.h"
#include "pages/ticket_page.h"

namespace huiyin::gateway {

/// What somebody did on a page, through a form of his.
struct PageDeed {
  std::string key{};  ///< the delivery's: the same for a form that is sent twice; begins with his channel
  Peer who{};
  Time at{};
  std::int64_t about{};    ///< the ticket's id, or the survey's
  std::string action{};    ///< `complete`, as history rows name it; of a survey: its score, empty where none was chosen
  std::string outcome{};   ///< of a survey: one of pages::kOutcomes, or empty
  std::string text{};      ///< the result, the reason; free words
  std::string told_by{};   ///< complete: how the owner was told
  std::string receiver{};  ///< assign: a person's or department's name as written
  std::vector<std::string> photos{};  ///< the bytes of what he chose; not looked at yet
};

/// What the pages need of the rest of the program. Each may wait for the store. An exception, or an answer that is
/// nothing where the store is away, is shown as "busy, try again".
struct PagesWorld {
  /// The ticket as `reader` sees it: its words, and what he may do now; not the form's parts. Nothing: there is none,
  /// or he may not see it, or he is no (longer a) member of staff.
  std::function<std::optional<pages::TicketPage>(std::int64_t ticket, const Peer& reader)> ticket{};
  /// Number and problem of a survey, in its owner's language, and whether it still waits (else `notice` says why not).
  std::function<std::optional<pages::SurveyPage>(std::int64_t survey, const Peer& owner)> survey{};
  /// The bytes of a photo of a ticket, without metadata, where the ticket is `reader`'s to see.
  std::function<std::optional<HttpReply>(std::int64_t ticket, std::int64_t photo, const Peer& reader)> photo{};
  /// Does to a ticket what its reader asks, through the one door, exactly as if it had come by his own channel; returns
  /// the words that he is answered. A second deed with the same key changes nothing and is answered the same.
  std::function<std::string(const PageDeed& deed)> act{};
  /// The same for a survey: its owner's answer.
  std::function<std::string(const PageDeed& deed)> answer{};
  /// The member of staff who is called that (his account in work chat, or his phone), where he can be reached.
  std::function<std::optional<Peer>(const std::string& who)> find_staff{};
  /// Sends him a code to sign in with.
  std::function<void(const Peer& staff, const std::string& code)> send_code{};
  /// The page of work chat that tells who opened one of ours in its own browser, and leads back to `path` of this
  /// server; may be empty, and so may its answer, where there is none.
  std::function<std::string(const std::string& path, const std::string& state)> sign_in_url{};
  /// Whose code it is: a member of staff who may work; nothing: nobody's.
  std::function<std::optional<Peer>(const std::string& code)> staff_of_code{};
  /// A file of pages/: `weui.css`.
  std::function<std::optional<std::string>(std::string_view name)> style{};
};

/// `/t/<token>` (a ticket, for staff), `/s/<token>` (a survey, for an owner) and `/pages/<style sheet>`: checks the
/// token and who shows it, and turns forms into deeds. A link that is forged, expired or another's is answered with
/// one page that tells nothing. Thread-safe; handle() may wait for the store, so not on a thread that must not.
class PagesRouter {
 public:
  struct Settings {
    RotatedSecret secret{};
    std::string locale{"zh-CN"};
    std::map<std::string, bool> groups{};  ///< channels whose links are a group's: they ask for sign-in
  };
  /// `clock` and `random` must outlive this.
  PagesRouter(Settings settings, PagesWorld world, pages::Language language, const Clock& clock, Random& random);

  [[nodiscard]] static bool serves(std::string_view path);
  /// How much a request with this head may bring: photos for who shows a link of a ticket that is ours, else
  /// `otherwise`. Cheap.
  [[nodiscard]] std::size_t body_limit(const HttpRequest& head, std::size_t otherwise) const;
  [[nodiscard]] HttpReply handle(const HttpRequest& request);

 private:
  /// A request for something that a token leads to.
  struct Visit {
    const HttpRequest& request;
    std::string token{};  ///< of the path
    std::string rest{};   ///< what stands after it: `photo/12`
    Link link{};
  };
  /// How often somebody may try what could be guessed.
  struct Tries {
    Time since{};
    int count = 0;
  };

  [[nodiscard]] HttpReply ticket(const Visit& visit);
  [[nodiscard]] HttpReply show_ticket(const Visit& visit, const Peer& reader, std::string notice);
  /// What a form says.
  struct Form {
    Fields fields{};
    std::vector<std::string> photos{};
  };
  [[nodiscard]] static std::optional<Form> form_in(const HttpRequest& request);
  [[nodiscard]] HttpReply act_on_ticket(const Visit& visit, const Peer& reader);
  [[nodiscard]] HttpReply survey(const Visit& visit);
  [[nodiscard]] HttpReply answer_survey(const Visit& visit, pages::SurveyPage page);
  [[nodiscard]] HttpReply sign_in(const Visit& visit);
  [[nodiscard]] std::optional<HttpReply> sign_in_by_chat(const Visit& visit);
  [[nodiscard]] HttpReply let_in(const Visit& visit, const Peer& staff);
  [[nodiscard]] HttpReply send_code(const Visit& visit, pages::SignInPage page);
  [[nodiscard]] HttpReply check_code(const Visit& visit, pages::SignInPage page);
  [[nodiscard]] std::optional<Peer> reader_of(const Visit& visit) const;
  [[nodiscard]] std::string new_form(const Visit& visit, const Peer& reader);
  [[nodiscard]] std::optional<Link> form_of(const Visit& visit, const Peer& reader, const Fields& form) const;
  [[nodiscard]] bool may_try(const std::string& what, int most);
  [[nodiscard]] HttpReply style(std::string_view name) const;
  [[nodiscard]] HttpReply words_only(int status, std::string_view name) const;
  [[nodiscard]] HttpReply page(int status, std::string html) const;

  const Settings settings_;
  const PagesWorld world_;
  const pages::Language language_;
  const pages::Words words_;  ///< of the settings' locale: staff's
  const Clock& clock_;
  Random& random_;
  std::mutex mutex_;
  std::map<std::string, Tries> tries_;
};

/// The fields of an urlencoded form, decoded; nothing where there are too many, or a value is no UTF-8.
[[nodiscard]] std::optional<Fields> read_form(std::string_view body);

}  // namespace huiyin::gateway
