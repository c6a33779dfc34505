"""Puts the sources of one target into a few files that include them, so that each header is read once a group.

    unity_groups.py FOLDER LINES SOURCE...

Writes FOLDER/unity_N.cpp, each with sources of LINES lines at most together, and prints their paths, a line each; files whose
content stays the same are not touched. Two sources come into one group only if neither mentions a name that the other has in
its unnamed namespace (or brings in for the whole file), so that they mean together what they mean alone. What defines a
macro, and what is alone in its group, is left as it is.
"""

import functools
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
COMMENTS_AND_STRINGS = re.compile(
    r'R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*.*?\*/', re.DOTALL)
MENTIONED = re.compile(r"(?<![\w.>:])[A-Za-z_]\w*|(?<=[^-]>)[A-Za-z_]\w*|(?<=[^:]:)[A-Za-z_]\w*")
UNNAMED = re.compile(r"^namespace \{\n(.*?)^\}  // namespace$", re.DOTALL | re.MULTILINE)
DECLARED = (
    re.compile(r"^(?:template.*> )?(?:struct|class|union|enum class|enum) (\w+)"),
    re.compile(r"^(?!using )[\w:].*?(?<![\w:])(\w+)(?:\(|\{|\[| =|;)"),
)
# The same in two sources is no clash: `using X = Y;`, `using N::X;`, `using enum E;` may be said again.
ALIAS = re.compile(r"^using (\w+) = [^;]+;|^using (?!enum )(?:[\w:]+::)?(\w+);", re.MULTILINE)
ENUMERATORS = re.compile(r"^using enum (?:\w+::)*(\w+);", re.MULTILINE)
INCLUDE = re.compile(r"^#include.*$", re.MULTILINE)


@functools.lru_cache(maxsize=None)
def enumerators():
    """The enumerators of every enumeration in a header of the tree, by its name."""
    found = {}
    folders = [path.parent for path in ROOT.glob("*/CMakeLists.txt")]
    for header in (header for folder in folders for header in folder.glob("**/*.h")):
        text = COMMENTS_AND_STRINGS.sub(" ", header.read_text(encoding="utf-8"))
        for name, body in re.findall(r"\benum (?:class )?(\w+)[^{;]*\{([^}]*)\}", text):
            found.setdefault(name, set()).update(re.findall(r"(?:^|,)\s*(\w+)", body))
    return found


class Source:
    def __init__(self, path):
        text = pathlib.Path(path).read_text(encoding="utf-8")
        self.path = path
        self.lines = text.count("\n")
        self.is_alone = re.search(r"^\s*#\s*(?:define|undef)\b", text, re.MULTILINE) is not None
        code = COMMENTS_AND_STRINGS.sub('""', INCLUDE.sub("", text))
        self.mentioned = set(MENTIONED.findall(code))
        self.own = set()
        for body in UNNAMED.findall(text):
            for line in COMMENTS_AND_STRINGS.sub('""', body).splitlines():
                matches = filter(None, (pattern.match(line) for pattern in DECLARED))
                self.own.update(match.group(1) for match in matches)
        unnamed = [match.span() for match in UNNAMED.finditer(text)]

        def said(match):  # and whether in an unnamed namespace: outside of it, it is another declaration
            return match.group(0), any(begin <= match.start() < end for begin, end in unnamed)

        self.brings = {said(match): {match.group(1) or match.group(2)} for match in ALIAS.finditer(text)}
        self.brings |= {said(match): enumerators().get(match.group(1), set()) for match in ENUMERATORS.finditer(text)}

    def changes(self, other):
        """Whether a name of this source means something else, or something at all, in the other."""
        brought = set().union(*(names for how, names in self.brings.items() if how not in other.brings))
        return bool(self.own & other.own or (self.own | brought) & other.mentioned)

    def clashes_with(self, other):
        return self.changes(other) or other.changes(self)


def grouped(sources, most_lines):
    groups = []
    for source in sources:
        for group in groups if not source.is_alone else []:
            if (sum(each.lines for each in group) + source.lines <= most_lines and
                    not any(each.is_alone or each.clashes_with(source) for each in group)):
                group.append(source)
                break
        else:
            groups.append([source])
    return groups


def main(folder, most_lines, paths):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for number, group in enumerate(grouped([Source(path) for path in paths], int(most_lines))):
        if len(group) == 1:
            print(group[0].path)
            continue
        unity = folder / f"unity_{number}.cpp"
        text = "".join(f'#include "{pathlib.Path(source.path).relative_to(ROOT)}"\n' for source in group)
        if not unity.exists() or unity.read_text(encoding="utf-8") != text:
            unity.write_text(text, encoding="utf-8")
        print(unity)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
