"""What a surge asks of its books and of the planner."""

from dataclasses import replace
from datetime import datetime

from temporalio import workflow

from activities.surges import SurgeActivities
from domain import admission, surge, surge_gates
from domain.admission import Brief
from domain.commands import Command, CommandKind
from domain.instants import instant
from domain.rules import SurgeRules
from domain.surge import STAFFING, Life, Moved, Refused, Tally, Trigger
from domain.surge_telling import TRIGGER_OF
from schemas.surge import BriefAsk, CapAsk, FitAsk, MakePlan, PlanMade, SignalPeople, SurgeRef, TallyAsk
from workflows.decisions import Taken
from workflows.policies import BULK, LEDGER, PLANNING


async def brief(ref: SurgeRef, changed_by: str | None = None, at: datetime | None = None) -> Brief:
    """Read what the request stands on, as it is, from an instant on, or as a command would change it."""
    ask = BriefAsk(surge_id=ref.surge_id, changed_by=changed_by, at=at)
    return (await workflow.execute_activity_method(SurgeActivities.brief, ask, **LEDGER)).brief


async def tally(ref: SurgeRef) -> Tally:
    """Count the surge from its placements, as of now."""
    ask = TallyAsk(surge_id=ref.surge_id, at=workflow.now())
    return (await workflow.execute_activity_method(SurgeActivities.tally, ask, **LEDGER)).tally


async def plan(ref: SurgeRef, command_id: str | None = None) -> PlanMade:
    """Plan the empty seats, as of now; nobody is asked for anything yet. A command may have named people to keep."""
    ask = MakePlan(
        surge_id=ref.surge_id, plan_id=str(workflow.uuid4()), at=workflow.now(), command_id=command_id
    )
    return await workflow.execute_activity_method(SurgeActivities.plan, ask, **PLANNING)


async def call_home(ref: SurgeRef, command_id: str) -> None:
    """Tell everybody of the surge who is not yet home, or not yet gone, that it is over."""
    ask = SignalPeople(surge_id=ref.surge_id, command_id=command_id)
    await workflow.execute_activity_method(SurgeActivities.call_home, ask, **BULK)


async def on_its_letter(ref: SurgeRef, command: Command, life: Life) -> Life:
    """Return the life of a demand for service until its new letter ends, sent again or prolonged; any other as it is."""
    if command.kind == CommandKind.PROLONG_LETTER:
        return replace(life, letter_until=_until(command), letter_warned=False)
    if life.letter_until is None or command.kind != CommandKind.RESUBMIT_SURGE:
        return life
    return replace(life, letter_until=(await brief(ref, command.command_id)).letter_until)


async def judge(ref: SurgeRef, life: Life, rules: SurgeRules, taken: Taken) -> Moved | Refused:
    """Say whether a decision moves the surge, by its life and by the books."""
    command = taken.command
    if taken.conflict:
        return Refused(taken.conflict)
    if (trigger := TRIGGER_OF.get(command.kind)) is None:
        return Refused("not_for_this_case")
    verdict = surge.decide(
        life,
        trigger,
        now=workflow.now(),
        plan_id=command.choice,
        decided_at=command.decided_at,
        hands=frozenset(filter(None, (command.actor_id, command.on_behalf_of))),
    )
    if isinstance(verdict, Refused):
        return verdict
    return await gate(ref, life, rules, trigger, command) or verdict


async def gate(
    ref: SurgeRef, life: Life, rules: SurgeRules, trigger: Trigger, command: Command
) -> Refused | None:
    """Say what the books have against a decision that the life alone would let stand."""
    if trigger == Trigger.CLOSE:
        return surge_gates.close_gate(life, await tally(ref))
    if trigger == Trigger.CANCEL:
        return surge_gates.cancel_gate(await tally(ref))
    if trigger in (Trigger.APPROVE, Trigger.CONFIRM):
        return admission.carried(life, await brief(ref, at=workflow.now())) or await fits(ref, life, trigger)
    if trigger == Trigger.RATIFY:
        return admission.covered(await brief(ref))
    if trigger == Trigger.PROLONG:
        verdict = admission.prolonged(life, _until(command), rules.limits, now=workflow.now())
        return verdict if isinstance(verdict, Refused) else None
    if trigger == Trigger.RESUBMIT:
        return admission.admissible(await brief(ref, command.command_id), rules.limits, now=workflow.now())
    if trigger == Trigger.WAIVE_YEARLY_CAP:
        return await waivable(ref, rules, command)
    return None


async def fits(ref: SurgeRef, life: Life, trigger: Trigger) -> Refused | None:
    """Say why a plan of a surge that is being staffed can be confirmed no more as it was seen, or None."""
    if trigger != Trigger.CONFIRM or life.state not in STAFFING or life.plan_id is None:
        return None
    ask = FitAsk(surge_id=ref.surge_id, plan_id=life.plan_id, at=workflow.now())
    fault = (await workflow.execute_activity_method(SurgeActivities.fits, ask, **LEDGER)).fault
    return Refused(fault) if fault else None


async def waivable(ref: SurgeRef, rules: SurgeRules, command: Command) -> Refused | None:
    """Say why the yearly cap of somebody cannot be raised, or None."""
    named = command.details
    ask = CapAsk(
        government_id=ref.government_id,
        person_id=str(named["person_id"]),
        days=int(named["days"]),
        pack=rules.pack,
        at=workflow.now(),
    )
    fault = (await workflow.execute_activity_method(SurgeActivities.yearly_cap, ask, **LEDGER)).fault
    return Refused(fault) if fault else None


def _until(command: Command) -> datetime:
    return instant(command.details["until"])
