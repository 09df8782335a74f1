"""The part of a story that is about choosing: what the plan fills and why not the rest, who is asked, who takes a seat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from app.sentences import SHORTFALLS
from lab.outcome import donors_passed_over
from lab.storybook import Entry, StoryBook

MOST_DONORS = 3
"""Donors at their redline that are named; the rest is counted."""
MOST_UNITS = 5
"""Home units named in one line; the rest is counted."""


def role(code: str) -> str:
    """Return `shelter manager`."""
    return code.replace("_", " ")


def plan(book: StoryBook, entry: Entry) -> Iterator[str]:
    """Tell a plan: for each line asked, picked and short with the reason; then the donors it could not touch."""
    data = entry["data"]
    short = {row["line_id"]: row for row in data["short"]}
    missing = sum(row["missing"] for row in short.values())
    yield f"{book.name(entry['actor'])} has a plan made: {data['picks']} people found, {missing} seats stay empty{_proof(book, data['plan_id'])}"
    for line_id, row in short.items():
        line = book.lines[line_id]
        found = line["quantity"] - row["missing"]
        yield (
            f"short: wave {line['wave']} {role(line['role'])}, {line['site']}: {found} of {line['quantity']};"
            f" {SHORTFALLS.get(row['reason'], row['reason'])}"
        )
    donors = donors_passed_over(book, data["plan_id"])
    for unit, home_role, suitable in donors[:MOST_DONORS]:
        yield f"passed over at its redline: {book.units[unit]}, {suitable} suitable ({role(home_role)}), none may go"
    if len(donors) > MOST_DONORS:
        yield f"… and {len(donors) - MOST_DONORS} more donors at their redline"


def _proof(book: StoryBook, plan_id: str) -> str:
    kept = book.plans.get(plan_id)
    proven = kept is not None and kept["plan"]["certificate"]["proven"]
    return "; proven best" if proven else ""


OFFERS = "{wave:>4} {role:<17} {site:<19} {until:<7} {asked:>5} {km:>6} {load:>5} {next:>5}  {units}"

HEADINGS = {name: name for name in ("wave", "role", "site", "until", "asked", "km", "next")} | {
    "load": "cost",
    "units": "home units",
}


def offers(book: StoryBook, plan_id: str | None) -> Iterator[str]:
    """Tell who is asked by a plan: a line of the request each, how far, at what price, and from which units."""
    asked: dict[str, list[Entry]] = {}
    for entry in book.of_type("OfferSent"):
        if entry["data"]["plan_id"] == plan_id:
            asked.setdefault(entry["data"]["line_id"], []).append(entry)
    yield OFFERS.format(**HEADINGS)
    for line_id, line in book.lines.items():
        if people := asked.get(line_id):
            yield OFFERS.format(
                wave=line["wave"],
                role=role(line["role"]),
                site=line["site"],
                until=book.day(people[0]["data"]["due_back"]),
                asked=f"{len(people)}/{line['quantity']}",
                units=_from_units(book, people),
                **_why(people),
            )
    yield "(why these: km, and what else their going costs in km: load on the donor, recent duty, not volunteers;"
    yield " next: what the plan would cost more without the one hardest to do without; a seat: it would stay empty)"


def _from_units(book: StoryBook, people: Sequence[Entry]) -> str:
    units = Counter(book.unit_code(entry) for entry in people).most_common()
    named = ", ".join(f"{unit} {count}" for unit, count in units[:MOST_UNITS])
    rest = len(units) - MOST_UNITS
    return f"{named}, {rest} more" if rest > 0 else named


def _why(people: Sequence[Entry]) -> dict[str, str]:
    km = [entry["data"]["km"] for entry in people]
    beyond = sum(sum(entry["data"]["cost"].values()) - entry["data"]["cost"]["distance"] for entry in people)
    lost = any(entry["data"]["without"]["fill"] for entry in people)
    dearest = max(entry["data"]["without"]["burden"] for entry in people)
    return {
        "km": "–".join(dict.fromkeys((str(min(km)), str(max(km))))),
        "load": f"+{beyond}",
        "next": "seat" if lost else f"+{dearest}",
    }


def replacement(book: StoryBook, entry: Entry) -> str:
    """Tell whose seat it was, and who is asked for it now."""
    data = entry["data"]
    seat = f"{role(data['role'])}, {data['site']}"
    offer = book.seats_taken.get(entry["case_id"])
    if offer is None:
        return f"→ nobody else may go: {seat} stays empty"
    told = offer["data"]
    return f"→ {book.person(offer)}, {told['km']} km: {seat}, until {book.day(told['due_back'])}"
