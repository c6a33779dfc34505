#include <gtest/gtest.h>

#include "dialogs/language.h"
#include "tests/dialogs/dialog.h"

namespace huiyin::dialogs {
namespace {

TEST(EnglishFlow, EachDialog) {
  play({
      {"all at once",
       {{"Hi, I'm Anna Lee, 13900139000. The lift in Building 6, Unit 2 is broken",
         "say(consent) set(name) set(phone) set(address) set(description) set(category) ask(attachments)"},
        {"skip", "ask(confirm)"},
        {"Submit", "open_ticket(repair) say(ticket_received)"},
        {"ok", "say(ticket_already_received)"}}},
      {"step by step, with everything that may come between",
       {{"report a problem", "say(consent) ask(name)"},
        {"help", "say(help) ask(name)"},
        {"Anna Lee", "set(name) ask(phone)"},
        {"12", "say(phone_invalid) ask(phone)"},
        {"13900139000", "set(phone) ask(address)"},
        {"Building 6, Unit 2, Room 602", "set(address) ask(description)"},
        {"water is dripping from the ceiling", "set(description) set(category) ask(attachments)"},
        {"change address to Building 7", "set(address) say(changed) ask(attachments)"},
        {"no photos", "ask(confirm)"},
        {"my phone is wrong, it should be 13800138000", "set(phone) say(changed) ask(confirm)"},
        {"2", "ask(name)"},
        {"keep it", "ask(confirm)"},
        {"cancel", "ask(cancel)"},
        {"no", "ask(confirm)"},
        {"yes", "open_ticket(repair) say(ticket_received)"}}},
      {"a person, politely",
       {{"could you please let me talk to a person", "open_ticket(service) hand_over(service) say(human)"}}},
      {"danger",
       {{"I'm stuck in the elevator!",
         "open_ticket(repair) say(danger_trapped) set(description) set(category) say(consent) ask(name)"}}},
  });
}

TEST(EnglishFlow, LabelsAreEnglish) {
  Dialog dialog;
  dialog.locale = "en";
  dialog.owner("the lift in Building 3 is broken, I'm Anna Lee, 13900139000");
  dialog.owner("skip");
  const auto* ask = find_effect<Ask>(dialog.effects);
  ASSERT_NE(ask, nullptr);
  EXPECT_EQ(ask->choices[0], (Choice{"submit", "Submit"}));
  EXPECT_EQ(ask->choices[2], (Choice{"change:phone", "Change phone"}));
  EXPECT_EQ(ask->data[3], (std::pair<std::string, std::string>{"description", "the lift in Building 3 is broken"}));
  EXPECT_EQ(ask->data[4], (std::pair<std::string, std::string>{"category", "Something is broken · Lift"}));
}

}  // namespace
}  // namespace huiyin::dialogs
