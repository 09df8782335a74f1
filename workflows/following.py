"""What follows from a move of a mutation, once it is in the books."""

from temporalio import workflow

from activities.mutations import MutationActivities
from domain import cases
from domain.mutation import groups
from domain.mutation.case_papers import LEADS_TO_PAPERS
from domain.mutation.life import Life
from domain.mutation.states import Trigger
from schemas.mutation import TellGroup, TellUndone
from workflows import decreeing
from workflows.policies import LEDGER


async def moved(mutation_id: str, before: Life, life: Life, trigger: Trigger) -> None:
    """Tell whom it concerns, give up a number that is not signed for any more, make the papers that are owed."""
    if trigger == Trigger.TAKE_EFFECT:
        await took_effect(mutation_id, life)
    if before.asked and not life.asked and trigger != Trigger.SIGN_DECREE:
        await decreeing.give_up(before.asked.decree_id, life.because or trigger.value)
    if trigger in LEADS_TO_PAPERS:
        await decreeing.papers(mutation_id)
    if (of := before.group or life.group) and groups.is_news(before, life):
        tell_group = TellGroup(case_id=cases.group(of))
        await workflow.execute_activity_method(MutationActivities.tell_group, tell_group, **LEDGER)


async def took_effect(mutation_id: str, life: Life) -> None:
    """Tell the case, if any, that this decree undoes from now on."""
    if life.reverses:
        tell = TellUndone(mutation_id=life.reverses, case_id=cases.mutation(mutation_id))
        await workflow.execute_activity_method(MutationActivities.tell_undone, tell, **LEDGER)
