"""Proposing a mutation: authority, draft, answer, as every other action."""

from __future__ import annotations

from dataclasses import replace

from app import actions
from app.actions import Faulty, House, command_of, granted_to
from domain.authority import Actor, Capacity
from domain.commands import Command, CommandKind
from domain.mutation.kinds import Initiative
from domain.mutation.proposing import Proposal


async def propose(house: House, who: Actor, proposal: Proposal, *, key: str | None = None) -> Command:
    """Propose that somebody moves to another position; the answer's case id names the case. Raises Faulty."""
    try:
        facts = await house.desk.proposed(who.government_id, proposal)
    except LookupError as error:
        raise Faulty((str(error),)) from error
    granted = granted_to(CommandKind.PROPOSE_MUTATION, who, facts)
    if (granted.capacity == Capacity.SUBJECT) != (proposal.initiative == Initiative.OWN_REQUEST):
        raise Faulty(("initiative: OWN_REQUEST (--own) is what the person asks for, and nobody else",))
    command = command_of(house, who, CommandKind.PROPOSE_MUTATION, granted)
    # The case is of the government that receives, also where the person asks for it from another one.
    command = replace(command, government_id=facts.government_id)
    try:
        recorded = await house.desk.propose_mutation(
            command, key or command.command_id, proposal, house.rules.id
        )
    except LookupError as error:
        raise Faulty((str(error),)) from error
    return await house.desk.answer(recorded.command_id, actions.ANSWER_WITHIN)
