"""The values inside a CAP message: each reader takes the text of one element and raises `BadValue`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from domain.alerts import Certainty, Circle, Point

E = TypeVar("E", bound=StrEnum)

_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)\Z", re.ASCII
)
_LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?\Z", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d{1,7}(?:\.\d{0,15})?|\.\d{1,15})\Z", re.ASCII)
_NAME = re.compile(r"[^\s,<&]{1,200}\Z")
_WORD = re.compile(r'"([^"]*)"|(\S+)')
FARTHEST_KM = 20_038.0  # half the Earth's girth
RESPONSES = ("Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None")


class BadValue(Exception):
    """What was expected of the text."""


def text(content: str) -> str:
    if any(sign < " " and sign not in "\n\r\t" for sign in content) or "\x7f" in content:
        raise BadValue("control characters are not allowed")
    return content


def name(content: str) -> str:
    """An identifier or a sender: no blanks, commas, `<` or `&`, since references are split at them."""
    if not _NAME.match(content):
        raise BadValue("a name of at most 200 characters without blanks or commas was expected")
    return text(content)


def instant(content: str) -> datetime:
    """A time with its offset, as UTC."""
    if _LOCAL.match(content):
        raise BadValue("a time must carry its offset, such as +08:00")
    if not _INSTANT.match(content):
        raise BadValue("a time such as 2026-11-21T04:10:00+08:00 was expected")
    try:
        found = datetime.fromisoformat(content)
    except ValueError:
        raise BadValue("no such day or hour") from None
    if not 2000 <= found.year <= 2200:
        raise BadValue("a year from 2000 to 2200 was expected")
    return found.astimezone(UTC)


def member(kind: type[E]) -> Callable[[str], E]:
    """A reader of the values of an enum, written exactly so."""

    def read(content: str) -> E:
        try:
            return kind(content)
        except ValueError:
            raise BadValue(f"one of {', '.join(kind)} was expected") from None

    return read


def certainty(content: str) -> Certainty:
    """`Very Likely` is what CAP 1.0 called Likely; some senders still do."""
    return Certainty.LIKELY if content == "Very Likely" else member(Certainty)(content)


def response_type(content: str) -> str:
    if content not in RESPONSES:
        raise BadValue(f"one of {', '.join(RESPONSES)} was expected")
    return content


def references(content: str) -> tuple[tuple[str, str, datetime], ...]:
    """Triples sender,identifier,sent, with blanks between them."""
    return tuple(_triple(part) for part in content.split())


def _triple(part: str) -> tuple[str, str, datetime]:
    pieces = part.split(",")
    if len(pieces) != 3:
        raise BadValue("triples sender,identifier,sent were expected")
    return name(pieces[0]), name(pieces[1]), instant(pieces[2])


def words(content: str) -> tuple[str, ...]:
    """Words with blanks between them; those with a blank inside stand in quotes."""
    return tuple(quoted or bare for quoted, bare in _WORD.findall(text(content)))


def polygon(content: str) -> tuple[Point, ...]:
    """A closed ring of at least three different points."""
    points = tuple(_point(pair) for pair in content.split())
    if len(points) < 4:
        raise BadValue(f"a polygon of four points or more was expected, found {len(points)}")
    if points[0] != points[-1]:
        raise BadValue("a polygon must end where it begins")
    if len(set(points)) < 3:
        raise BadValue("a polygon needs three different points")
    return points


def circle(content: str) -> Circle:
    pieces = content.split()
    if len(pieces) != 2:
        raise BadValue("a point and a radius were expected")
    return Circle(_point(pieces[0]), _number(pieces[1], 0, FARTHEST_KM, "radius in kilometres"))


def _point(pair: str) -> Point:
    pieces = pair.split(",")
    if len(pieces) != 2:
        raise BadValue("points latitude,longitude were expected")
    return _number(pieces[0], -90, 90, "latitude"), _number(pieces[1], -180, 180, "longitude")


def _number(piece: str, low: float, high: float, what: str) -> float:
    if not _NUMBER.match(piece) or not low <= float(piece) <= high:
        raise BadValue(f"a {what} from {low} to {high} was expected")
    return float(piece)
