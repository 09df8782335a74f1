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
from domain.secondment import VACATED
from lab.stage import Stage

Entry = dict[str, Any]
"""An entry of the log, by the names of its columns."""

LONG_NAME = 16
"""Letters from which on a unit is told by its code."""
ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


@dataclass(frozen=True)
class StoryBook:
    """The log of an operation, oldest first; `lines` are the rows of the request, `plans` those that were kept."""

    title: str
    zone: str
    surge_id: str
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
    def first_plan(self) -> str | None:
        """Return the plan that was confirmed first."""
        confirmed = self.of_type("PlanConfirmed")
        return confirmed[0]["data"]["choice"] if confirmed else None

    @cached_property
    def seats_taken(self) -> dict[str, Entry]:
        """Return, for each case that left its seat empty, the offer by which somebody else was asked for it.

        Seats of one line are alike: they are filled again in the order in which they fell empty.
        """
        empty: dict[str, list[str]] = {}
        taken: dict[str, Entry] = {}
        for entry in self.entries:
            data = entry["data"]
            if data.get("state") in VACATED:
                empty.setdefault(data["line_id"], []).append(entry["case_id"])
            elif entry["type"] == "OfferSent" and empty.get(data["line_id"]):
                taken[empty[data["line_id"]].pop(0)] = entry
        return taken

    @cached_property
    def taking(self) -> frozenset[str]:
        """Return the cases of those who were asked because somebody else left a seat."""
        return frozenset(offer["case_id"] for offer in self.seats_taken.values())

    @cached_property
    def overdue(self) -> frozenset[str]:
        """Return the cases of those who were not home in time."""
        return frozenset(entry["case_id"] for entry in self.of_type("ReturnOverdue"))


async def read_storybook(stage: Stage, government_id: str, surge_id: str) -> StoryBook:
    """Read all that was written about the one operation that a drill played."""
    boards = stage.boards
    entries = await boards.log(government_id, most=1_000_000)
    surge = await boards.surge(surge_id)
    async with stage.books.database.reading() as connection:
        government = await queries.government_by_id(connection, government_id=government_id)
    lines = {line["line_id"]: line for line in await boards.lines(surge_id)}
    plans = {}
    for entry in entries:
        if entry["type"] == "PlanMade" and (plan := await boards.plan(entry["data"]["plan_id"])):
            plans[plan["plan_id"]] = plan
    return StoryBook(
        title=surge["title"],
        zone=government["zone"],
        surge_id=surge_id,
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
