"""What the books have against an erratum: a number that another one of the case has, or words that change what was approved."""

from __future__ import annotations

from dataclasses import replace

from adapters.postgres import decree_papers
from adapters.postgres.database import Connection, queries
from domain import cases
from domain.mutation.moving import MutationMove
from domain.mutation.slips import approved_facts, mends_a_fact


async def fault(connection: Connection, move: MutationMove) -> str | None:
    """Return the code of what forbids the erratum of a move, or None; the case cannot move meanwhile."""
    issues = move.fact.by.command_id
    if await queries.is_erratum_known(
        connection,
        case_id=cases.mutation(move.matter.mutation_id),
        number=move.fact.data["by_number"],
    ):
        return "erratum_known"
    words = issues and await queries.erratum_words(connection, command_id=issues)
    decree = move.life.decree
    if not words or words["written"] is None or decree is None:
        return None
    draft = await decree_papers.as_signed(connection, decree.decree_id, salt="")
    if draft is None:
        return None
    # A correction may have moved the effect since: neither day is a slip.
    facts = approved_facts(draft) | approved_facts(replace(draft, effective_at=decree.effective_at))
    return "mends_what_was_approved" if mends_a_fact(words["written"], words["meant"], facts) else None
