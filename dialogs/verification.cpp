// Whose a phone is. What an owner typed is a claim; it is proven by a code that goes to it. He is asked only when it
// matters: where somebody has proven that number already, so that tickets may be his which he does not see here.
#include <algorithm>

#include "core/text.h"
#include "dialogs/stepper.h"

namespace huiyin::dialogs {
namespace {

using namespace std::chrono_literals;

constexpr int kMostAttempts = 5;    // wrong codes
constexpr int kMostCodes = 3;       // sent for one owner in a day
constexpr int kMostToOnePhone = 5;  // sent to one phone in a day, whoever asked
constexpr auto kDay = 24h;
constexpr std::size_t kCodeDigits = 6;
constexpr std::size_t kMostTyped = 12;  // characters of a message that is a code: 「验证码123456」

/// The six digits of a message that says nothing else.
std::string code_in(std::string_view plain) {
  if (count_characters(plain) > kMostTyped) return {};
  std::string digits;
  for (const char c : plain)
    if (c >= '0' && c <= '9') digits += c;
  return digits.size() == kCodeDigits ? digits : std::string();
}

}  // namespace

/// 「验证」: sends a code to the phone that he gave. False: the message is something else.
bool Stepper::verify() {
  if (!is("verify") || !flow_.manners.can_verify_phones) return false;
  if (snapshot_.conversation && snapshot_.conversation->contact && !snapshot_.contact && !snapshot_.read.contact)
    return needs_ = Needs{.contact = true}, true;
  const auto phone = snapshot_.contact ? snapshot_.contact->phone : std::string();
  if (phone.empty()) return say("verify_no_phone"), true;
  if (snapshot_.read.phone != phone) return needs_ = Needs{.contact = true, .phone = phone}, true;
  auto next = verification_.value_or(Verification{});
  if (now_ - next.first > kDay) next.sent = 0;
  if (next.sent >= kMostCodes || snapshot_.codes_sent >= kMostToOnePhone)
    return say("verify_too_often", {{"hotline", flow_.site.hotline}}), true;
  if (next.sent == 0) next.first = now_;
  ++next.sent;
  next.phone = phone;
  next.hash.clear();  // the gateway puts the new one there
  next.attempts = 0;
  verification_ = next;
  effects_.push_back(SendCode{phone});
  say("verify_sent", {{"phone", mask_phone(shown_phone(phone))}});
  return true;
}

/// Six digits while a code is awaited. False: the message is something else.
bool Stepper::answer_code() {
  if (!verification_ || verification_->hash.empty()) return false;
  const auto code = code_in(said_.plain.text);
  if (code.empty()) return false;
  auto& open = *verification_;
  if (now_ >= open.expires || open.attempts >= kMostAttempts) {
    open.hash.clear();
    return say("verify_expired"), true;
  }
  if (!flow_.site.fits_code || !flow_.site.fits_code(open.hash, code)) {
    if (++open.attempts < kMostAttempts)
      return say("verify_wrong", {{"left", std::to_string(kMostAttempts - open.attempts)}}), true;
    open.hash.clear();
    return say("verify_expired"), true;
  }
  effects_.push_back(ProvePhone{open.phone});
  open.hash.clear();
  say("verify_done", {{"phone", mask_phone(shown_phone(open.phone))}});
  return true;
}

/// After his own tickets: there may be more that are his, under the number that he gave.
void Stepper::offer_verification() {
  if (!flow_.manners.can_verify_phones || brief() || !snapshot_.contact) return;
  const auto& contact = *snapshot_.contact;
  if (contact.phone.empty() || contact.phone_verified) return;
  if (snapshot_.read.phone != contact.phone) {
    needs_ = Needs{.contact = true, .tickets = true, .phone = contact.phone};
    return;
  }
  if (snapshot_.phone_owner && snapshot_.phone_owner->id != contact.id)
    say("verify_offer", {{"phone", mask_phone(shown_phone(contact.phone))}});
}

}  // namespace huiyin::dialogs
