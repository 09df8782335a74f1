"""Proposals of mutations: what must be known of one before it is recorded, and its draft."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from adapters.postgres import restoring
from adapters.postgres.database import Connection, queries
from domain import cases
from domain.authority import Capacity
from domain.commands import Command
from domain.mutation.authority import Facts
from domain.mutation.kinds import Initiative
from domain.mutation.proposing import Proposal, left_unspoken, sides_of_the_secretary
from domain.mutation.states import Party

_NOT_RESTORED = {
    "former_post_free": "the former position is free, and the person goes back to it",
    "not_an_equal_post": "neither the former position nor one of its kind and class",
}


async def before(connection: Connection, government_id: str, proposal: Proposal) -> Facts:
    """Return what authority over a proposal depends on; raises LookupError naming what nobody knows.

    The case is of the government that the position is in: the actor's, unless somebody asks for themself.
    """
    if proposal.initiative == Initiative.OWN_REQUEST:
        of = await queries.government_of_position(connection, position_id=proposal.position_id)
        government_id = of or government_id
    seat, unit = await _ends(connection, government_id, proposal)
    origin = seat["government_id"] if seat["government_id"] != government_id else None
    return Facts(government_id, proposal.person_id, seat["unit_id"], unit, origin_id=origin)


async def draft(connection: Connection, command: Command, proposal: Proposal, rule_pack: str) -> None:
    """Keep the draft of a mutation inside the caller's transaction; raises LookupError naming what nobody knows."""
    seat, unit = await _ends(connection, command.government_id, proposal)
    if proposal.reverses:
        await _restores(connection, proposal.reverses, proposal.position_id)
    governments = {Party.RELEASING: seat["government_id"], Party.RECEIVING: command.government_id}
    units = {Party.RELEASING: seat["unit_id"], Party.RECEIVING: unit}
    heads = {
        party: [row["person_id"] for row in await _heads(connection, of, units[party], command.decided_at)]
        for party, of in governments.items()
    }
    proposers = {hand for hand in (command.actor_id, command.on_behalf_of) if hand}
    by_secretary = sides_of_the_secretary(heads, {proposal.person_id, *proposers})
    for party in by_secretary:
        await _may_be_spoken_for(
            connection, governments[party], proposers - {proposal.person_id}, command.decided_at
        )
    try:
        await queries.draft_mutation(
            connection,
            mutation_id=cases.parse(command.case_id).key,
            government_id=command.government_id,
            person_id=proposal.person_id,
            proposer_id=command.actor_id,
            initiative=proposal.initiative.value,
            from_unit=seat["unit_id"],
            from_position=seat["position_id"],
            position_id=proposal.position_id,
            documents=sorted(proposal.documents),
            by_secretary=sorted(by_secretary),
            reverses=proposal.reverses,
            rule_pack=rule_pack,
            command_id=command.command_id,
            at=command.decided_at,
        )
    except asyncpg.UniqueViolationError as error:
        raise LookupError("person_id: another mutation of the person is open") from error


async def _ends(connection: Connection, government_id: str, proposal: Proposal) -> tuple[Any, str]:
    """Where the person serves, and the unit of the position."""
    seat = await queries.seat_of_person(connection, person_id=proposal.person_id)
    if seat is None or seat["position_id"] is None:
        raise LookupError("person_id: nobody in the registry who holds a position")
    unit: str | None = await queries.unit_of_position(
        connection, position_id=proposal.position_id, government_id=government_id
    )
    if unit is None:
        raise LookupError(
            "position_id: no position of this government; for a post of another one somebody is proposed by who "
            "receives there (the head of the unit, the personnel agency), or asks for it (--own)"
        )
    if proposal.position_id == seat["position_id"]:
        raise LookupError("position_id: the person holds it already")
    if proposal.reverses is not None:
        undone = await queries.mutation_by_id(connection, mutation_id=proposal.reverses)
        if undone is None or undone["person_id"] != proposal.person_id or not undone["in_effect"]:
            raise LookupError("reverses: no mutation of this person that is in effect")
    return seat, unit


async def _restores(connection: Connection, reverses: str, position_id: str) -> None:
    """Raise LookupError where it undoes what is undone already, or restores nothing.

    Asked of a draft alone: the same request that is sent again must find its own case, and not be told that there is one.
    """
    if await restoring.undone_already(connection, reverses):
        raise LookupError("reverses: another mutation undoes it already")
    if code := await restoring.fault(connection, reverses, position_id):
        raise LookupError(f"position_id: {_NOT_RESTORED[code]}")


async def _may_be_spoken_for(
    connection: Connection, government_id: str, proposers: set[str], at: datetime
) -> None:
    """Raise LookupError where the Sekda would speak for a side, and proposes: nobody else may, nor counsel then."""
    government = await queries.government_by_id(connection, government_id=government_id)
    rows = await queries.dossier_offices(
        connection,
        government_id=government_id,
        capacities=[Capacity.SEKDA.value],
        asked_on=at.astimezone(ZoneInfo(government["zone"])).date(),
    )
    hands = [(row["person_id"], row["principal_id"], row["written_by"]) for row in rows]
    if left_unspoken(hands, proposers):
        raise LookupError(
            "person_id: who proposes heads the unit and is the regional secretary too, so that nobody would be left to speak "
            "for the unit, or to counsel: let the personnel agency propose, by somebody who does not screen it, or the person ask "
            "for it (--own); then the head of the unit is heard"
        )


async def _heads(connection: Connection, government_id: str, unit_id: str, at: datetime) -> Any:
    return await queries.heads_of_unit(connection, unit_id=unit_id, government_id=government_id, at=at)
