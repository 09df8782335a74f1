"""What a task asks about, in the words of the terminal."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.cli import show_asks, times
from app.cli.faults import in_words

NOTHING: dict[str, Any] = {
    **dict.fromkeys(
        ("until", "line_id", "role", "site", "condition", "report_at", "uncovered_from", "back", "heard")
    ),
    "agreed": [],
}
LASTS = "2026-12-05T16:00:00Z"
"""Midnight between the fifth and the sixth in the city's zone."""

UNCOVERED = (
    "no status covers the duty from 02 Dec 00:00 WITA; one that reaches past 06 Dec 00:00 WITA settles it "
    "(operation extend, or declare once it has lapsed)"
)


@pytest.fixture(autouse=True)
def city() -> Iterator[None]:
    before = times._zone[:]
    times.by_clock_of(lambda: ZoneInfo("Asia/Makassar"))
    yield
    times._zone[:] = before


@pytest.mark.parametrize(
    ("asks", "words"),
    [
        ({"until": "2026-12-08T16:00:00Z"}, ["until 09 Dec 00:00 WITA instead of 06 Dec 00:00 WITA"]),
        (
            {
                "until": LASTS,
                "line_id": "SU-1/02",
                "role": "nurse",
                "site": "Lasiana",
                "agreed": ["HOME", "HOST"],
            },
            ["to line 02 of SU-1 (nurse at Lasiana), until 06 Dec 00:00 WITA", "agreed already: HOME, HOST"],
        ),
        ({"heard": "OBJECTS"}, ["the person was heard: OBJECTS"]),
        ({"condition": "LODGING"}, ["accepts only if LODGING"]),
        ({"condition": "OTHER_SITE"}, ["accepts only if OTHER_SITE: no other site has room now"]),
        (
            {"condition": "OTHER_SITE", "line_id": "SU-1/02", "role": "nurse", "site": "Lasiana"},
            ["accepts only if OTHER_SITE: to line 02 of SU-1 (nurse at Lasiana)"],
        ),
        (
            {"uncovered_from": "2026-12-01T16:00:00Z"},
            [UNCOVERED],
        ),
    ],
)
def test_each_ask_says_what_is_to_be_decided(asks: dict[str, Any], words: list[str]) -> None:
    assert list(show_asks.asked({"asks": NOTHING | asks, "due_back": LASTS})) == words


def test_a_task_whose_kind_says_it_all_adds_nothing() -> None:
    assert list(show_asks.asked({"asks": None, "due_back": None})) == []


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("details.items: field required", "--with items=: field required"),
        ("details.items[1]: input should be 'KIT'", "--with items=[1]: input should be 'KIT'"),
        ("principal_id: does not hold this office", "--holder: does not hold this office"),
        ("lines[1].report_at: in the past", "lines[1].report_at: in the past"),
        ("there is no such case", "there is no such case"),
    ],
)
def test_a_fault_names_the_options_of_the_terminal(fault: str, said: str) -> None:
    assert in_words(fault) == said
