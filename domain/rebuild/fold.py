"""The fold: entry by entry, from nothing but the log, to the rows and numbers that boards show.

An entry may be gone: then less is known, and the comparison says what; the fold goes on with what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from domain.cases import CaseKind
from domain.facts import MOVED_IN
from domain.rebuild import counting
from domain.rebuild.decided import Decided
from domain.rebuild.decreed import Decreed
from domain.rebuild.entry import Entry, Row, instant
from domain.rebuild.people import seat, see, stand
from domain.rebuild.said import ASKS, DRAFTED, ISSUED, LINES, STANDS
from domain.surge import ENDS
from domain.thin import BEGUN, OVER, State

Tables = dict[str, dict[str, Row]]
"""Board -> id of a row -> column -> value."""

_UNKNOWN: Row = dict.fromkeys(("level", "status", "start", "end", "ended", "begun"))
"""A status of which an entry tells the end, while the one that told of it is gone."""
_UNISSUED: Row = dict.fromkeys(("facts_sha256", "file_sha256", "code", "kept", "papers", "void_reason"))


class Projection:
    """Where everybody and everything stands by the entries taken so far; they come in the order of the log."""

    def __init__(self) -> None:
        self.entries = 0
        self.seq = 0
        self.at: datetime | None = None
        self.gaps: list[int] = []
        self._people: dict[str, Row] = {}
        self._surges: dict[str, Row] = {}
        self._lines: dict[str, Row] = {}
        self._operations: dict[str, Row] = {}
        self._standings: dict[str, Row] = {}
        self._overrides: dict[str, Row] = {}
        self._caps: dict[str, Row] = {}
        self._orders: dict[str, Row] = {}
        self._travel: dict[str, Row] = {}
        self._thin: dict[str, Row] = {}
        self._asks: dict[str, list[Row]] = {}
        self._decreed = Decreed()
        self._decided = Decided()
        self._of: dict[str, Callable[[str, Entry], None]] = {
            CaseKind.SECONDMENT: self._secondment,
            CaseKind.SURGE: self._surge,
            CaseKind.OPERATION: self._operation,
            CaseKind.THIN: self._thin_unit,
            CaseKind.MUTATION: self._decreed.mutation,
            "decree": self._decreed.decree,
            **dict.fromkeys((CaseKind.BATCH, CaseKind.SWAP), self._decreed.group),
            "order": self._order,
            "plan": self._plan,
        }

    def take(self, entry: Entry) -> None:
        """Take the next entry."""
        self.gaps += range(self.seq + 1, entry.seq)
        self.entries, self.seq, self.at = self.entries + 1, entry.seq, entry.at
        self._decided.take(entry)
        kind, _, key = entry.case_id.partition(":")
        if fold := self._of.get(kind):
            fold(key, entry)
            if ASKS in entry.data:
                self._asks[entry.case_id] = entry.data[ASKS]

    def tables(self, now: datetime) -> Tables:
        """Return every row that boards show, and what they count, at an instant from the last entry on."""
        surges = {key: dict(row) for key, row in self._surges.items()}
        people = {key: counting.shown(row, now) for key, row in self._people.items()}
        lines = {key: dict(row) for key, row in self._lines.items() if row["surge_id"] in surges}
        counting.count_lines(lines, people)
        counting.count_surges(surges, lines, people)
        operations = {key: dict(row) for key, row in self._operations.items()}
        counting.count_operations(operations, surges, people, self._standings)
        return {
            "operation": operations,
            "standing": {key: dict(row) for key, row in self._standings.items()},
            "surge": surges,
            "line": lines,
            "placement": people,
            "lent": counting.lent(people),
            "override": counting.overrides(self._overrides, people),
            "cap": {key: dict(row) for key, row in self._caps.items()},
            "order": counting.orders(self._orders, people),
            "travel orders": {key: dict(row) for key, row in self._travel.items()},
            "thin": {key: dict(row) for key, row in self._thin.items()},
            "task": dict(self._tasks()),
            **self._decided.tables(),
            **self._decreed.tables(),
        }

    def _secondment(self, key: str, entry: Entry) -> None:
        data = entry.data
        if entry.type in ("OfferSent", MOVED_IN):
            self._people[key] = seat(entry)
            self._step_between(key, data.get("relieves"))
        person = self._people.get(key)
        if person is None:
            return
        match entry.type:
            case "UncoveredDuty":
                person["told"] = instant(data["covered_until"])
            case "DutyCovered":
                person["told"] = None
            case "SignOfLife":
                see(person, instant(data["seen_at"]))
        if STANDS in data:
            stand(person, entry)

    def _step_between(self, key: str, relieved: str | None) -> None:
        """Whoever was to relieve somebody that has left early relieves the one who takes the place meanwhile."""
        for other, person in self._people.items():
            living = person["relieves"] == relieved and (person.get("held") or person["departed_at"])
            if relieved and other != key and living:
                person["relieves"] = key

    def _surge(self, key: str, entry: Entry) -> None:
        data = entry.data
        if entry.type == "MusterTaken":
            for placement_id in self._people.keys() & set(data["present"]):
                see(self._people[placement_id], instant(data["seen_at"]))
        if STANDS not in data:
            return
        surge = self._surges.setdefault(key, {"operation_id": None, "approved_by": None, "closed_at": None})
        surge |= {"state": data["state"], "escalation": data.get("escalation", 0), **data.get(DRAFTED, {})}
        if data["state"] in ENDS:
            surge["closed_at"] = entry.at
        if LINES in data:
            self._lines_of(key, entry)
        elif entry.type.startswith("Line"):
            for told in (data, *data.get("others", ())):
                self._line(told, entry)
        self._decision_of_surge(surge, entry)

    def _decision_of_surge(self, surge: Row, entry: Entry) -> None:
        """What a decision about a surge leaves beside it: who approved, what was granted by name, the order it issued."""
        data = entry.data
        match entry.type:
            case "RedlineOverridden" if entry.command_id:
                self._overrides[entry.command_id] = counting.lent_beyond(data) | _granted(entry)
            case "YearlyCapWaived" if entry.command_id:
                raised = {"person_id": entry.person_id, "days": data["days"]}
                self._caps[entry.command_id] = raised | _granted(entry)
            case "RequestApproved" | "OralOrderRatified":
                surge["approved_by"] = entry.actor
            case "OrderSigned" if data["order_id"] in self._orders:
                issued = data[STANDS].get(ISSUED, {})
                of_file = {"state": "ISSUED", "kept": issued.get("file_sha256")}
                self._orders[data["order_id"]] |= issued | of_file

    def _line(self, told: Mapping[str, Any], entry: Entry) -> None:
        if line := self._lines.get(told["line_id"]):
            line["quantity"] = told["quantity"]
            if entry.type == "LineClosed":
                line |= {"closed_at": entry.at, "short_reason": None, "short_by": 0}
            line["needed_until"] = instant(told.get("needed_until")) or line["needed_until"]

    def _order(self, key: str, entry: Entry) -> None:
        """A number that is drawn, with whom the order names, or given up: its people stand on none then."""
        if entry.type == "NumberVoided" and key in self._orders:
            self._orders[key] |= {"state": "VOID", "void_reason": entry.data["reason"]}
            for person in self._people.values():
                person |= {name: None for name in ("order_id", "amending") if person[name] == key}
        if entry.type == "TravelOrdersNumbered":
            self._travel[key] = {"sha256": entry.data.get(STANDS, {}).get("numbered_sha256")}
        if entry.type == "NumberReserved":
            told = {name: entry.data[name] for name in ("surge_id", "number")}
            self._orders[key] = told | _UNISSUED | entry.data.get(STANDS, {}) | {"state": "RESERVED"}
            for person in (self._people[one] for one in entry.data["named"] if one in self._people):
                person["order_id" if person["order_id"] is None else "amending"] = key

    def _plan(self, _key: str, entry: Entry) -> None:
        """What the newest plan of a surge leaves empty; of its other lines it says nothing any more."""
        short = {row["line_id"]: row for row in entry.data["short"]}
        for line_id, line in self._lines.items():
            if line["surge_id"] == entry.data["surge_id"]:
                row = short.get(line_id, {})
                line |= {"short_reason": row.get("reason"), "short_by": row.get("missing", 0)}

    def _thin_unit(self, key: str, entry: Entry) -> None:
        """A unit that became thin; where it stands is told by each entry, and when it ended by the last."""
        data = entry.data
        if entry.type == BEGUN:
            told = {name: data[name] for name in ("unit_id", "home_role", "surges")}
            self._thin[key] = told | {"since": entry.at, "reason": None, "recovered_at": None}
        if STANDS not in data or key not in self._thin:
            return
        row = self._thin[key]
        row |= {name: data[name] for name in ("state", "escalation")}
        row["reason"] = data.get("choice") if data["state"] != State.RECOVERED else row["reason"]
        row["recovered_at"] = entry.at if entry.type == OVER else None

    def _lines_of(self, surge_id: str, entry: Entry) -> None:
        """The whole of a request's lines, or one that was added while the surge runs."""
        if entry.type != "LineAdded":
            self._surges[surge_id]["operation_id"] = entry.data.get("operation_id")
            self._lines = {key: line for key, line in self._lines.items() if line["surge_id"] != surge_id}
        for line in entry.data[LINES]:
            self._lines[line["line_id"]] = {
                "surge_id": surge_id,
                "role": line["role"],
                "quantity": line["quantity"],
                "report_at": instant(line["report_at"]),
                "due_back": instant(line["due_back"]),
                "closed_at": None,
                "short_reason": None,
                "short_by": 0,
                "needed_until": instant(line.get("needed_until")),
                "asked_sha256": line.get("asked_sha256"),
            }

    def _operation(self, key: str, entry: Entry) -> None:
        data = entry.data
        if STANDS not in data:
            return
        operation = self._operations.setdefault(key, {"ended_at": None, "archived_at": None})
        operation["state"] = data["state"]
        if column := {"ENDED": "ended_at", "ARCHIVED": "archived_at"}.get(data["state"]):
            operation[column] = operation[column] or entry.at
        self._statuses(key, data[STANDS])

    def _statuses(self, key: str, stands: Row) -> None:
        newest = {one["number"]: one for one in stands["standings"]}
        for number, one in newest.items():
            told = {column: one[column] for column in ("level", "status", "ended", "begun")}
            times = {"start": instant(one["start"]), "end": instant(one["end"])}
            self._standings[f"{key}#{number}"] = {"operation_id": key, **told, **times}
        for moved in stands["ends"]:
            row = self._standings.setdefault(f"{key}#{moved['number']}", _UNKNOWN | {"operation_id": key})
            row["end"] = instant(moved["end"])
            # What was superseded is no longer among the newest of each level: this is the last that is heard of it.
            if moved["number"] not in newest:
                row["ended"] = moved["ended"]
        for number, one in newest.items():
            if one["begun"]:
                self._run_out(key, one["level"], number)

    def _run_out(self, key: str, level: str, number: int) -> None:
        """What had come to its end when another status of its level began has run out, though nobody noted it."""
        start = self._standings[f"{key}#{number}"]["start"]
        for name, row in self._standings.items():
            mine = row["operation_id"] == key and row["level"] == level and name != f"{key}#{number}"
            if mine and row["begun"] and row["ended"] is None and row["end"] <= start:
                row["ended"] = "RAN_OUT"

    def _tasks(self) -> Iterable[tuple[str, Row]]:
        for case_id, asks in self._asks.items():
            for ask in asks:
                whom = ask.get("assignee_id") or ask["capacity"]
                where = ask.get("unit_id", ""), ask.get("government_id", "")
                yield (
                    " ".join((ask["kind"], case_id, whom, *filter(None, where))),
                    {"due_at": instant(ask.get("due_at"))},
                )


def _granted(entry: Entry) -> Row:
    """Return who granted what goes beyond a limit, why and when."""
    return {"granted_by": entry.actor, "reason_code": entry.data.get("choice"), "granted_at": entry.at}
