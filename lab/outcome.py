"""What came of a drill, counted from its log; and what a demo must have shown."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.plans import ShortfallReason
from lab.storybook import StoryBook


@dataclass(frozen=True)
class Outcome:
    """Counted from the log. `days` run from the first entry to the last return, whole days."""

    asked: int
    went: int
    home: int
    roles: int
    units: int
    waves: int
    days: int
    declined: int
    silent: int
    short_roles: frozenset[str]
    passed_over: int
    overdue: int
    fetched_back: int
    orders: int

    def sentence(self) -> str:
        """Tell it in one sentence."""
        return (
            f"{self.went} people went for {self.asked} places, in {self.roles} roles from {self.units} units and"
            f" {self.waves} waves, over {self.days} days; {self.declined} declined, {self.silent} stayed silent,"
            f" {self.overdue} overdue, {self.fetched_back} of them fetched back; {self.home} of {self.went} are home."
        )


@dataclass(frozen=True)
class Wanted:
    """What must have happened at least; `short_role` is the only role that may stay short, and one must."""

    went: int
    roles: int
    units: int
    waves: int
    days: int
    declined: int
    silent: int
    passed_over: int
    fetched_back: int
    short_role: str


def outcome_of(book: StoryBook) -> Outcome:
    """Count what happened."""
    went = {entry["case_id"]: entry for entry in book.of_type("Mobilised")}
    home = book.of_type("Returned")
    lines = {entry["data"]["line_id"] for entry in went.values()}
    span = home[-1]["at"] - book.entries[0]["at"] if home else timedelta(0)
    short = _short_lines(book)
    return Outcome(
        asked=sum(line["quantity"] for line in book.lines.values()),
        went=len(went),
        home=len({entry["case_id"] for entry in home}),
        roles=len({entry["data"]["role"] for entry in went.values()}),
        units=len({entry["data"]["unit_id"] for entry in went.values()}),
        waves=len({book.lines[line]["wave"] for line in lines}),
        days=span.days,
        declined=sum(entry["data"]["state"] == "DECLINED" for entry in book.of_type("OfferAnswered")),
        silent=len(book.of_type("OfferLapsed")),
        short_roles=frozenset(book.lines[line]["role"] for line in short),
        passed_over=len({donor for plan in book.first_plans for donor in donors_passed_over(book, plan)}),
        overdue=len(book.overdue),
        fetched_back=len(book.overdue & {entry["case_id"] for entry in home}),
        orders=len(book.of_type("OrderSigned")),
    )


def faults_of(outcome: Outcome, wanted: Wanted) -> tuple[str, ...]:
    """Return what a demo was to show and did not."""
    at_least = (
        "went",
        "roles",
        "units",
        "waves",
        "days",
        "declined",
        "silent",
        "passed_over",
        "fetched_back",
    )
    faults = [
        f"{name.replace('_', ' ')}: {getattr(outcome, name)}, wanted at least {getattr(wanted, name)}"
        for name in at_least
        if getattr(outcome, name) < getattr(wanted, name)
    ]
    if outcome.short_roles != {wanted.short_role}:
        faults.append(
            f"lines that stay short: {sorted(outcome.short_roles)}, wanted {wanted.short_role} alone"
        )
    if outcome.home < outcome.went:
        faults.append(f"{outcome.went - outcome.home} people are not home")
    return tuple(faults)


def donors_passed_over(book: StoryBook, plan_id: str | None) -> tuple[tuple[str, str, int], ...]:
    """Return (unit, home role, suitable people) of donors at their redline, of whom a plan therefore took nobody."""
    if plan_id is None or plan_id not in book.plans:
        return ()
    shortfalls = book.plans[plan_id]["plan"]["shortfalls"]
    donors = {
        (donor["unit_id"], donor["role"]): donor["suitable"]
        for short in shortfalls
        if short["reason"] == ShortfallReason.DONORS_AT_REDLINE
        for donor in short["blocking_donors"]
        if donor["lendable"] == 0
    }
    ordered = sorted(donors.items(), key=lambda item: (-item[1], item[0]))
    return tuple((unit, role, suitable) for (unit, role), suitable in ordered)


def _short_lines(book: StoryBook) -> set[str]:
    """Lines that were never filled, though some plan was to fill them: fewer went than were asked."""
    went: dict[str, int] = {}
    for entry in book.of_type("Mobilised"):
        went[entry["data"]["line_id"]] = went.get(entry["data"]["line_id"], 0) + 1
    return {line_id for line_id, line in book.lines.items() if went.get(line_id, 0) < line["quantity"]}


def telling_moment(book: StoryBook, surges: Collection[str] | None = None) -> datetime:
    """Return as of when a report tells most: somebody overdue while many are out; else the last of the fullest.

    Of all surges, or of some.
    """
    out, latest, counted = 0, book.entries[0]["at"], []
    for entry in book.entries:
        if surges is not None and entry["data"].get("surge_id") not in surges:
            continue
        out += {"Mobilised": 1, "Returned": -1}.get(entry["type"], 0)
        # Each case stamps its entries by its own clock; the log numbers them as they were written.
        latest = max(latest, entry["at"])
        counted.append((out, latest, entry["type"]))
    most = max((out for out, _, _ in counted), default=0)
    late = [item for item in counted if item[2] == "ReturnOverdue" and item[0] * 2 >= most]
    return max(late or counted or [(0, latest, "")], key=lambda item: item[:2])[1]
