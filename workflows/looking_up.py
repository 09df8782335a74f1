"""What a decision about a mutation does not say itself: the rule pack, the calendar and the rules add it."""

from dataclasses import replace

from temporalio import workflow

from activities.mutations import MutationActivities
from domain.commands import Command
from domain.mutation.alarms import untimed
from domain.mutation.beside import Retracted
from domain.mutation.life import Life
from domain.mutation.machine import Refused
from domain.mutation.matter import Matter
from domain.mutation.said import Ask
from domain.mutation.states import State, Trigger
from domain.terms import without_dates
from schemas.mutation import CountTerms, MutationRef, MutationStart
from workflows import screening, terms
from workflows.policies import LEDGER


async def added(
    start: MutationStart, life: Life, command: Command, trigger: Trigger, ask: Ask
) -> Ask | Refused:
    """Return what the decision says with what is added to it; or what the rules have against it."""
    match trigger:
        case Trigger.PREPARE_DECREE:
            return replace(ask, decree_id=str(workflow.uuid4()), initials=start.initials)
        case Trigger.SERVE:
            government, pack = start.matter.government_id, start.matter.pack
            served = ask.served_at or workflow.now()
            until = await terms.due(government, pack, served, start.objection)
            # Nobody waits for their decree because next year's days off are not known.
            return replace(ask, objection_until=until.at or without_dates(served, start.objection))
        case Trigger.RETRACT_ENTRY if ask.code == Retracted.NEVER_ENTERED and life.reverses:
            ref = MutationRef(mutation_id=life.reverses)
            first = await workflow.execute_activity_method(MutationActivities.stands, ref, **LEDGER)
            return Refused("entered_already") if first.life and first.life.entry else ask
        case _ if life.state == State.SCREENING:
            return await screening.asked(start.matter.mutation_id, command, trigger, ask)
        case _:
            return ask


async def timed(matter: Matter, life: Life) -> Life:
    """Return the life with every term counted that is not yet."""
    if not untimed(life):
        return life
    ask = CountTerms(government_id=matter.government_id, pack=matter.pack, life=life)
    return (await workflow.execute_activity_method(MutationActivities.count, ask, **LEDGER)).life
