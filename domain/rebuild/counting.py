"""What boards count, counted anew from the rows that the log gives."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from domain.rebuild.entry import Row
from domain.secondment import HOME, ON_SITE, OWES_PAPERS, Paper, State

Rows = dict[str, Row]

SOON = timedelta(days=7)
"""Who is due back within so long is shown as due soon."""
_OFFERED = (State.OFFERED, State.CONDITION_PENDING)


def shown(row: Row, now: datetime) -> Row:
    """Return somebody as a board shows them at an instant: late or not, covered or not, last seen when."""
    told = row["told"]
    uncovered = row["held"] and row["home_by"] is None and told is not None and row["due_back"] > told
    seen = max(filter(None, (row["heard"], row["sighted"])), default=None)
    back_by = row["home_by"] or row["due_back"]
    shown = {key: value for key, value in row.items() if key not in ("told", "heard", "sighted", "amending")}
    return shown | {
        "uncovered_from": told if uncovered else None,
        "seen_at": seen,
        "overdue": row["out"] and back_by < now,
        "due_soon": row["out"] and back_by < now + SOON,
    }


def count_lines(lines: Rows, people: Rows) -> None:
    """Count each line from its people."""
    of = _by(people.values(), "line_id")
    for key, line in lines.items():
        on = of[key]
        line["offered"] = sum(one["state"] in _OFFERED for one in on)
        line["filled"] = sum(one["fills"] and one["held"] for one in on)
        line["on_site"] = sum(one["state"] in ON_SITE for one in on)
        line["returned"] = sum(one["state"] in HOME for one in on)


def count_surges(surges: Rows, lines: Rows, people: Rows) -> None:
    """Count each surge in people, and in states of people."""
    asked, of = _by(lines.values(), "surge_id"), _by(people.values(), "surge_id")
    for key, surge in surges.items():
        on = of[key]
        surge["asked"] = sum(line["quantity"] for line in asked[key])
        surge["filled"] = sum(one["fills"] and one["held"] for one in on)
        surge["out"] = sum(one["out"] for one in on)
        surge["unrested"] = sum(one["rest_lacking"] is not None for one in on)
        surge["returned"] = sum(one["state"] in HOME for one in on)
        surge["reported"] = sum(
            Paper.REPORT in one["received"] for one in on if one["state"] in HOME | OWES_PAPERS
        )
        surge["reimbursed"] = sum(Paper.CLAIM in one["received"] for one in on)
        surge["outstanding"] = sum(bool(one["owed"]) for one in on)
        surge["waived"] = sum(bool(one["waived"]) for one in on)
        surge["claimed"] = sum(one["claim_amount"] or 0 for one in on)
        surge["people"] = dict(Counter(one["state"] for one in on))


def count_operations(operations: Rows, surges: Rows, people: Rows, standings: Rows) -> None:
    """Say of each operation until when a status covers it, and how many of its people none covers."""
    uncovered = Counter(
        surges.get(one["surge_id"], {}).get("operation_id")
        for one in people.values()
        if one["uncovered_from"]
    )
    of = _by(standings.values(), "operation_id")
    for key, operation in operations.items():
        begun = [one["end"] for one in of[key] if one["begun"]]
        coming = [one["end"] for one in of[key] if not one["begun"] and one["ended"] is None]
        operation["status_until"] = max(begun or coming, default=None)
        operation["uncovered"] = uncovered[key]


def orders(rows: Rows, people: Rows) -> Rows:
    """Return the orders, with the numbers that are reserved or void, and how many people stand on each."""
    on = Counter(one["order_id"] for one in people.values())
    return {key: row | {"people": on[key]} for key, row in rows.items()}


def lent(people: Rows) -> Rows:
    """Return how many of a role each unit has lent by its own right, of units that ever lent."""
    count = {f"{one['unit_id']} {one['home_role']}": 0 for one in people.values()}
    for one in people.values():
        count[f"{one['unit_id']} {one['home_role']}"] += one["held"] and one["override_id"] is None
    return {key: {"lent": number} for key, number in count.items()}


def lent_beyond(data: Row) -> Row:
    """Return what an override grants, by its entry."""
    return {"unit_id": data["unit_id"], "role": data["role"], "extra": int(data["extra"])}


def overrides(granted: Rows, people: Rows) -> Rows:
    """Return each override with how much of it is used."""
    used = Counter(one["override_id"] for one in people.values() if one["held"])
    return {key: row | {"used": used[key]} for key, row in granted.items()}


def _by(rows: Iterable[Row], column: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[column]].append(row)
    return found
