"""Which column of a file is which field, and which word is which value: `synonyms.toml`, read once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

# Hints that people write into headers: (Wajib), (YYYY-MM-DD), [optional], *.
_HINT = re.compile(
    r"\b(wajib|opsional|mandatory|required|optional|[dmy]{1,4}[-/. ][dmy]{1,4}[-/. ][dmy]{2,4})\b"
)
_IN_BRACKETS = re.compile(r"[(\[].*?[)\]]")
_NOT_ALNUM = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """The text without what does not count: case, blanks, punctuation, hints."""
    return _NOT_ALNUM.sub("", _HINT.sub(" ", text.casefold()))


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("synonyms.toml").read_text(encoding="utf-8"))


def columns(table: str) -> dict[str, list[str]]:
    """Field -> the headers that mean it, the surest first."""
    found: dict[str, list[str]] = _data()[table]["columns"]
    return found


def required(table: str) -> list[str]:
    found: list[str] = _data()[table]["required"]
    return found


@cache
def vocabulary(kind: str) -> dict[str, str]:
    """Plain word -> value, for `[values.kind]`."""
    words = {}
    for value, synonyms in _data()["values"][kind].items():
        for word in (value, *synonyms):
            words[plain(word)] = value
    return words


def match(table: str, headers: Sequence[str]) -> dict[str, int]:
    """Field -> index of its column, for the headers that are understood."""
    found: dict[str, int] = {}
    shapes = [(plain(header), plain(_IN_BRACKETS.sub(" ", header))) for header in headers]
    for field, names in columns(table).items():
        wanted = [plain(name) for name in names]
        hits = (
            (wanted.index(shape), i) for i, pair in enumerate(shapes) for shape in pair if shape in wanted
        )
        best = min(hits, default=None)
        if best is not None:
            found[field] = best[1]
    return found
