"""Whether a kept plan still fits: the places that it fills, and the people whom it picks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from adapters.postgres.database import Connection, Database, queries
from adapters.postgres.picks import Pick, picks_of
from domain.rules import RulePack


class Seated(Protocol):
    """Somebody who is to have a place of a line."""

    @property
    def placement_id(self) -> str: ...
    @property
    def line_id(self) -> str: ...


S = TypeVar("S", bound=Seated)


class FitBook:
    """Reads of plans that wait to be confirmed."""

    def __init__(self, database: Database, rules: Mapping[str, RulePack]) -> None:
        self._database = database
        self._rules = rules

    async def unfit(self, surge_id: str, plan_id: str, at: datetime) -> str | None:
        """Return the code of why a plan cannot be offered as it was seen: its places, or its people, are taken meanwhile."""
        async with self._database.reading() as connection:
            kept = await queries.plan_by_id(connection, plan_id=plan_id)
            picks = picks_of(kept["plan"])
            surge = await queries.surge_by_id(connection, surge_id=surge_id)
            row = await queries.fit_of_picks(
                connection,
                surge_id=surge_id,
                government_id=surge["government_id"],
                at=at,
                people=[pick["person_id"] for pick in picks],
                lines=[pick["line_id"] for pick in picks],
                **resting(self._rules[surge["rule_pack"]]),
            )
        if row["places_filled"]:
            return "places_filled_meanwhile"
        return "people_gone_meanwhile" if row["people_gone"] else None


async def with_room(connection: Connection, picks: Sequence[S]) -> list[S]:
    """Leave out who finds the line full, and let nobody else take a place of these lines before the transaction ends.

    Somebody may have been moved to a line, or the line cut, since the plan was made. Who is held by this very plan
    already needs no room.
    """
    wanted = {"line_ids": sorted({pick.line_id for pick in picks})}
    # Two statements: the count must see what was written while we waited for the lock.
    await queries.lock_lines(connection, **wanted)
    room = {row["line_id"]: row["room"] for row in await queries.room_of_lines(connection, **wanted)}
    placements = [pick.placement_id for pick in picks]
    held = {row["placement_id"] for row in await queries.known_of(connection, placement_ids=placements)}
    seated = []
    for pick in picks:
        if pick.placement_id not in held:
            room[pick.line_id] -= 1
            if room[pick.line_id] < 0:
                continue
        seated.append(pick)
    return seated


async def rested(connection: Connection, picks: Sequence[Pick], rules: RulePack, at: datetime) -> list[Pick]:
    """Leave out who was asked elsewhere since the plan was made and has no time to rest between the two; and with them their
    team, which goes whole or not at all. Nobody else takes these people's time before the transaction ends.
    """
    # Two statements: the look must see what another surge wrote while we waited for the lock.
    await queries.lock_people(connection, people=[pick.person_id for pick in picks])
    rows = await queries.unrested(
        connection,
        people=[pick.person_id for pick in picks],
        lines=[pick.line_id for pick in picks],
        at=at,
        **resting(rules),
    )
    tired = {row["person_id"] for row in rows}
    halved = {pick.team for pick in picks if pick.team and pick.person_id in tired}
    return [pick for pick in picks if pick.person_id not in tired and pick.team not in halved]


def resting(rules: RulePack) -> dict[str, Any]:
    """Return what a statement needs to know of the rest between two duties."""
    return {
        "cooling_off": rules.sparing.cooling_off,
        "rest_days": rules.closing.rest_days,
        "rest_per_duty_days": rules.closing.rest_per_duty_days,
    }
