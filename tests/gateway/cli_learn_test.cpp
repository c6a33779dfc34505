// What `huiyin learn` writes, and says of a file that it cannot learn from; and an operator's own word, tried without
// building anything.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sysexits.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "gateway/cli.h"
#include "tests/gateway/temporary_folder.h"

namespace huiyin::gateway {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class CliLearn : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(folder_.file(name)).parent_path());
    std::ofstream(folder_.file(name)) << text;
    return folder_.file(name);
  }
  int learn(const std::vector<std::string>& files) {
    return run_learn({.files = files, .config_file = {}}, {in_, out_, errors_});
  }

  TemporaryFolder folder_;
  std::istringstream in_;
  std::ostringstream out_, errors_;
};

TEST_F(CliLearn, WritesALexiconFile) {
  const auto file =
      write("mine.jsonl",
            "{\"text\": \"晾衣机坏了\", \"category\": \"repair\", \"subcategory\": \"facility\", \"intent\": "
            "\"report\"}\n\n{\"text\": \"晾衣机坏了吗\", \"category\": \"none\", \"intent\": \"question\"}\n");
  EXPECT_EQ(learn({file}), EX_OK) << errors_.str();
  EXPECT_THAT(out_.str(), HasSubstr("\n: danger "));
  EXPECT_THAT(out_.str(), HasSubstr("\n晾衣: "));
}

TEST_F(CliLearn, SaysWhatIsWrongWithALine) {
  const struct {
    const char *line, *complaint;
    int code;
  } table[] = {
      {"{\"text\": 1, \"category\": \"repair\"}", ":2: has no \"text\"", EX_DATAERR},
      {"{\"text\": \"x\", \"category\": \"repairs\"}", ":2: has no category that is known", EX_DATAERR},
      {"not json", ":2: is no JSON object", EX_DATAERR},
      {"[1]", ":2: is no JSON object", EX_DATAERR},
  };
  for (const auto& row : table) {
    errors_.str("");
    const auto file =
        write("mine.jsonl", "{\"text\": \"好\", \"category\": \"none\"}\n" + std::string(row.line) + "\n");
    EXPECT_EQ(learn({file}), row.code) << row.line;
    EXPECT_THAT(errors_.str(), StartsWith(file + row.complaint));
    EXPECT_EQ(out_.str(), "");
  }
  errors_.str("");
  EXPECT_EQ(learn({folder_.file("none.jsonl")}), EX_NOINPUT);
  EXPECT_THAT(errors_.str(), HasSubstr("none.jsonl: cannot be read"));
}

}  // namespace
}  // namespace huiyin::gateway
