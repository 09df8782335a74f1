"""The rows of people in the fold: how a placement begins, and where an entry puts somebody."""

from __future__ import annotations

from datetime import date, datetime

from domain.facts import ARRIVALS, MOVED_IN
from domain.rebuild.entry import Entry, Row, instant
from domain.rebuild.said import OVERRIDE, STANDS
from domain.secondment import LET_GO, OUT, State

_AS_TOLD = ("accident", "rest_lacking", "post_unit_id", "acting_mandate_id")
_LISTS = ("extend_agreed", "checklist", "received", "waived", "owed")
_CLAIM = ("claim_reference", "claim_dated", "claim_amount")
"""By which document a claim was settled, of what day, and how much it says was paid."""


def seat(entry: Entry) -> Row:
    """Return the row of somebody with whom a placement begins."""
    data = entry.data
    constant = {key: data[key] for key in ("surge_id", "line_id", "unit_id", "home_role")}
    empty = ("departed_at", "checked_in_at", "arrived_at", "returned_at", "told", "sighted", *_CLAIM)
    return {
        **constant,
        **dict.fromkeys(empty),
        "person_id": entry.person_id,
        "override_id": data.get(OVERRIDE),
        "offered_at": entry.at,
        "relieves": data.get("relieves"),
        "moved_from": data.get("moved_from"),
        # Whoever moved to another post came on the order that names both.
        "order_id": data.get("order_id"),
        "amending": None,
        # Where the stay gets longer by it, that is no order of its own.
        "extensions": data[STANDS].get("extensions", 0),
    }


def stand(person: Row, entry: Entry) -> None:
    """Put the person where the entry says."""
    data, stands = entry.data, entry.data[STANDS]
    state = State(data["state"])
    _order_in_force(person, stands)
    if person["line_id"] != data["line_id"]:
        person |= {"line_id": data["line_id"], "relieves": None}
    person |= {
        "state": state.value,
        "held": state not in LET_GO,
        "out": state in OUT,
        "due_back": instant(data["due_back"]),
        "home_by": instant(data.get("home_by")),
        "escalation": data.get("escalation", 0),
        "leaving": data.get("leaving"),
        "report_at": instant(stands["report_at"]),
        "fills": stands.get("fills", False),
        "directed": stands.get("directed", False),
        "heard": instant(stands.get("seen_at")),
        "condition_code": stands.get("condition_code"),
        "condition_report_at": instant(stands.get("condition_report_at")),
        "extend_until": instant(stands.get("extend_until")),
        "extend_line_id": stands.get("extend_line_id"),
        "hearing": stands.get("hearing"),
        "handed_over": stands.get("handed_over", False),
        "extensions": stands.get("extensions", 0),
        **{name: stands.get(name, []) for name in _LISTS},
        **{name: stands.get(name) for name in _AS_TOLD},
        "report_by": instant(stands.get("report_by")),
        "claim_by": instant(stands.get("claim_by")),
        "acting_until": instant(stands.get("acting_until")),
        "acting_wanted": stands.get("acting_wanted", False),
    }
    if entry.type in ("Mobilised", MOVED_IN):
        person["departed_at"] = entry.at
    if entry.type in ARRIVALS:
        person["checked_in_at"] = entry.at
        person["arrived_at"] = instant(data.get("reported_at")) or entry.at
    if entry.type == "Returned":
        person["returned_at"] = entry.at
    if entry.type == "ClaimSettled":
        paid = (data["reference"], date.fromisoformat(data["dated"]), int(data["amount"]))
        person |= dict(zip(_CLAIM, paid, strict=True))


def _order_in_force(person: Row, stands: Row) -> None:
    """The order that prolonged the duty is the one in force; where nothing is proposed any more, none is on the way."""
    if stands.get("extensions", 0) > person.get("extensions", 0):
        person["order_id"] = person["amending"]
    if "extend_until" not in stands:
        person["amending"] = None


def see(person: Row, at: datetime | None) -> None:
    """Note a sign of life; the latest one counts."""
    person["sighted"] = max(filter(None, (person["sighted"], at)), default=None)
