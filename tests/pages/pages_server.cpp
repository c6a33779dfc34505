// Serves the phone pages of a made-up company on a loopback port, for pages.spec.mjs: prints one line of JSON with its
// address and links, and ends when its standard input does. `code` on a line of it prints the last code that was sent.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "net/http_server.h"
#include "simulators/sample_media.h"
#include "tests/gateway/fake_pages.h"
#include "tests/simulators/fake_account.h"
#include "tests/templates/shipped_texts.h"

namespace huiyin::gateway {
namespace {

std::string read(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The real sheets, and an icon for the favicon that every browser asks for.
HttpReply serve(PagesRouter& router, const HttpRequest& request) {
  if (request.path == "/pages/huiyin.css" || request.path == "/pages/weui.css") {
    const bool ours = request.path == "/pages/huiyin.css";
    return {.body = read(ours ? "pages/huiyin.css" : "pages/node_modules/weui/dist/style/weui.min.css"),
            .headers = {{"Content-Type", "text/css; charset=utf-8"}}};
  }
  return PagesRouter::serves(request.path) ? router.handle(request) : HttpReply{.status = 404};
}

int run() {
  const auto texts = templates::Renderer::load(shipped_texts(), "zh-CN").value();
  const ManualClock clock{Time(Millis(1795428712000))};
  simulators::SequenceRandom random;
  FakePages fake(
      [&](const std::string& locale) {
        return [&texts, locale](std::string_view name, const templates::Data& data) {
          return texts.render(name, locale, "", data);
        };
      },
      clock, random);
  fake.description = "厨房水管漏水，水已经流到客厅了 <b onclick=alert(1)>快</b>";
  fake.photo = simulators::sample_photo().bytes;
  HttpServer server({}, clock);
  server.handle([&](const HttpRequest& request) { return serve(fake.router(), request); });
  const auto url = "http://127.0.0.1:" + std::to_string(server.start().value());
  std::cout << fmt::format(R"({{"ticket":"{0}{1}","group":"{0}{2}","survey":"{0}{3}","gone":"{0}/t/x.y"}})", url,
                           fake.link(LinkKind::ticket, 42, FakePages::zhang()),
                           fake.link(LinkKind::ticket, 42, FakePages::group()),
                           fake.link(LinkKind::survey, 9, FakePages::wang()))
            << std::endl;
  for (std::string line; std::getline(std::cin, line);)
    std::cout << (fake.codes.empty() ? "none" : fake.codes.back()) << std::endl;
  server.stop();
  return 0;
}

}  // namespace
}  // namespace huiyin::gateway

int main() { return huiyin::gateway::run(); }
