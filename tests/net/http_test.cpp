#include "net/http.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace huiyin {
namespace {

TEST(Url, DecodesOnceAndKeepsWhatIsBroken) {
  const struct {
    const char *in, *kept_plus, *spaced;
  } table[] = {
      {"a+b%2Bc%2520", "a+b+c%20", "a b+c%20"},
      {"%E7%94%B5%e6%a2%af", "电梯", "电梯"},
      {"%", "%", "%"},
      {"%4", "%4", "%4"},
      {"%zz%41", "%zzA", "%zzA"},
      {"%4%31", "%41", "%41"},
  };
  for (const auto& row : table) {
    EXPECT_EQ(url_decode(row.in, false), row.kept_plus) << row.in;
    EXPECT_EQ(url_decode(row.in, true), row.spaced) << row.in;
  }
}

TEST(Url, EncodesWhatAnotherWouldRead) {
  EXPECT_EQ(url_encode("a-z_0.~"), "a-z_0.~");
  EXPECT_EQ(url_encode("a b+/=&电"), "a%20b%2B%2F%3D%26%E7%94%B5");
  const std::string all = "\0\x01 ~\x7f\xff";
  EXPECT_EQ(url_decode(url_encode(all), true), all);
  EXPECT_EQ(with_query("http://h.test/a", {{"k", "v&"}, {"电", ""}}), "http://h.test/a?k=v%26&%E7%94%B5=");
  EXPECT_EQ(with_query("http://h.test/a?x=1", {{"k", "v"}}), "http://h.test/a?x=1&k=v");
}

TEST(Request, FindsParametersAndHeaders) {
  const HttpRequest request{.query = "a=1&b=x+y%2B&a=2&c&=nameless&d%20e=f", .headers = {{"content-type", "text/xml"}}};
  EXPECT_EQ(request.param("a"), "1");  // the first
  EXPECT_EQ(request.param("b"), "x+y+");
  EXPECT_EQ(request.param("c"), "");
  EXPECT_EQ(request.param("d e"), "f");
  EXPECT_EQ(request.param("z"), "");
  EXPECT_EQ(request.header("content-type"), "text/xml");
  EXPECT_EQ(request.header("host"), "");
}

HttpRequest full_request() {
  return {.method = "POST",
          .path = "/hook/wechat/main",
          .query = "signature=a%20b",
          .headers = {{"host", "huiyin.test"}, {"x-empty", ""}},
          .body = std::string("电梯\0\xff坏了", 14),
          .remote = "192.0.2.7",
          .received_at = Time(Millis(1795428712123))};
}

TEST(Spooled, ARequestComesBackWhole) {
  const auto request = full_request();
  const auto back = decode_http_request(encode(request));
  EXPECT_EQ(back.method, request.method);
  EXPECT_EQ(back.path, request.path);
  EXPECT_EQ(back.query, request.query);
  EXPECT_EQ(back.headers, request.headers);
  EXPECT_EQ(back.body, request.body);
  EXPECT_EQ(back.remote, request.remote);
  EXPECT_EQ(back.received_at, request.received_at);
}

TEST(Spooled, EveryCutAndEveryAdditionIsRefused) {
  const auto bytes = encode(full_request());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THROW(static_cast<void>(decode_http_request(std::string_view(bytes).substr(0, size))), std::runtime_error)
        << size;
  }
  EXPECT_THROW(static_cast<void>(decode_http_request(bytes + "x")), std::runtime_error);
}

}  // namespace
}  // namespace huiyin
