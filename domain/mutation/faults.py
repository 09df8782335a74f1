"""What forbids a move though the table allows it, as the code that the person is told."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.mutation.aftermath import JUDGED, STILL_OWED, aftermath_fault, owing, wait_of
from domain.mutation.clearing import ABOUT_ONE, clearance_fault
from domain.mutation.counselling import ASSESSES, assessment_fault
from domain.mutation.life import Life
from domain.mutation.objecting import OBJECTING, objection_fault
from domain.mutation.other_decrees import ground_fault, other_decree_fault
from domain.mutation.reasons import REASONS, Cancellation, HeadObjection, PersonObjection, PositionLoss
from domain.mutation.said import Ask
from domain.mutation.second_decree import second_fault
from domain.mutation.serving import service_fault
from domain.mutation.states import (
    BY_CLOCK,
    IMPEDES,
    IN_EFFECT,
    SIGNED,
    GroupKind,
    Impediment,
    Outcome,
    Paper,
    Party,
    State,
    Trigger,
)
from domain.mutation.waiting import Wait

_T = Trigger
_DAY = timedelta(days=1)
"""A decree may still be signed on the day on which it takes effect."""

_SIGNS = frozenset({_T.ASK_SIGNATURE, _T.SIGN_DECREE})
_OF_THE_DECREE = _SIGNS | {_T.PREPARE_DECREE, _T.INITIAL, _T.RETURN_DECREE, _T.REFUSE_SIGNATURE}
"""What is done to one paper: that of a group is prepared, initialled and signed for all its members together."""

_UNDONE_OTHERWISE = frozenset(
    {_T.CANCEL, _T.REPORT_DEATH, _T.REPORT_RETIREMENT, _T.REPORT_FINDING, _T.LOSE_POSITION, _T.SUSPEND}
)


def why_not(life: Life, trigger: Trigger) -> str:
    """Return the code of a trigger that the table does not list where the case stands."""
    if trigger == _T.LIFT_BLOCK:
        return "not_blocked"
    if trigger in _UNDONE_OTHERWISE and life.state in IN_EFFECT:
        return "in_effect_already"
    if trigger == _T.FREEZE:
        return "signed_already"
    if trigger == _T.WITHDRAW:
        return "decided_already"
    return "not_now"


def fault(life: Life, trigger: Trigger, ask: Ask, decided_at: datetime, now: datetime) -> str | None:
    """Return the code of what forbids it, or None."""
    if trigger in REASONS and ask.code not in {reason.value for reason in REASONS[trigger]}:
        return "reason_missing"
    if code := second_fault(life, trigger):
        return code
    if trigger in BY_CLOCK:
        return _clock_fault(life, trigger, ask, now)
    if trigger in OBJECTING:
        return objection_fault(life, trigger, ask, decided_at)
    if trigger in ABOUT_ONE:
        return clearance_fault(life, trigger, ask)
    if trigger == _T.JOIN_GROUP:
        return _joining_fault(life, ask)
    if trigger in _OF_THE_DECREE:
        return _group_fault(life, ask) or _decree_fault(life, trigger, ask, decided_at)
    return (
        _file_fault(life, trigger, ask, decided_at)
        or _duty_fault(life, trigger, ask, decided_at)
        or (aftermath_fault(life, trigger, ask, decided_at) if trigger in JUDGED else None)
        or _guard_fault(life, trigger, ask)
    )


def _clock_fault(life: Life, trigger: Trigger, ask: Ask, now: datetime) -> str | None:
    """Say why the clock, or the swap, does not move it yet."""
    match trigger:
        case _T.URGE if life.lapses and life.wait and life.wait.notices:
            return "too_early"
        case _T.URGE:
            return _too_early(life.wait, now)
        case _T.URGE_CLEARANCE | _T.URGE_OBJECTION | _T.URGE_OWED:
            return _too_early(_beside(life, trigger, ask), now)
        case _T.LAPSE_FILE | _T.WAIVE_COUNSEL if not life.lapses:
            return "reversal_does_not_lapse" if trigger == _T.LAPSE_FILE else "counsel_is_needed"
        case _T.LAPSE_FILE | _T.LAPSE_HEARINGS | _T.WAIVE_COUNSEL:
            return None if life.wait and now >= life.wait.due[-1] else "too_early"
        case _T.TAKE_EFFECT:
            return _effect_fault(life, ask, now)
        case _T.HOLD_UP:
            known = "known_already" if ask.code == life.held_up else None
            return known or _effect_fault(life, ask, now)
        case _:
            return close_fault(life, now)


def _beside(life: Life, trigger: Trigger, ask: Ask) -> Wait | None:
    """Return the wait of what is urged beside the step."""
    match trigger:
        case _T.URGE_CLEARANCE:
            return next((one.wait for one in life.asking if one.code == ask.clearance), None)
        case _T.URGE_OWED:
            return wait_of(life, ask.owed)
        case _:
            return life.objection.wait if life.objection else None


def _too_early(wait: Wait | None, now: datetime) -> str | None:
    return None if wait and now >= wait.rings else "too_early"


def _effect_fault(life: Life, ask: Ask, now: datetime) -> str | None:
    if life.impediments or life.suspended or life.held_by_second:
        return "effect_impeded"
    at = life.takes_effect_at
    if at is None:
        return "not_handed_over"
    if now < at:
        return "too_early"
    alone = life.group is None or life.group.kind == GroupKind.BATCH
    return None if alone or (life.group and ask.group_id == life.group.group_id) else "waits_for_its_group"


def close_fault(life: Life, now: datetime) -> str | None:
    """Return the code of why the case is not closed yet, or, of a second decree as a life of its own, why it is not final."""
    if life.objecting:
        return "objection_open"
    if life.reversal_owed:
        return "reversal_owed"
    if life.beside:
        return "second_decree_open"
    if life.owed:
        return STILL_OWED[owing(life)[0]]
    until = life.may_object_until
    return "too_early" if until and now < until else None


def _file_fault(life: Life, trigger: Trigger, ask: Ask, decided_at: datetime) -> str | None:
    """From the proposal to the decision."""
    match trigger:
        case _T.FIND_INELIGIBLE if not ask.code:
            return "reason_missing"
        case _T.RESUBMIT if life.wait and decided_at > life.wait.due[-1] and not life.reverses:
            return "too_late"
        case _T.RESUBMIT if _of_a_swap(life) and ask.position_id not in (None, life.position_id):
            return "position_of_the_swap"
        case _T.HEAR:
            return _hearing_fault(life, ask, decided_at)
        case _ if trigger in ASSESSES:
            return assessment_fault(life, ask, decided_at)
        case _T.APPROVE if not ask.by:
            return "nobody_named"
        case _:
            return None


def _of_a_swap(life: Life) -> bool:
    return life.group is not None and life.group.kind == GroupKind.SWAP


def _hearing_fault(life: Life, ask: Ask, decided_at: datetime) -> str | None:
    if ask.party is None or ask.outcome not in (Outcome.CONSENT, Outcome.OBJECTS):
        return "faulty_details"
    if ask.party not in life.awaited:
        return "heard_already"
    if life.wait and decided_at > life.wait.due[-1]:
        return "too_late"
    reasons = PersonObjection if ask.party == Party.PERSON else HeadObjection
    known = ask.code in {reason.value for reason in reasons}
    return "reason_missing" if ask.outcome == Outcome.OBJECTS and not known else None


def _group_fault(life: Life, ask: Ask) -> str | None:
    of = life.group.group_id if life.group else None
    if ask.group_id == of:
        return None
    return "decreed_with_its_group" if of and ask.group_id is None else "not_of_this_group"


def _decree_fault(life: Life, trigger: Trigger, ask: Ask, decided_at: datetime) -> str | None:
    if trigger == _T.PREPARE_DECREE:
        return _draft_fault(ask, decided_at)
    assert life.decree is not None
    following = life.decree.next_initial
    match trigger:
        case _T.INITIAL if following is None or ask.capacity != following:
            done = life.decree.initials[: life.decree.initialled]
            known = following is None or ask.capacity in done
            return "initialled_already" if known else "not_your_turn"
        case _T.REFUSE_SIGNATURE if life.asked is None:
            return "no_signature_asked"
        case _ if trigger in _SIGNS:
            return _signing_fault(life, trigger, ask, decided_at)
        case _:
            return None


def _signing_fault(life: Life, trigger: Trigger, ask: Ask, decided_at: datetime) -> str | None:
    assert life.decree is not None
    if life.decree.next_initial:
        return "initials_missing"
    if not life.decided_by:
        return "nobody_named"
    if life.asked and (trigger == _T.ASK_SIGNATURE or ask.decree_id != life.asked.decree_id):
        return "signature_asked_already"
    if not ask.number or not (ask.sha256 or trigger == _T.ASK_SIGNATURE):
        return "decree_missing"
    return "effective_date_passed" if decided_at >= life.decree.effective_at + _DAY else None


def _draft_fault(ask: Ask, decided_at: datetime) -> str | None:
    if not ask.decree_id or ask.effective_at is None:
        return "decree_missing"
    if not ask.initials or len(set(ask.initials)) < len(ask.initials):
        return "initials_missing"
    return "effective_date_passed" if decided_at >= ask.effective_at + _DAY else None


def _duty_fault(life: Life, trigger: Trigger, ask: Ask, decided_at: datetime) -> str | None:
    """From the signature to the report."""
    match trigger:
        case _T.SERVE:
            return service_fault(life, ask, decided_at)
        case _T.BEGIN_HANDOVER if Paper.INAUGURATION in life.to_file:
            return "inauguration_owed"
        case _T.FILE_PAPER:
            return _paper_fault(life, ask)
        case _T.REPORT_NO_SHOW if Paper.DUTY_START_STATEMENT in life.filed:
            return "has_begun"
        case _T.REPORT_NO_SHOW if life.decree and decided_at < life.decree.effective_at:
            return "too_early"
        case _T.CANCEL if life.stands in SIGNED:
            began = Paper.DUTY_START_STATEMENT in life.filed and ask.code == Cancellation.DID_NOT_BEGIN
            return "has_begun" if began else ground_fault(life, ask, decided_at)
        case _T.ISSUE_ERRATUM:
            return other_decree_fault(life, ask, decided_at)
        case _T.LET_STAND if not (life.impediments or life.held_by_second):
            return "nothing_impedes"
        case _T.LET_STAND if Impediment.POSITION_ABOLISHED in life.impediments:
            return "position_is_gone"
        case _:
            return None


_FILED_IN = {State.SERVED: {Paper.INAUGURATION}, State.NO_SHOW: {Paper.DUTY_START_STATEMENT}}


def _paper_fault(life: Life, ask: Ask) -> str | None:
    if ask.paper is None:
        return "faulty_details"
    if ask.paper not in life.papers:
        return "paper_not_needed"
    if ask.paper in life.filed:
        return "filed_already"
    return None if ask.paper in _FILED_IN.get(life.state, set(Paper)) else "not_now"


_BEFORE_THE_RULES = frozenset({State.PROPOSED, State.SCREENING, State.RETURNED})


def _joining_fault(life: Life, ask: Ask) -> str | None:
    """A swap is screened as one: each of its posts is free only because the other one is left."""
    if ask.group is None:
        return "faulty_details"
    if life.group is not None:
        return "in_a_group_already"
    late = ask.group.kind == GroupKind.SWAP and life.state not in _BEFORE_THE_RULES
    return "screened_already" if late else None


def _guard_fault(life: Life, trigger: Trigger, ask: Ask) -> str | None:
    """What was learnt elsewhere, and what a batch or a swap tells."""
    match trigger:
        case _T.LOSE_POSITION if ask.code == PositionLoss.TAKEN and life.reserves:
            return "position_reserved"
        case _T.LOSE_PARTNER if not _of_a_swap(life):
            return "not_of_this_group"
        case _T.LOSE_PARTNER if life.group and ask.group_id != life.group.group_id:
            return "not_of_this_group"
        case _ if trigger in IMPEDES and IMPEDES[trigger] in life.impediments:
            return "known_already"
        case _T.LEAVE_BATCH if life.group is None or life.group.kind != GroupKind.BATCH:
            return "not_in_a_batch"
        case _T.FREEZE if not ask.clearance:
            return "faulty_details"
        case _T.FREEZE if life.freeze:
            return "frozen_already"
        case _T.LIFT_FREEZE if not life.freeze:
            return "not_frozen"
        case _T.REVERSE if not ask.case_id:
            return "faulty_details"
        case _:
            return None
