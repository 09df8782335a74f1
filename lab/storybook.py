"""What a story is told from: the log of one operation, and the names behind its ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from adapters.postgres.boards import Boards
from adapters.postgres.database import queries
from domain import cases
from domain.facts import EVENT_OF
from domain.secondment import ABSENT, VACATED, State
from lab.stage import Stage

_BEFORE = (
    "OperationOpened", "StatusDeclared", "StatusExtended", "StatusLapsed", "RequestSubmitted", "RequestRejected",
    "RequestApproved", "PlanMade", "RedlineOverridden", "PlanConfirmed", "OfferAnswered", "OfferReminded",
    "OfferLapsed", "ConditionDecided", "ConditionLapsed", "ReleaseDecided", "ReleaseEscalated", "OrderSigned",
)  # fmt: skip
_AFTER = ("OfferSent", "MusterTaken", "StaffingChanged", "StoodDown", "SurgeClosed", "OperationEnded")
_ORDER = {kind: n for n, kind in enumerate(dict.fromkeys((*_BEFORE, *EVENT_OF.values(), *_AFTER)))}
"""In which order kinds of one minute are told: as one leads to the other."""

Entry = dict[str, Any]
"""An entry of the log, by the names of its columns."""

LONG_NAME = 16
"""Letters from which on a unit is told by its code."""
ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


@dataclass(frozen=True)
class StoryBook:
    """The log of a drill, oldest first; `lines` are the rows of the request, `plans` those that were kept."""

    title: str
    zone: str
    entries: Sequence[Entry]
    names: Mapping[str, str]
    units: Mapping[str, str]
    lines: Mapping[str, Mapping[str, Any]]
    plans: Mapping[str, Mapping[str, Any]]

    def local(self, at: datetime) -> datetime:
        """Return an instant on the clocks of the place."""
        return at.astimezone(ZoneInfo(self.zone))

    def clock(self, at: datetime) -> str:
        """Return `14:20`."""
        return f"{self.local(at):%H:%M}"

    def day(self, at: datetime | str) -> str:
        """Return `11 Feb`."""
        local = self.local(datetime.fromisoformat(at) if isinstance(at, str) else at)
        return f"{local.day} {local:%b}"

    @property
    def zone_name(self) -> str:
        """Return `WITA`, or the zone's own name."""
        return ZONES.get(self.zone, self.zone)

    def name(self, person: str) -> str:
        """Return whom an id stands for; a person whose name was erased stays an id."""
        return "Siaga" if person.startswith("system:") else self.names.get(person, person)

    def person(self, entry: Entry) -> str:
        """Return who an entry is about, and from which unit."""
        return f"{self.name(entry['person_id'])} ({self.unit(entry)})"

    def unit(self, entry: Entry) -> str:
        """Return the home unit of an entry; a long name is told by the unit's code, which its government knows."""
        name = self.units.get(entry["data"]["unit_id"], "")
        return name if 0 < len(name) <= LONG_NAME else self.unit_code(entry)

    @staticmethod
    def unit_code(entry: Entry) -> str:
        """Return the code of the home unit: its id without the government."""
        return str(entry["data"]["unit_id"]).rpartition(".")[2]

    def of_type(self, *types: str) -> list[Entry]:
        """Return the entries of these types."""
        return [entry for entry in self.entries if entry["type"] in types]

    @cached_property
    def told(self) -> list[Entry]:
        """Return the entries in the order in which they are told: those of one minute by kind and person.

        Who answers within one minute is written in an order that differs from run to run; the story does not.
        """

        def place(entry: Entry) -> tuple[datetime, int, str, int]:
            kind = _ORDER.get(entry["type"], len(_ORDER))
            return entry["at"].replace(second=0, microsecond=0), kind, entry["person_id"] or "", entry["seq"]

        return sorted(self.entries, key=place)

    @cached_property
    def first_plan(self) -> str | None:
        """Return the plan that was confirmed first."""
        return next(iter(self.first_plans), None)

    @cached_property
    def first_plans(self) -> tuple[str, ...]:
        """Return the plan of each surge that was confirmed first."""
        confirmed: dict[str, str] = {}
        for entry in self.of_type("PlanConfirmed"):
            confirmed.setdefault(entry["case_id"], entry["data"]["choice"])
        return tuple(confirmed.values())

    def lines_of(self, surge_case: str) -> list[Mapping[str, Any]]:
        """Return the lines of the surge that a case is about."""
        surge_id = cases.parse(surge_case).key
        return [line for line_id, line in self.lines.items() if line_id.startswith(f"{surge_id}/")]

    @cached_property
    def last_musters(self) -> frozenset[int]:
        """Return the numbers of the entries that are the closing roll call of a surge."""
        musters = self.of_type("MusterTaken")
        return frozenset({entry["case_id"]: entry["seq"] for entry in musters}.values())

    @cached_property
    def seats_taken(self) -> dict[str, Entry]:
        """Return, for each case that left its seat empty, the offer by which somebody else was asked for it.

        Seats of one line are alike: they are filled again in the order in which they fell empty.
        """
        empty: dict[str, list[str]] = {}
        taken: dict[str, Entry] = {}
        left: set[str] = set()
        for entry in self.told:
            data = entry["data"]
            if entry["case_id"] not in left and _leaves_a_seat(data):
                left.add(entry["case_id"])
                empty.setdefault(data["line_id"], []).append(entry["case_id"])
            elif entry["type"] == "OfferSent" and empty.get(data["line_id"]):
                taken[empty[data["line_id"]].pop(0)] = entry
        return taken

    @cached_property
    def taking(self) -> frozenset[str]:
        """Return the cases of those who were asked because somebody else left a seat."""
        return frozenset(offer["case_id"] for offer in self.seats_taken.values())

    @cached_property
    def staffing_changes(self) -> frozenset[int]:
        """Return the numbers of the entries by which a surge came to another state, not to another count alone."""
        stands: dict[str, str] = {}
        changes = set()
        for entry in self.of_type("StaffingChanged"):
            if stands.get(entry["case_id"]) != (state := entry["data"]["state"]):
                changes.add(entry["seq"])
            stands[entry["case_id"]] = state
        return frozenset(changes)

    @cached_property
    def units_ordered(self) -> dict[str, frozenset[str]]:
        """Return, for each order, the home units of those whom it was served to."""
        served: dict[str, set[str]] = {}
        for entry in self.of_type("OrderServed", "ExtensionDecided"):
            served.setdefault(entry["data"].get("choice", ""), set()).add(entry["data"]["unit_id"])
        return {order_id: frozenset(units) for order_id, units in served.items()}

    @cached_property
    def overdue(self) -> frozenset[str]:
        """Return the cases of those who were not home in time."""
        return frozenset(entry["case_id"] for entry in self.of_type("ReturnOverdue"))


