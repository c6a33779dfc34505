#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <ostream>

#include "tests/tidy/tree.h"

namespace huiyin::tidy {
namespace {

namespace fs = std::filesystem;

/// A rule, a small tree that breaks it, and what the rule says of that tree.
struct HouseRule {
  const char* name;
  Rule* rule;
  std::map<std::string, std::string> sin;
  std::vector<std::string> complaints;
};

void PrintTo(const HouseRule& rule, std::ostream* out) { *out << rule.name; }

std::string lines(std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += "int a" + std::to_string(i) + ";\n";
  return out;
}

const std::vector<HouseRule>& house_rules() {
  static const std::vector<HouseRule> kRules = {
      {"IncludeArrows",
       include_arrows,
       {{"dialogs/x.cpp", "#include \"dialogs/x.h\"\n#include <vector>\n#include \"db/store.h\"\n"},
        {"gateway/y.cpp",
         "#include \"db/store.h\"\n  #  include \"simulators/wechat.h\"\n#include \"tests/describe.h\"\n"},
        {"core/z.h", "#pragma once\n#include \"text.h\"\n#include \"../db/store.h\"\n"},
        {"tests/db/t.cpp", "#include \"db/store.h\"\n"}},
       {"core/z.h:2: \"text.h\" is not written from the root: \"core/…\"",
        "core/z.h:3: \"../db/store.h\" is not written from the root: \"core/…\"",
        "dialogs/x.cpp:3: dialogs/ may not include db/", "gateway/y.cpp:2: gateway/ may not include simulators/",
        "gateway/y.cpp:3: gateway/ may not include tests/"}},
      {"LibraryHeaders",
       library_headers,
       {{"net/http_reader.cpp", "#include <boost/asio.hpp>\n"},
        {"gateway/hooks.cpp", "#include <boost/asio.hpp>\n#include <httplib.h>\n"},
        {"adapters/sms/a.cpp", "#include <curl/curl.h>\n"},
        {"core/a.h", "#pragma once\n#include <nlohmann/json.hpp>\n"},
        {"core/a.cpp", "#include <nlohmann/json.hpp>\n#include <regex>\n#include <gtest/gtest.h>\n"},
        {"tests/a.h", "#include <gtest/gtest.h>\n"},
        {"gateway/main.cpp", "#include <cppconn/driver.h>\n#include <SQLiteCpp/Database.h>\n"},
        {"gateway/spool.cpp", "#include <SQLiteCpp/Database.h>\n"}},
       {"adapters/sms/a.cpp:1: <curl/curl.h> may not stand here", "core/a.cpp:2: <regex> may not stand here",
        "core/a.cpp:3: <gtest/gtest.h> may not stand here", "core/a.h:2: <nlohmann/json.hpp> belongs in a .cpp file",
        "gateway/hooks.cpp:1: <boost/asio.hpp> may not stand here",
        "gateway/hooks.cpp:2: <httplib.h> may not stand here",
        "gateway/main.cpp:1: <cppconn/driver.h> may not stand here",
        "gateway/main.cpp:2: <SQLiteCpp/Database.h> may not stand here"}},
      {"HeaderFirst",
       header_first,
       {{"core/a.h", "#pragma once\n"},
        {"core/a.cpp", "// why\n#include <vector>\n#include \"core/a.h\"\n"},
        {"core/b.h", "#pragma once\n"},
        {"core/b.cpp", "#include \"core/b.h\"\n#include <vector>\n"},
        {"core/c.cpp", "#include <vector>\n"}},
       {"core/a.cpp:2: include \"core/a.h\" first"}},
      {"HeaderForm",
       header_form,
       {{"core/a.h", "#pragma once\nusing namespace std;\n"},
        {"core/b.h", "int b();\n"},
        {"core/a.cpp", "using namespace std::chrono_literals;\n"}},
       {"core/a.h:2: no using namespace in a header", "core/b.h:1: no #pragma once"}},
      {"Clock",
       clock,
       {{"tickets/a.cpp", "auto now = std::chrono::system_clock::now();\n"},
        {"gateway/clock.cpp", "auto now = std::chrono::system_clock::now();\n"},
        {"simulators/main.cpp", "auto now = std::chrono::system_clock::now();\nint main() {}\n"}},
       {"tickets/a.cpp:1: the clock is read in gateway/ and in main only; take a Time or a Clock"}},
      {"Leftovers",
       leftovers,
       {{"core/a.cpp",
         "// TO"
         "DO: later\nmktemp(\"huiyin.X"
         "XXXXX\");\n"},
        {"docs/a.md",
         "FIX"
         "ME\n"}},
       {"core/a.cpp:1: a note to oneself: do it, or leave it out",
        "docs/a.md:1: a note to oneself: do it, or leave it out"}},
      {"MachinePaths",
       machine_paths,
       {{"script/a",
         "cd /ro"
         "ot/huiyin\ncat \"$work/root/x\" https://a.test/work/x\n"},
        {"docs/a.md",
         "in `/wo"
         "rk/main`\n"}},
       {"docs/a.md:1: a path of somebody's machine", "script/a:1: a path of somebody's machine"}},
      {"FileNames",
       file_names,
       {{"docs/架构.md", "x\n"}, {"docs/a b.md", "x\n"}},
       {"docs/a b.md: a file name is ASCII, without spaces", "docs/架构.md: a file name is ASCII, without spaces"}},
      {"FileLengths",
       file_lengths,
       {{"core/long.cpp", lines(601)},
        {"core/right.cpp", lines(600)},
        {"tests/data/long.cpp", lines(601)},
        {"script/long", lines(700)}},
       {"core/long.cpp:601: 601 lines; split what is over 600", "script/long:601: 700 lines; split what is over 600"}},
      {"FolderReadmes",
       folder_readmes,
       {{"core/a.h", "#pragma once\n"},
        {"db/README.md", "# db/\n"},
        {"net/README.md", lines(25)},
        {"pages/README.md", lines(12)}},
       {"core/: no README.md", "db/README.md: 1 lines; 10 to 20 say what one needs to begin",
        "net/README.md: 25 lines; 10 to 20 say what one needs to begin"}},
      {"Providers",
       providers,
       {{"adapters/providers.def", "// rows\nPROVIDER(sms, kannel)\nPROVIDER(wechat, wechat)\n"},
        {"config/huiyin.example.yaml", "channels:\n  - name: wechat:main\n    provider: wechat  # x\n"},
        {"tests/adapters/wechat/parse_test.cpp", "\n"},
        {"tests/adapters/sms/twilio_test.cpp", "\n"}},
       {"adapters/providers.def:2: no test tests/adapters/sms/kannel_test.cpp",
        "adapters/providers.def:2: no stanza of kannel in config/huiyin.example.yaml"}},
      {"Links",
       links,
       {{"docs/a.md", "[b](b.md#part) [c](c.md) [d](../README.md) [e](https://a.test/x) [f](#part)\n"},
        {"docs/b.md", "[decisions](decisions)\n"},
        {"README.md", "[a](docs/a.md) ![picture](docs/demo.svg)\n"}},
       {"README.md:1: the link to docs/demo.svg leads nowhere", "docs/a.md:1: the link to c.md leads nowhere",
        "docs/b.md:1: the link to decisions leads nowhere"}},
      {"ArchitectureSteps",
       architecture_steps,
       {{"docs/architecture.md",
         "1. A step (`core/a.cpp:go`).\n2. `core/a.cpp:stop`, `core/b.cpp:go`\n3. None.\n\n## Next\n"},
        {"core/a.cpp", "void go() {}\n"}},
       {"docs/architecture.md:2: core/a.cpp has no function stop", "docs/architecture.md:2: core/b.cpp is not there",
        "docs/architecture.md:3: the step names no function `folder/file.cpp:function`"}},
  };
  return kRules;
}

class HouseRules : public testing::TestWithParam<HouseRule> {};

TEST_P(HouseRules, AreKept) {
  static const Tree kTree(".");
  ASSERT_GT(kTree.files().size(), 50U) << "run from the root of the source tree";
  EXPECT_THAT(GetParam().rule(kTree), testing::IsEmpty());
}

TEST_P(HouseRules, SeeTheirSin) {
  const auto root = fs::path(testing::TempDir()) / (std::string("huiyin-tidy-") + GetParam().name);
  fs::remove_all(root);
  for (const auto& [path, text] : GetParam().sin) {
    fs::create_directories((root / path).parent_path());
    std::ofstream(root / path) << text;
  }
  EXPECT_THAT(GetParam().rule(Tree(root)), testing::ElementsAreArray(GetParam().complaints));
  fs::remove_all(root);
}

INSTANTIATE_TEST_SUITE_P(Tree, HouseRules, testing::ValuesIn(house_rules()),
                         [](const auto& rule) { return std::string(rule.param.name); });

TEST(Tree, LeavesOutWhatIsBuiltOrHidden) {
  const auto root = fs::path(testing::TempDir()) / "huiyin-tidy-tree";
  fs::remove_all(root);
  for (const auto* path : {"build/dev/a.cpp", "var/demo/a.yaml", ".git/config", "core/a.cpp"}) {
    fs::create_directories((root / path).parent_path());
    std::ofstream(root / path) << "x\n";
  }
  std::ofstream(root / "core/photo.jpg") << std::string("\xff\xd8\0x", 4);
  const Tree tree(root);
  EXPECT_THAT(tree.paths(), testing::ElementsAre("core/a.cpp", "core/photo.jpg"));
  ASSERT_EQ(tree.files().size(), 1U) << "what is no text has no lines";
  EXPECT_EQ(tree.files()[0].top_folder(), "core");
  fs::remove_all(root);
}

}  // namespace
}  // namespace huiyin::tidy
