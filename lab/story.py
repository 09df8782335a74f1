"""The story of an operation, told from its log: who, from where, why, until when. One line, one or more entries."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from domain.duties import RETURN_LADDER
from lab.story_gathered import GATHERED, kind_of, people_told, units_told
from lab.story_plan import offers, plan, replacement, role
from lab.storybook import Entry, StoryBook

WIDTH = 124
MARGIN = " " * 9
MOST_ALONE = 20
"""Entries of one kind and day that are told one by one; more are told together."""
Teller = Callable[[StoryBook, Entry], Iterable[str]]


def tell(book: StoryBook) -> Iterator[str]:
    """Tell it day by day, in the hours of the place."""
    yield f"{book.title}: told from {len(book.entries):,} entries of the log; hours are {book.zone_name}"
    for day, entries in groupby(book.told, lambda entry: book.local(entry["at"]).date()):
        told = list(_day(book, list(entries)))
        if told:
            yield ""
            yield f"{day:%A} {day.day} {day:%B %Y}"
            yield from told


def _day(book: StoryBook, entries: Sequence[Entry]) -> Iterator[str]:
    """Tell what is worth a line of its own, and gather the rest by kind where its first one stands."""
    kinds: dict[str, list[Entry]] = {}
    folded = _too_many(book, entries)
    for entry in entries:
        kind = kind_of(book, entry)
        if kind in GATHERED and (kind in folded or not _alone(book, entry)):
            kinds.setdefault(kind, []).append(entry)
    first = {gathered[0]["seq"]: (kind, gathered) for kind, gathered in kinds.items()}
    for entry in entries:
        if entry["seq"] in first:
            kind, gathered = first[entry["seq"]]
            hours = dict.fromkeys((book.clock(entry["at"]), book.clock(gathered[-1]["at"])))
            yield from _lines(f"{'–'.join(hours)}  {GATHERED[kind](book, gathered)}", 7)
        elif _alone(book, entry) and kind_of(book, entry) not in folded:
            head, *rest = ALONE[entry["type"]](book, entry)
            yield from _lines(f"{book.clock(entry['at'])}  {head}", 7)
            yield from (MARGIN + line for line in rest)


def _too_many(book: StoryBook, entries: Sequence[Entry]) -> frozenset[str]:
    """Kinds of which a day has so many that a line each would bury the rest."""
    counted = Counter(kind_of(book, entry) for entry in entries if _alone(book, entry))
    return frozenset(kind for kind, count in counted.items() if count > MOST_ALONE and kind in GATHERED)


def _lines(text: str, hang: int) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent=" " * (hang + 2))


def _alone(book: StoryBook, entry: Entry) -> bool:
    kind, data = entry["type"], entry["data"]
    if kind == "OfferAnswered":
        return bool(data["state"] == "DECLINED")
    if kind == "ReleaseDecided":
        return bool(data["state"] == "REFUSED")
    if kind == "OfferSent":
        return entry["data"]["plan_id"] not in book.first_plans and entry["case_id"] not in book.taking
    if kind == "PlanMade":
        return data["plan_id"] in book.first_plans or entry["authority"] != "SYSTEM"
    if kind in ("DemobSignedOff", "Returned"):
        return entry["case_id"] in book.overdue
    if kind == "StaffingChanged":
        return _changed(book, entry)
    return kind in ALONE


def _changed(book: StoryBook, entry: Entry) -> bool:
    return entry["seq"] in book.staffing_changes


# ── what is told alone ────────────────────────────────────────────────────────────────────────────────────────────


def _who(book: StoryBook, entry: Entry) -> str:
    return f"{entry['authority'].replace('_', ' ').capitalize()} {book.name(entry['actor'])}"


def _declared(book: StoryBook, entry: Entry) -> Iterator[str]:
    data = entry["data"]
    until = f"{book.day(data['ends'])}"
    verb = "escalates and declares" if entry["type"] == "StatusEscalated" else "declares"
    level = data["level"].lower().replace("_", " or ")
    yield (
        f"{_who(book, entry)} {verb} {data['status']} for {data['area']} ({level}), decree"
        f" {data['decree']}, until {until}"
    )


def _decreed_ahead(book: StoryBook, entry: Entry) -> Iterator[str]:
    (said,) = _declared(book, entry)
    yield f"{said}, from {book.day(entry['data']['start'])}"


def _submitted(book: StoryBook, entry: Entry) -> Iterator[str]:
    lines = book.lines_of(entry["case_id"])
    roles, waves = len({line["role"] for line in lines}), len({line["wave"] for line in lines})
    yield (
        f"{_who(book, entry)} asks for {entry['data']['people']} people: {len(lines)} lines, {roles} roles,"
        f" {waves} waves, until {book.day(max(line['due_back'] for line in lines))}"
    )


def _confirmed(book: StoryBook, entry: Entry) -> Iterator[str]:
    yield f"{_who(book, entry)} confirms the plan, and everyone on it is asked:"
    yield from offers(book, entry["data"].get("choice"))


def _declined(book: StoryBook, entry: Entry) -> Iterator[str]:
    yield f"{book.person(entry)} declines, {entry['data'].get('choice', 'no reason')} {replacement(book, entry)}"


def _lapsed(book: StoryBook, entry: Entry) -> Iterator[str]:
    yield f"{book.person(entry)} stays silent {replacement(book, entry)}"


def _offered_late(book: StoryBook, entry: Entry) -> Iterator[str]:
    data = entry["data"]
    yield (
        f"a donor may lend again: {book.person(entry)}, {data['km']} km, is asked for a seat that was short:"
        f" {role(data['role'])}, {data['site']}, until {book.day(data['due_back'])}"
    )


def _refused_release(book: StoryBook, entry: Entry) -> Iterator[str]:
    yield (
        f"{_who(book, entry)} does not let {book.person(entry)} go, {entry['data'].get('choice')}"
        f" {replacement(book, entry)}"
    )


def _release_escalated(book: StoryBook, entry: Entry) -> Iterator[str]:
    yield f"no word from the head of {book.person(entry)}: the Sekda is asked too (silence releases nobody)"


def _ordered(book: StoryBook, entry: Entry) -> Iterator[str]:
    data = entry["data"]
    units = book.units_ordered.get(data["order_id"], frozenset())
    yield (
        f"{_who(book, entry)} signs order {data['number']}: {people_told(data['people'])} of {units_told(len(units))}, file"
        f" sha256 {data['file_sha256'][:12]}…"
    )


def _not_arrived(book: StoryBook, entry: Entry) -> Iterator[str]:
    yield (
        f"{book.person(entry)} has not arrived at {entry['data']['site']}, level {entry['data']['escalation']}:"
        " the command post must find them"
    )


def _overdue(book: StoryBook, entry: Entry) -> Iterator[str]:
    data = entry["data"]
    level = data["escalation"]
    must = RETURN_LADDER[min(level, len(RETURN_LADDER) - 1)].replace("_", " ").capitalize()
    yield (
        f"OVERDUE {book.person(entry)}, {role(data['role'])} at {data['site']}, was due back {book.day(data['due_back'])}:"
        f" level {level}, {must} must bring them home"
    )


def _fetched(book: StoryBook, entry: Entry) -> Iterator[str]:
    yield f"{_who(book, entry)} signs {book.person(entry)} off at {entry['data']['site']}: fetched back, on the way home"


def _home_at_last(book: StoryBook, entry: Entry) -> Iterator[str]:
    days = (entry["at"] - datetime.fromisoformat(entry["data"]["due_back"])).days
    yield f"{_who(book, entry)} confirms: {book.person(entry)} is home, {days} days late"


def _death(book: StoryBook, entry: Entry) -> Iterator[str]:
    yield f"{_who(book, entry)} reports the death of {book.person(entry)} at {entry['data']['site']}"


def _alive(book: StoryBook, entry: Entry) -> Iterator[str]:
    yield f"{_who(book, entry)} takes the death of {book.person(entry)} back: they live, and are looked for if they had left"


def _staffing(_book: StoryBook, entry: Entry) -> Iterator[str]:
    data = entry["data"]
    yield f"the surge is {data['state']}: {data['filled']} of {data['asked']} seats filled, {data['on_site']} on site"


def _simply(text: str) -> Teller:
    def teller(book: StoryBook, entry: Entry) -> Iterator[str]:
        data = {"choice": "", "reason": "", "until": None} | entry["data"]
        until = book.day(data["until"]) if data["until"] else ""
        yield text.format(who=_who(book, entry), **(data | {"until": until, "title": book.title}))

    return teller


ALONE: dict[str, Teller] = {
    "OperationOpened": _simply("{who} opens the operation {title}"),
    "StatusDeclared": _declared,
    "StatusExtended": _simply("{who} extends the status until {until}"),
    "StatusEscalated": _declared,
    "StatusDecreed": _decreed_ahead,
    "StatusBegan": _simply("the status that was decreed ahead is in force now"),
    "StatusWithdrawn": _simply("{who} withdraws the status that was to come"),
    "StatusHandedBack": _simply("{who} hands the lead back to the level below"),
    "StatusEndingSoon": _simply("a status ends soon and is not extended: {level}"),
    "StatusEnded": _simply("a status has ended, others stand: {level}"),
    "StatusLapsed": _simply("the status lapses: nobody extended it"),
    "RequestSubmitted": _submitted,
    "RequestApproved": _simply("{who} approves the request"),
    "RequestRejected": _simply("the request is rejected: {reason}{choice}"),
    "RequestReturned": _simply("{who} sends the request back: {choice}"),
    "RequestResubmitted": _simply("{who} sends the request again, changed"),
    "RequestCancelled": _simply("{who} cancels the request: {choice}"),
    "OralOrderGiven": _simply("{who} hears an order by word of mouth: {people} people"),
    "OralOrderRatified": _simply("{who} ratifies the oral order by {letter}"),
    "LetterProlonged": _simply("{who} lets the demand go on by letter {letter}"),
    "SurgeEscalated": _simply("{task} has waited too long: {office} is asked to act"),
    "PlanMade": plan,
    "YearlyCapWaived": _simply("{who} raises the yearly cap of one person by {days} days: {choice}"),
    "RedlineOverridden": _simply("{who} lets {unit_id} lend {extra} more {role} below its redline: {choice}"),
    "PlanConfirmed": _confirmed,
    "OfferSent": _offered_late,
    "OfferAnswered": _declined,
    "OfferLapsed": _lapsed,
    "ReleaseDecided": _refused_release,
    "ReleaseEscalated": _release_escalated,
    "OrderSigned": _ordered,
    "CheckInEscalated": _not_arrived,
    "ReturnOverdue": _overdue,
    "DemobSignedOff": _fetched,
    "Returned": _home_at_last,
    "DeathReported": _death,
    "DeathRetracted": _alive,
    "StaffingChanged": _staffing,
    "StoodDown": _simply("{who} stands the surge down"),
    "SurgeClosed": _simply("{who} closes the surge: the registry counts nobody out"),
    "OperationEnded": _simply("{who} ends the operation"),
    "AfterActionDue": _simply("the report on the operation is due"),
    "AfterActionOverdue": _simply("the report on the operation is overdue"),
    "AfterActionFiled": _simply("{who} files the report on the operation"),
    "OperationArchived": _simply("{who} archives the operation"),
    "CommandRefused": _simply("a decision of {who} is refused: {reason}"),
}
