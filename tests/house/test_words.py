"""The project speaks of itself alone: nothing committed names a machine, its folders, or where its packages lay."""

import re

import pytest

from tests.house.source import ROOT, committed_files

# Written so that this file does not hold them itself.
FORBIDDEN = {
    "a folder beside the repository": re.compile(r"\.\./" + "shared"),
    "a file URL": re.compile("file:" + "//"),
    "a path of somebody's machine": re.compile(
        r"(?<![\w.~/-])/(?:" + "work|farm|opt/wheels|opt/pypi" + r")(?:/|\b(?!\s*\())"
    ),
    "somebody's home": re.compile(r"(?<![\w.])/(?:" + "root|home/[a-z]+" + r")/\.?[a-z]"),
    "a package index": re.compile(
        r"(?:" + "index-url|find-links" + r")[ =]\S|" + r"pypi\.org/simple|pythonhosted" + r"\.org"
    ),
    "a private key": re.compile("-----BEGIN [A-Z ]*PRIVATE " + "KEY"),
}
BINARY = {".png", ".jpg", ".pdf", ".otf", ".ttf", ".woff2", ".xlsx", ".gz", ".bin", ".db"}


def findings(text: str) -> list[str]:
    return [
        f"{what}: {match.group()}" for what, pattern in FORBIDDEN.items() for match in pattern.finditer(text)
    ]


def test_no_committed_file_names_what_is_not_ours() -> None:
    guilty = {}
    for path in committed_files():
        if path.suffix not in BINARY:
            found = findings((ROOT / path).read_text(errors="replace"))
            if found:
                guilty[str(path)] = found
    assert guilty == {}


@pytest.mark.parametrize(
    "text",
    [
        "see .." + "/shared/design.md",
        "file:" + "///srv/wheels",
        "cd /" + "work/main",
        'Path("/' + 'farm/x")',
        "/ro" + "ot/.cache",
        "--find-" + "links=here",
        "https://pypi.org/" + "simple/six",
    ],
)
def test_the_guard_of_the_words_bites(text: str) -> None:
    assert findings(text) != []


@pytest.mark.parametrize(
    "text", ["docs/work/plan.md", "https://example.test/work", "home/away", "and/or work/life", "pypi.org"]
)
def test_the_guard_of_the_words_lets_ordinary_words_pass(text: str) -> None:
    assert findings(text) == []


def test_no_file_that_belongs_to_a_machine_is_committed() -> None:
    stray = {"uv.lock", ".env", ".python-version", "node_modules", "__pycache__", ".venv", ".siaga", "out"}
    assert [str(path) for path in committed_files() if stray & set(path.parts)] == []
