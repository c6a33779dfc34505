#include "tests/adapters/conformance.h"
#include "tests/adapters/sms/sms_requests.h"

namespace huiyin::sms {
namespace {

HttpRequest twilio_request(const std::string& file, const std::string& signature) {
  HttpRequest request{.method = "POST", .path = "/hook/sms/estate", .body = sms_data("twilio/" + file)};
  request.headers = {{"x-twilio-signature", signature}};
  request.received_at = kReceived;
  return request;
}

template <class Provider, class Config>
std::function<std::unique_ptr<Channel>()> of(Config config) {
  return [config] { return std::make_unique<Provider>(config); };
}

std::vector<ConformanceCase> bound_cases() {
  return {{"twilio", of<Twilio>(twilio_config()), twilio_request("inbound-zh.form", "OHL9aOVy+oX5qotsaerkege69ZY="),
           "OHL9aOVy+oX5qotsaerkege69ZY="},
          {"twilio_media", of<Twilio>(twilio_config()),
           twilio_request("inbound-mms.form", "WYsUIkGCnV27K9xRF+kCJ8P3vAk="), "WYsUIkGCnV27K9xRF+kCJ8P3vAk="}};
}

std::vector<ConformanceCase> cases() {
  auto out = bound_cases();
  const auto target = sms_data("kannel/mo-utf8.target");
  out.push_back({"kannel", of<Kannel>(kannel_config()), guarded("mo", target.substr(target.find('?') + 1)), kSecret});
  out.push_back({"kannel_report", of<Kannel>(kannel_config()), guarded("dlr", "key=o42&dlr=1"), kSecret});
  out.push_back(
      {"aliyun_up", of<Aliyun>(aliyun_config()), guarded("up", "", sms_data("aliyun/up-batch.json")), kSecret});
  out.push_back({"aliyun_report", of<Aliyun>(aliyun_config()),
                 guarded("report", "", sms_data("aliyun/report-batch.json")), kSecret});
  out.push_back({"aliyun_probe", of<Aliyun>(aliyun_config()), guarded("report", ""), kSecret});
  out.push_back(
      {"tencent_reply", of<Tencent>(tencent_config()), guarded("reply", "", sms_data("tencent/reply.json")), kSecret});
  out.push_back({"tencent_status", of<Tencent>(tencent_config()),
                 guarded("status", "", sms_data("tencent/status-batch.json")), kSecret});
  return out;
}

std::vector<SendingCase> sending_cases() {
  const auto message = sms_to("+8613800138000", "工单HY1024-4已登记");
  const Sending sending{.now = kReceived, .nonce = 7, .created = kReceived};
  const auto file = [](int status, const std::string& name) {
    return HttpReply{.status = status, .body = sms_data(name)};
  };
  return {{"kannel",
           of<Kannel>(kannel_config()),
           message,
           sending,
           {{.status = 202, .body = "0: Accepted for delivery"}, {.status = 403, .body = "Authorization failed"}}},
          {"aliyun",
           of<Aliyun>(aliyun_config()),
           message,
           sending,
           {file(200, "aliyun/send-ok.json"), file(200, "aliyun/send-no-money.json"),
            file(400, "aliyun/send-throttling.json")}},
          {"tencent",
           of<Tencent>(tencent_config()),
           message,
           sending,
           {file(200, "tencent/send-ok.json"), file(200, "tencent/send-error.json")}},
          {"twilio",
           of<Twilio>(twilio_config()),
           message,
           sending,
           {file(201, "twilio/send-ok.json"), file(400, "twilio/send-bad-number.json"),
            file(429, "twilio/send-too-many.json")}}};
}

INSTANTIATE_TEST_SUITE_P(Sms, SendingConformance, testing::ValuesIn(sending_cases()), sending_conformance_name);
INSTANTIATE_TEST_SUITE_P(Sms, ChannelConformance, testing::ValuesIn(cases()), conformance_name);
INSTANTIATE_TEST_SUITE_P(Sms, BoundBodyConformance, testing::ValuesIn(bound_cases()), conformance_name);

}  // namespace
}  // namespace huiyin::sms