def _leaves_a_seat(data: Mapping[str, Any]) -> bool:
    """Whether somebody gave a seat up: before going, by not coming, or before the end that was ordered."""
    state = data.get("state")
    if state == State.DEMOBILISING:
        return data.get("fills") is False
    return state in _GIVES_UP


_GIVES_UP = VACATED | ABSENT | {State.INJURED}


async def read_storybook(stage: Stage, government_id: str, title: str, surge_ids: Sequence[str]) -> StoryBook:
    """Read all that was written about what a drill played."""
    boards = stage.boards
    entries = await boards.log(government_id, most=1_000_000)
    async with stage.books.database.reading() as connection:
        government = await queries.government_by_id(connection, government_id=government_id)
    lines = {line["line_id"]: line for surge_id in surge_ids for line in await boards.lines(surge_id)}
    plans = {}
    for entry in entries:
        if entry["type"] == "PlanMade" and (plan := await boards.plan(entry["data"]["plan_id"])):
            plans[plan["plan_id"]] = plan
    return StoryBook(
        title=title,
        zone=government["zone"],
        entries=entries,
        names=await boards.names(_people(entries)),
        units=await _units(boards, entries, plans.values()),
        lines=lines,
        plans=plans,
    )


def _people(entries: Sequence[Entry]) -> set[str]:
    ids = {entry["person_id"] for entry in entries if entry["person_id"]}
    return ids | {entry["actor"] for entry in entries if not entry["actor"].startswith("system:")}


async def _units(
    boards: Boards, entries: Sequence[Entry], plans: Iterable[Mapping[str, Any]]
) -> dict[str, str]:
    ids = {entry["data"]["unit_id"] for entry in entries if "unit_id" in entry["data"]}
    for plan in plans:
        for short in plan["plan"]["shortfalls"]:
            ids |= {donor["unit_id"] for donor in short["blocking_donors"]}
    return await boards.unit_names(ids)
