"""What unity_groups.py puts together and what it keeps apart: a table of pairs of sources."""

import pathlib
import tempfile
import unittest

import unity_groups

HEAD = "namespace huiyin {\nnamespace {\n\n"
FOOT = "\n}  // namespace\n"
END = "}  // namespace huiyin\n"


def source_of(unnamed, after=""):
    return f'#include "core/text.h"\n\n{HEAD}{unnamed}{FOOT}\n{after}{END}'


# what, the one's unnamed namespace, the other's, what stands behind the other's; whether they may be one file
PAIRS = (
    ("names of their own", "constexpr int kMost = 3;", "constexpr int kLeast = 3;", "", True),
    ("the same constant", "constexpr int kMost = 3;", "constexpr int kMost = 4;", "", False),
    ("the same function", "int twice(int one) {\n  return 2 * one;\n}", "int twice(long one) {\n  return 2;\n}", "", False),
    ("the same type", "struct Row {\n  int id;\n};", "class Row final {};", "", False),
    ("a name that the other takes from elsewhere", "int size(int one) {\n  return one;\n}", "",
     "int count(const Rows& rows) { return size(rows); }\n", False),
    ("the other's member of that name", "int size(int one) {\n  return one;\n}", "",
     "int count(const Rows& rows) { return rows.size(); }\n", True),
    ("the name in the other's words", "constexpr int kMost = 3;", "", 'const char* words() { return "kMost"; }\n', True),
    ("the name in the other's comment", "constexpr int kMost = 3;", "", "// kMost\n", True),
    ("the same alias", "using Clock = std::chrono::steady_clock;", "using Clock = std::chrono::steady_clock;", "", True),
    ("an alias of another thing", "using Clock = std::chrono::steady_clock;", "using Clock = std::chrono::system_clock;",
     "", False),
    ("a name brought in that the other has", "using std::move;", "", "void move(int one) {}\n", False),
)


class Grouped(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def groups(self, texts, most_lines=1000):
        sources = []
        for number, text in enumerate(texts):
            path = self.folder / f"source_{number}.cpp"
            path.write_text(text, encoding="utf-8")
            sources.append(unity_groups.Source(str(path)))
        return [[pathlib.Path(source.path).stem for source in group]
                for group in unity_groups.grouped(sources, most_lines)]

    def test_pairs(self):
        for what, one, other, after, together in PAIRS:
            with self.subTest(what):
                for texts in ([source_of(one), source_of(other, after)], [source_of(other, after), source_of(one)]):
                    self.assertEqual(len(self.groups(texts)), 1 if together else 2)

    def test_what_defines_a_macro_stays_alone(self):
        macro = source_of("", "#define HUIYIN_TWICE(one) (2 * (one))\n")
        self.assertEqual(self.groups([source_of(""), macro, source_of("")]), [["source_0", "source_2"], ["source_1"]])

    def test_no_group_has_too_many_lines(self):
        lines = source_of("").count("\n")
        groups = self.groups([source_of("")] * 5, most_lines=2 * lines)
        self.assertEqual([len(group) for group in groups], [2, 2, 1])

    def test_the_third_takes_the_first_place_that_it_fits(self):
        texts = [source_of("constexpr int kMost = 3;"), source_of("constexpr int kMost = 4;"), source_of("")]
        self.assertEqual(self.groups(texts), [["source_0", "source_2"], ["source_1"]])


if __name__ == "__main__":
    unittest.main()
