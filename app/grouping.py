"""Putting mutations together, as a batch or a swap: authority over all of them, draft, answer."""

from __future__ import annotations

from collections.abc import Sequence

from app import actions
from app.actions import Faulty, House, command_of, granted_to
from domain import cases
from domain.authority import Actor
from domain.commands import Command, CommandKind
from domain.mutation.states import GroupKind


async def form(
    house: House, who: Actor, kind: GroupKind, mutation_ids: Sequence[str], *, key: str | None = None
) -> Command:
    """Let mutations go together; the answer's case id names the group. Raises Faulty naming one that cannot."""
    try:
        facts = await house.desk.to_group(who.government_id, mutation_ids)
        granted = granted_to(CommandKind.FORM_GROUP, who, facts)
        command = command_of(
            house,
            who,
            CommandKind.FORM_GROUP,
            granted,
            begins=lambda of: cases.group(cases.new_group(kind, of)),
        )
        recorded = await house.desk.form_group(
            command, key or command.command_id, kind, mutation_ids, house.rules.id
        )
    except LookupError as error:
        raise Faulty((str(error),)) from error
    return await house.desk.answer(recorded.command_id, actions.ANSWER_WITHIN)
