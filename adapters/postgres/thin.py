"""The book of thin units: what a look at the units finds begins, urges and ends their cases; what is said is applied here.

No workflow carries such a case. Leave that begins with a day and a roster that is imported change the count as much as a
move does, and none of them is a message: so the count is looked at, and the tables alone say what stands.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from adapters.postgres import commands
from adapters.postgres.burden import staff_of
from adapters.postgres.database import Connection, Database, queries
from adapters.postgres.moves import claim, finish
from domain import cases, thin
from domain.authority import Actor
from domain.burden import Staff
from domain.commands import Command
from domain.log import Attribution, Fact
from domain.moves import OF_THE_CLOCK, Duty, Refusal
from domain.rebuild import said
from domain.rules import RulePack
from domain.sight import OVERSEERS, holds, units_headed
from domain.thin import Episode, Life, State

MOST = 500
"""Rows that the board shows."""


class ThinBook:
    """Thin units of governments, by the rule packs; a case lives by the one that was in force when it began."""

    def __init__(self, database: Database, rules: Mapping[str, RulePack], in_force: RulePack) -> None:
        self._database = database
        self._rules = rules
        self._in_force = in_force

    async def look(self, at: datetime) -> int:
        """Look at the units of every government that lends: write what has become of each, and return how many moves.

        Several may look at once, and again: what was written is not written twice.
        """
        async with self._database.reading() as connection:
            lending = await queries.governments_lending(connection)
        return sum([await self._look_at(row["government_id"], at) for row in lending])

    async def seen_by(
        self, who: Actor, *, over: bool = False, episode_id: str | None = None
    ) -> list[dict[str, Any]]:
        """Return the episodes that somebody may see: all for overseers, the own unit's for its head; with `over`, past ones."""
        async with self._database.reading() as connection:
            rows = await queries.thin_units_seen(
                connection,
                government_id=who.government_id,
                everybody=holds(who, OVERSEERS),
                units=list(units_headed(who)),
                over=over,
                episode_id=episode_id,
                most=MOST,
            )
        return [dict(row) for row in rows]

    async def _look_at(self, government_id: str, at: datetime) -> int:
        """Each case is moved in a transaction of its own, so that the head of the log is never held for the next one."""
        async with self._database.reading() as connection:
            rows = await queries.thin_units_open(connection, government_id=government_id)
            counted = await queries.burden_staff(
                connection, government_id=government_id, everybody=True, units=[], at=at, lending=True
            )
        seen = thin.look(map(staff_of, counted), [_episode(row) for row in rows])
        begun = [await self._begin(government_id, staff, at) for staff in seen.begun]
        urged = [await self._urge(episode, staff, at) for episode, staff in seen.lasting]
        over = [await self._end(episode, at) for episode in seen.over]
        return sum(begun) + sum(urged) + sum(over)

    async def _begin(self, government_id: str, staff: Staff, at: datetime) -> bool:
        """Begin an episode, unless another one who looks has just done so."""
        pack, life = self._in_force, Life(State.THIN, at)
        episode = Episode(str(uuid.uuid4()), government_id, staff.unit_id, staff.role, pack.id, life)
        async with self._database.writing() as connection:
            begun = await queries.begin_thin_unit(
                connection,
                episode_id=episode.episode_id,
                government_id=government_id,
                unit_id=staff.unit_id,
                role=staff.role,
                rule_pack=pack.id,
                at=at,
                below=-staff.margin,
            )
            if begun is None:
                return False
            told = {"surges": begun["surges"]}
            fact = thin.fact_of(episode, thin.BEGUN, _clock(episode), at, staff=staff, said=told)
            await _tell(connection, episode, fact, thin.duties_of(episode, pack.thin))
        return True

    async def _urge(self, episode: Episode, staff: Staff, at: datetime) -> int:
        """Remind, and ask the next office, as far as it is due by now; return how often."""
        pack, rung = self._rules[episode.rule_pack], 0
        while alarm := thin.next_alarm(episode.life, pack.thin, pack.urging.repeat):
            if alarm.at > at:
                break
            episode = replace(episode, life=thin.rung(episode.life, alarm, pack.urging.repeat, now=at))
            fact = thin.fact_of(episode, thin.EVENT_OF_RING[alarm.ring], _clock(episode), at, staff=staff)
            async with self._database.writing() as connection:
                if not await _moved(connection, episode, fact, below=-staff.margin):
                    break
                await _tell(connection, episode, fact, thin.duties_of(episode, pack.thin))
            rung += 1
        return rung

    async def _end(self, episode: Episode, at: datetime) -> bool:
        """The unit has enough people again: nothing is asked any more."""
        after = replace(episode, life=thin.recovered(episode.life))
        fact = thin.fact_of(after, thin.OVER, _clock(after), at)
        async with self._database.writing() as connection:
            if not await _moved(connection, after, fact):
                return False
            await _tell(connection, after, fact, thin.duties_after(after))
        return True


async def answer(connection: Connection, command: Command) -> None:
    """Apply what an office says of a thin unit, in the transaction that records it; refuse what cannot be said now.

    The caller has locked the case before it recorded the command.
    """
    episode = _episode(await queries.lock_thin_unit(connection, key=cases.parse(command.case_id).key))
    by = Attribution(
        command.actor_id,
        command.authority,
        f"{episode.rule_pack}#surge",
        command.command_id,
        command.on_behalf_of,
    )
    life, at = thin.answered(episode.life, command.kind), command.decided_at
    if isinstance(life, str):
        refusal = Refusal(command.command_id, episode.government_id, command.case_id, life, at, by)
        await commands.refuse(connection, refusal)
        return
    after = replace(episode, life=life)
    told = {"choice": command.choice} if command.choice else None
    fact = thin.fact_of(after, thin.EVENT_OF[command.kind], by, at, said=told)
    await _moved(connection, after, fact)
    await _tell(connection, after, fact, thin.duties_after(after))


async def _moved(connection: Connection, episode: Episode, fact: Fact, *, below: int | None = None) -> bool:
    """Write the next moment of an episode; say whether it was still where it was seen, for another may have looked too."""
    life = episode.life
    done = await queries.move_thin_unit(
        connection,
        episode_id=episode.episode_id,
        state=life.state.value,
        revision=life.revision,
        escalation=life.escalation,
        notices=life.notices,
        below=below,
        reason_code=fact.data.get("choice"),
        at=fact.at,
    )
    return bool(done == "UPDATE 1")


async def _tell(connection: Connection, episode: Episode, fact: Fact, duties: Sequence[Duty]) -> None:
    claimed = await claim(connection, fact, episode.life.revision)
    assert claimed, fact
    await finish(connection, episode.government_id, said.of_asking(fact, duties), duties)


def _clock(episode: Episode) -> Attribution:
    return Attribution(OF_THE_CLOCK, "SYSTEM", f"{episode.rule_pack}#surge")


def _episode(row: Any) -> Episode:
    life = Life(State(row["state"]), row["since"], row["revision"], row["escalation"], row["notices"])
    return Episode(
        row["episode_id"], row["government_id"], row["unit_id"], row["role"], row["rule_pack"], life
    )
