"""What is told of many at once: the entries of one kind and one day, in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from lab.storybook import Entry, StoryBook


def _by_site(entries: Sequence[Entry]) -> str:
    sites = Counter(entry["data"]["site"] for entry in entries)
    return ", ".join(f"{site} {count}" for site, count in sites.most_common())


def people_told(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def units_told(units: int) -> str:
    return "1 unit" if units == 1 else f"{units} units"


def _units(entries: Sequence[Entry]) -> str:
    return units_told(len({entry["data"]["unit_id"] for entry in entries}))


def _untils(book: StoryBook, entries: Sequence[Entry]) -> str:
    days = dict.fromkeys(book.day(day) for day in sorted(entry["data"]["due_back"] for entry in entries))
    return " or ".join(days)


def _deciders(book: StoryBook, entries: Sequence[Entry]) -> str:
    actors = list(dict.fromkeys(book.name(entry["actor"]) for entry in entries))
    return actors[0] if len(actors) == 1 else f"{len(actors)} officers"


def _accepted(_book: StoryBook, people: Sequence[Entry]) -> str:
    return f"{people_told(len(people))} of {_units(people)} accept"


def _reminded(_book: StoryBook, people: Sequence[Entry]) -> str:
    return f"{people_told(len(people))} reminded of their offer"


def _released(book: StoryBook, people: Sequence[Entry]) -> str:
    return f"{people_told(len(people))} released by {_deciders(book, people)} of {_units(people)}"


def _set_out(book: StoryBook, people: Sequence[Entry]) -> str:
    return f"{people_told(len(people))} on the way from {_units(people)}, until {_untils(book, people)}"


def _arrived(book: StoryBook, people: Sequence[Entry]) -> str:
    return f"{people_told(len(people))} checked in by {_deciders(book, people)}: {_by_site(people)}"


def _warned(book: StoryBook, people: Sequence[Entry]) -> str:
    told = len({entry["case_id"] for entry in people})
    return f"{people_told(told)} told that their duty ends on {_untils(book, people)}"


def _due(_book: StoryBook, people: Sequence[Entry]) -> str:
    return f"{people_told(len(people))} due back, handing over: {_by_site(people)}"


def _recalled(_book: StoryBook, people: Sequence[Entry]) -> str:
    return f"{people_told(len(people))} called home: {_by_site(people)}"


def _signed_off(book: StoryBook, people: Sequence[Entry]) -> str:
    return f"{people_told(len(people))} signed off by {_deciders(book, people)}, on the way home"


def _home(book: StoryBook, people: Sequence[Entry]) -> str:
    return f"{people_told(len(people))} home in {_units(people)}, confirmed by {_deciders(book, people)}"


GATHERED: dict[str, Callable[[StoryBook, Sequence[Entry]], str]] = {
    "OfferAnswered": _accepted,
    "OfferReminded": _reminded,
    "ReleaseDecided": _released,
    "Mobilised": _set_out,
    "CheckedIn": _arrived,
    "EndingSoon": _warned,
    "FellDue": _due,
    "Recalled": _recalled,
    "DemobSignedOff": _signed_off,
    "Returned": _home,
}
