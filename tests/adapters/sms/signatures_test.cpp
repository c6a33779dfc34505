// Signatures as the providers' own libraries made them.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "adapters/crypto.h"
#include "tests/adapters/sms/sms_requests.h"

namespace huiyin::sms {
namespace {

using nlohmann::json;

Fields fields_of(const json& object) {
  Fields out;
  for (const auto& [name, value] : object.items()) {
    if (value.is_array())
      for (const auto& one : value) out.emplace_back(name, one.get<std::string>());
    else
      out.emplace_back(name, value.get<std::string>());
  }
  return out;
}

/// `Credential=…,SignedHeaders=…,Signature=…`: what stands after `name`, up to a comma.
std::string part_of(const std::string& authorization, const std::string& name) {
  const auto at = authorization.find(name + "=") + name.size() + 1;
  return authorization.substr(at, authorization.find(',', at) - at);
}

TEST(Signatures, Acs3OfTheOfficialLibrary) {
  int seen = 0;
  for (const auto& vector : nlohmann::json::parse(sms_data("vectors-signatures.json"))) {
    if (!vector["name"].get<std::string>().starts_with("aliyun-acs3")) continue;
    const auto& in = vector["inputs"];
    AcsRequest request;
    std::string authorization;
    if (vector["name"] == "aliyun-acs3-sdk-request") {
      request.query = parse_form(vector["expected"]["path"].get<std::string>().substr(2));
      authorization = vector["expected"]["headers"]["authorization"].get<std::string>();
      const auto names = ";" + part_of(authorization, "SignedHeaders") + ";";
      for (const auto& [name, value] : vector["expected"]["headers"].items())
        if (names.find(";" + name + ";") != std::string::npos) request.headers.emplace_back(name, value);
    } else {
      request.query = fields_of(in["query"]);
      request.headers = fields_of(in["headers"]);
      request.body = in.value("body", "");
      authorization = vector["expected"]["authorization"].get<std::string>();
    }
    EXPECT_EQ(authorize_acs(request, in["accessKeyId"].get<std::string>(), in["accessKeySecret"].get<std::string>()),
              authorization)
        << vector["name"];
    ++seen;
  }
  EXPECT_GE(seen, 5);
}

TEST(Signatures, Tc3OfTheOfficialLibrary) {
  int seen = 0;
  for (const auto& vector : nlohmann::json::parse(sms_data("vectors-signatures.json"))) {
    if (!vector["name"].get<std::string>().starts_with("tencent-tc3")) continue;
    const auto& in = vector["inputs"];
    const bool whole = in.contains("signedHost");
    Tc3Request request{.host = in[whole ? "signedHost" : "host"].get<std::string>()};
    request.body = (whole ? vector["expected"]["body"] : in["body"]).get<std::string>();
    request.timestamp = Time(std::chrono::seconds(in["timestamp"].get<std::int64_t>()));
    const auto& expected = whole ? vector["expected"]["headers"]["authorization"] : vector["expected"]["authorization"];
    EXPECT_EQ(authorize_tc3(request, in["secretId"].get<std::string>(), in["secretKey"].get<std::string>()),
              expected.get<std::string>())
        << vector["name"];
    ++seen;
  }
  EXPECT_GE(seen, 4);
}

TEST(Signatures, TwilioOfTheOfficialLibrary) {
  int seen = 0;
  for (const auto& vector : nlohmann::json::parse(sms_data("vectors-signatures.json"))) {
    if (!vector["name"].get<std::string>().starts_with("twilio-")) continue;
    const auto& in = vector["inputs"];
    const auto token = in.value("authToken", kTwilioToken);
    const auto url = in["url"].get<std::string>();
    const auto form = in.contains("params") ? fields_of(in["params"]) : Fields{};
    const auto& expected = vector["expected"];
    const auto signature =
        in.contains("signature") ? in["signature"].get<std::string>() : expected["signature"].get<std::string>();
    if (expected.contains("signature")) {
      EXPECT_EQ(sign_twilio(token, url, form), expected["signature"].get<std::string>()) << vector["name"];
    }
    EXPECT_EQ(is_signed_by(token, url, form, in.value("body", ""), signature), expected["valid"].get<bool>())
        << vector["name"];
    ++seen;
  }
  EXPECT_GE(seen, 15);
}

TEST(Signatures, HashesOfTheirStandards) {
  EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(hmac_sha1("key", "The quick brown fox jumps over the lazy dog")),
            "de7c9b85b8b78aa6bc8a7a36f70a90701c9db4d9");
  EXPECT_EQ(to_base64("Man"), "TWFu");
  EXPECT_EQ(to_base64("M"), "TQ==");
  EXPECT_EQ(to_base64(""), "");
}

}  // namespace
}  // namespace huiyin::sms
