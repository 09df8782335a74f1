"""Who relieves whom: named when somebody is asked, read as the chain of a place, with the notes that were handed over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from adapters.postgres.database import Connection, Database, queries
from adapters.postgres.lines import going_on
from domain.lines import LineFacts
from domain.next_turn import Unsettled, unsettled
from domain.relief import Turn
from domain.relief_rules import ReliefRules
from domain.rules import RulePack


async def name_reliefs(connection: Connection, surge_id: str, held: Iterable[str]) -> dict[str, str]:
    """Write whom each of those who were asked just now relieves, and return it.

    Who was to relieve somebody that has left early relieves the one who steps in between: so a place has one chain.
    """
    placement_ids = sorted(held)
    if not placement_ids:
        return {}
    rows = await queries.reliefs_to_name(connection, surge_id=surge_id, placement_ids=placement_ids)
    named = {row["placement_id"]: row["relieves"] for row in rows}
    passed_on = {row["heir"]: row["placement_id"] for row in rows if row["heir"]}
    for pairs in (passed_on, named):
        await queries.name_reliefs(connection, placement_ids=list(pairs), relieved=list(pairs.values()))
    return named


class ReliefBook:
    """Reads places: who holds one in turn, and what was handed over."""

    def __init__(self, database: Database, rules: Mapping[str, RulePack]) -> None:
        self._database = database
        self._rules = rules

    async def whose(self, placement_id: str) -> dict[str, Any]:
        """Return whose a placement is, of which unit and government; raises LookupError."""
        async with self._database.reading() as connection:
            row = await queries.whose_placement(connection, placement_id=placement_id)
        if row is None:
            raise LookupError(f"no such placement: {placement_id}")
        return dict(row)

    async def notes(self, placement_id: str) -> list[dict[str, Any]]:
        """Return the handover notes of a placement, oldest first; erased ones without their text."""
        async with self._database.reading() as connection:
            rows = await queries.handover_notes(connection, placement_id=placement_id)
        return [dict(row) for row in rows]

    async def chain(self, placement_id: str) -> tuple[list[dict[str, Any]], ReliefRules, list[Turn]]:
        """Return everybody on the place of a placement in no order, the rules of its surge, and the turns."""
        async with self._database.reading() as connection:
            rows = await queries.chain_of(connection, placement_id=placement_id)
        rules = self._rules[rows[0]["rule_pack"]]
        people = [dict(row) | {"leaves_at": _leaves_at(row, rules.clock.homeward)} for row in rows]
        return people, rules.relief, [_turn_of(row) for row in people]

    async def falling_empty(self, government_id: str, at: datetime) -> list[dict[str, Any]]:
        """Return the places whose people leave within the lead of their surge's rules, with nobody who has said yes to take over."""
        async with self._database.reading() as connection:
            rows = await queries.places_falling_empty(
                connection,
                government_id=government_id,
                at=at,
                packs=list(self._rules),
                leads=[pack.relief.lead for pack in self._rules.values()],
            )
        return [dict(row) for row in rows]

    async def unsettled(self, government_id: str, at: datetime) -> list[tuple[LineFacts, Unsettled]]:
        """Return the lines of which a coordinator must say what becomes of their places, the earliest end first."""
        found: list[tuple[LineFacts, Unsettled]] = []
        async with self._database.reading() as connection:
            for surge in await queries.surges_staffed(connection, government_id=government_id):
                rules = self._rules[surge["rule_pack"]]
                lines = await going_on(connection, surge["surge_id"], at)
                judged = ((line, unsettled(line, rules.limits, rules.relief, now=at)) for line in lines)
                found += [(line, one) for line, one in judged if one]
        return sorted(found, key=lambda pair: (pair[1].falls_empty_at, pair[1].line_id))


def _leaves_at(row: Mapping[str, Any], homeward: timedelta) -> datetime:
    """Return when somebody left the site, or is to: who is on the way home already, or leaves early, before the duty ends."""
    leaves: datetime = min(row["due_back"], row["home_by"] - homeward) if row["home_by"] else row["due_back"]
    return row["left_site_at"] or leaves


def _turn_of(row: Mapping[str, Any]) -> Turn:
    """Return the turn that a row of a chain describes."""
    return Turn(
        row["placement_id"],
        row["relieves"],
        row["report_at"],
        row["leaves_at"],
        row["arrived_at"],
        row["left_site_at"],
        row["handed_over"],
        served=row["leaving"] not in ("UNFIT", "NO_SHOW"),
        asked=row["state"] in ("OFFERED", "CONDITION_PENDING"),
        dropped=row["dropped"],
    )
