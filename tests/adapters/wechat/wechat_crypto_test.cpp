#include "adapters/wechat/wechat_crypto.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "adapters/wechat/wechat_xml.h"
#include "tests/adapters/wechat/wechat_requests.h"

namespace huiyin::wechat {
namespace {

using nlohmann::json;

std::vector<json> vectors(const std::string& prefix) {
  std::vector<json> found;
  const auto all = json::parse(read_file("tests/data/wechat/vectors.json"));
  for (const auto& vector : all.at("vectors")) {
    if (vector.at("name").get<std::string>().starts_with(prefix)) found.push_back(vector);
  }
  return found;
}

std::string text(const json& from, const char* key) { return from.at(key).get<std::string>(); }

Random16 random_from(const std::string& hex) {
  Random16 random{};
  for (std::size_t i = 0; i < random.size(); ++i) {
    random[i] = static_cast<std::byte>(std::stoi(hex.substr(2 * i, 2), nullptr, 16));
  }
  return random;
}

bool message_signature_holds(const json& in) {
  const auto token = text(in, "token"), timestamp = text(in, "timestamp"), nonce = text(in, "nonce");
  const auto encrypted = text(in, "Encrypt");
  const std::string_view parts[] = {token, timestamp, nonce, encrypted};
  return sign(parts) == text(in, "msg_signature");
}

TEST(WeChatCrypto, Signatures) {
  const auto table = vectors("wechat.signature.");
  ASSERT_EQ(table.size(), 12U);
  for (const auto& vector : table) {
    const auto& in = vector.at("inputs");
    const auto token = text(in, "token"), timestamp = text(in, "timestamp"), nonce = text(in, "nonce");
    const std::string_view parts[] = {token, timestamp, nonce};
    EXPECT_EQ(sign(parts) == text(in, "signature"), vector.at("expected").at("valid").get<bool>()) << vector.at("name");
  }
}

TEST(WeChatCrypto, DecryptsAndEncryptsToTheSameBytes) {
  const auto table = vectors("wechat.decrypt.");
  ASSERT_EQ(table.size(), 19U);
  for (const auto& vector : table) {
    const auto& in = vector.at("inputs");
    const auto name = text(vector, "name");
    EXPECT_TRUE(message_signature_holds(in)) << name;
    const auto key = parse_encoding_aes_key(text(in, "encoding_aes_key"));
    ASSERT_TRUE(key) << name;
    const auto message = decrypt(*key, text(in, "Encrypt"), text(in, "receiveid"));
    ASSERT_TRUE(message) << name << ": " << to_string(message.error());
    EXPECT_EQ(*message, text(vector.at("expected"), "msg")) << name;
    if (!in.contains("random16_hex")) continue;
    const auto random = random_from(text(in, "random16_hex"));
    EXPECT_EQ(encrypt(*key, *message, text(in, "receiveid"), random), text(in, "Encrypt")) << name;
  }
}

TEST(WeChatCrypto, EachStepRefusesForItsOwnReason) {
  const auto table = vectors("wechat.reject.");
  ASSERT_EQ(table.size(), 21U);
  for (const auto& vector : table) {
    const auto& in = vector.at("inputs");
    const auto name = text(vector, "name"), expected = text(vector.at("expected"), "error");
    EXPECT_EQ(message_signature_holds(in), expected != "signature") << name;
    if (expected == "signature") continue;
    const auto key = parse_encoding_aes_key(text(in, "encoding_aes_key")).value();
    const auto message = decrypt(key, text(in, "Encrypt"), text(in, "receiveid"));
    ASSERT_FALSE(message) << name;
    if (expected == "padding_or_length_or_receiveid") {
      EXPECT_TRUE(message.error() == CryptoFault::padding || message.error() == CryptoFault::length ||
                  message.error() == CryptoFault::receiveid)
          << name;
    } else {
      EXPECT_EQ(to_string(message.error()), expected) << name;
    }
  }
}

TEST(WeChatCrypto, TheReplyEnvelopeIsTheVendorsOwn) {
  const auto table = vectors("wechat.envelope.reply");
  ASSERT_EQ(table.size(), 1U);
  const auto& in = table.front().at("inputs");
  const auto& expected = table.front().at("expected");
  const auto key = parse_encoding_aes_key(text(in, "encoding_aes_key")).value();
  const auto encrypted = encrypt(key, text(in, "plain"), text(in, "appid"), random_from(text(in, "random16_hex")));
  EXPECT_EQ(encrypted, text(expected, "Encrypt"));
  const auto token = text(in, "token"), timestamp = text(in, "timestamp"), nonce = text(in, "nonce");
  const std::string_view parts[] = {token, timestamp, nonce, encrypted};
  EXPECT_EQ(sign(parts), text(expected, "MsgSignature"));
}

TEST(WeChatCrypto, KeysThatAreNone) {
  const std::string good(kEncodingAesKey);
  EXPECT_TRUE(parse_encoding_aes_key(good));
  EXPECT_FALSE(parse_encoding_aes_key(""));
  EXPECT_FALSE(parse_encoding_aes_key(good.substr(1)));
  EXPECT_FALSE(parse_encoding_aes_key(good + "="));
  EXPECT_FALSE(parse_encoding_aes_key("*" + good.substr(1)));
  // The slack bits of the last character do not count: C, D, E and F stand for the same key here.
  EXPECT_EQ(parse_encoding_aes_key(good.substr(0, 42) + "A"), parse_encoding_aes_key(good.substr(0, 42) + "D"));
  EXPECT_NE(parse_encoding_aes_key(good.substr(0, 42) + "A"), parse_encoding_aes_key(good.substr(0, 42) + "E"));
}

TEST(WeChatCrypto, EveryLengthComesBack) {
  const auto key = parse_encoding_aes_key(kEncodingAesKey).value();
  for (std::size_t size = 0; size < 100; ++size) {
    const std::string message(size, 'x');
    EXPECT_EQ(decrypt(key, encrypt(key, message, "id", Random16{}), "id"), message) << size;
    EXPECT_EQ(decrypt(key, encrypt(key, message, "", Random16{}), ""), message) << size;
  }
}

TEST(WeChatXml, RefusesWhatCouldHarmOrMislead) {
  std::string deep = "<xml>";
  for (int i = 0; i < 40; ++i) deep += "<a>";
  for (int i = 0; i < 40; ++i) deep += "</a>";
  const struct {
    std::string body, why;
  } table[] = {
      {"", "xml: No document element found"},
      {"{\"ToUserName\":\"gh\"}", "xml: No document element found"},
      {"<html></html>", "xml: the root is not <xml>"},
      {"<XML></XML>", "xml: the root is not <xml>"},
      {"<xml></xml><xml></xml>", "xml: has two roots"},
      {"<xml><a></xml>", "xml: Start-end tags mismatch"},
      {"<!DOCTYPE xml [<!ENTITY a \"b\">]><xml>&a;</xml>", "xml: has a document type"},
      {std::string("<xml>\0</xml>", 12), "xml: holds a NUL"},
      {"<xml>\xff</xml>", "xml: not valid UTF-8"},
      {deep + "</xml>", "xml: nested too deeply"},
  };
  for (const auto& row : table) {
    const auto parsed = parse_xml(row.body);
    ASSERT_FALSE(parsed) << row.body;
    EXPECT_EQ(parsed.error(), row.why) << row.body;
  }
}

TEST(WeChatXml, JoinsTextAndKeepsUnknownEntitiesAsWritten) {
  const auto xml =
      parse_xml("<?xml version=\"1.0\"?><xml a='b'> <c>1<![CDATA[<2>]]>&lt;3&amp;&unknown;</c><c>4</c></xml>");
  ASSERT_TRUE(xml);
  EXPECT_EQ(xml->value("c"), "1<2><3&&unknown;");
  EXPECT_EQ(xml->find_all("c").size(), 2U);
  EXPECT_EQ(xml->value("d"), "");
}

TEST(WeChatXml, WhatIsWrittenIsReadBack) {
  for (const std::string text : {"", "a]]>b", "]]>]]>", "]]", "<a href=\"x\">&amp;</a>", "换行\n与𠮷🏠"}) {
    const auto xml = parse_xml("<xml>" + cdata_element("T", text) + "</xml>");
    ASSERT_TRUE(xml) << text;
    EXPECT_EQ(xml->find("T")->text, text);
  }
  EXPECT_EQ(cdata_element("T", std::string("a\0\x01\x0b\x1f\xffz\xef\xbf\xbf", 10)), "<T><![CDATA[a\uFFFDz]]></T>");
}

}  // namespace
}  // namespace huiyin::wechat
