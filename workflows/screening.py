"""What the rules have to say to a decision of the screening: asked in the books, so that what they were asked is kept."""

from dataclasses import replace

from temporalio import workflow

from activities.mutations import MutationActivities
from domain.commands import Command
from domain.mutation.findings import Rule
from domain.mutation.machine import Refused
from domain.mutation.said import Ask
from domain.mutation.screening import Outcome
from domain.mutation.states import Trigger
from schemas.mutation import OverrideAsk, ScreenAsk
from workflows.policies import LEDGER

_NOT_YET = {
    Outcome.INELIGIBLE: "rules_forbid",
    Outcome.INCOMPLETE: "file_incomplete",
    Outcome.NEEDS_OVERRIDE: "override_missing",
}
"""Why a file does not pass."""
_GOES = frozenset({Outcome.ELIGIBLE, Outcome.NEEDS_OVERRIDE})


async def asked(mutation_id: str, command: Command, trigger: Trigger, ask: Ask) -> Ask | Refused:
    """Return what the decision says with what the rules say to it; no other decision asks them anything."""
    match trigger:
        case Trigger.OVERRIDE_RULE:
            wanted = OverrideAsk(mutation_id=mutation_id, command=command, at=workflow.now())
            found = await workflow.execute_activity_method(
                MutationActivities.override_fault, wanted, **LEDGER
            )
            return Refused(found.fault) if found.fault else ask
        case Trigger.PASS_SCREENING | Trigger.FIND_INELIGIBLE:
            return await _screened(mutation_id, command, trigger, ask)
        case _:
            return ask


async def _screened(mutation_id: str, command: Command, trigger: Trigger, ask: Ask) -> Ask | Refused:
    wanted = ScreenAsk(mutation_id=mutation_id, command_id=command.command_id, at=workflow.now())
    found = await workflow.execute_activity_method(MutationActivities.screen, wanted, **LEDGER)
    outcome = Outcome(found.outcome)
    if trigger == Trigger.FIND_INELIGIBLE:
        if outcome != Outcome.INELIGIBLE or found.rule is None:
            return Refused("rules_do_not_forbid")
        return replace(ask, code=found.rule)
    # Where nothing but a full post is in the way, or the batch hides that it is full, only a swap helps.
    if found.circle and (outcome in _GOES or found.rule == Rule.M09):
        return Refused("waits_in_a_circle")
    if code := _NOT_YET.get(outcome):
        return Refused(code)
    return replace(
        ask, clearances=found.clearances, papers=found.papers, panel=found.panel, counsel=found.counsel
    )
