"""The part of a story that is about choosing: what the plan fills and why not the rest, who is asked, who takes a seat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from app.sentences import SHORTFALLS
from lab.outcome import donors_passed_over
from lab.storybook import Entry, StoryBook

MOST_DONORS = 4
"""Donors named in one line; the rest is counted."""


def role(code: str) -> str:
    """Return `shelter manager`."""
    return code.replace("_", " ")


def plan(book: StoryBook, entry: Entry) -> Iterator[str]:
    """Tell a plan: for each line asked, picked and short with the reason; then the donors it could not touch."""
    data = entry["data"]
    short = {row["line_id"]: row for row in data["short"]}
    missing = sum(row["missing"] for row in short.values())
    yield f"{book.name(entry['actor'])} has a plan made: {data['picks']} people found, {missing} seats stay empty{_proof(book, data['plan_id'])}"
    yield f"{'wave':>4} {'role':<18} {'site':<22} {'asked':>5} {'found':>5} {'short':>5}  why"
    for line_id, line in book.lines.items():
        row = short.get(line_id)
        lacking = row["missing"] if row else 0
        why = SHORTFALLS.get(row["reason"], row["reason"]) if row else ""
        yield (
            f"{line['wave']:>4} {role(line['role']):<18} {line['site']:<22} {line['quantity']:>5}"
            f" {line['quantity'] - lacking:>5} {lacking or '':>5}  {why}"
        ).rstrip()
    donors = donors_passed_over(book, data["plan_id"])
    for unit, home_role, suitable in donors[:MOST_DONORS]:
        yield f"passed over at its redline: {book.units[unit]}, {suitable} suitable ({role(home_role)}), none may go"
    if len(donors) > MOST_DONORS:
        yield f"… and {len(donors) - MOST_DONORS} more donors at their redline"


def _proof(book: StoryBook, plan_id: str) -> str:
    kept = book.plans.get(plan_id)
    proven = kept is not None and kept["plan"]["certificate"]["proven"]
    return "; proven best" if proven else ""


def offers(book: StoryBook, plan_id: str | None) -> Iterator[str]:
    """Tell who is asked by a plan: a line of the request each, by home unit, how far and at what price."""
    asked: dict[str, list[Entry]] = {}
    for entry in book.of_type("OfferSent"):
        if entry["data"]["plan_id"] == plan_id:
            asked.setdefault(entry["data"]["line_id"], []).append(entry)
    for line_id, line in book.lines.items():
        if people := asked.get(line_id):
            yield (
                f"{len(people):>3} {role(line['role'])} → {line['site']} until {book.day(people[0]['data']['due_back'])}:"
                f" {_from_units(book, people)}"
            )
            yield f"{'':>4}why: {_why(people)}"


def _from_units(book: StoryBook, people: Sequence[Entry]) -> str:
    units = Counter(book.unit(entry) for entry in people).most_common()
    named = ", ".join(f"{unit} {count}" for unit, count in units[:MOST_DONORS])
    rest = len(units) - MOST_DONORS
    return f"{named}, {rest} more units" if rest > 0 else named


COSTS = {
    "donor_band": "spreading the load",
    "recency": "been out lately",
    "not_volunteer": "not volunteers",
    "substitute": "as substitutes",
}
"""Parts of a pick's cost beside the distance, in kilometre-equivalents."""


def _why(people: Sequence[Entry]) -> str:
    km = [entry["data"]["km"] for entry in people]
    total: Counter[str] = Counter()
    for entry in people:
        total.update(entry["data"]["cost"])
    parts = [f"{total[part]} for {name}" for part, name in COSTS.items() if total[part]]
    distance = f"{min(km)} km away" if min(km) == max(km) else f"{min(km)} to {max(km)} km away"
    dearest = max((entry["data"]["without"]["burden"] for entry in people), default=0)
    lost = any(entry["data"]["without"]["fill"] for entry in people)
    without = (
        "without one of them a seat stays empty" if lost else f"the next best costs up to {dearest} km more"
    )
    return "; ".join([", ".join([distance, *parts]), without])


def replacement(book: StoryBook, entry: Entry) -> str:
    """Tell whose seat it was, and who is asked for it now."""
    data = entry["data"]
    seat = f"{role(data['role'])} at {data['site']}"
    offer = book.seats_taken.get(entry["case_id"])
    if offer is None:
        return f"the seat of {seat} stays empty, nobody else may go"
    told = offer["data"]
    return (
        f"{seat} goes to {book.person(offer)}, {told['km']} km, until {book.day(told['due_back'])},"
        f" asked {book.clock(offer['at'])}"
    )
