"""Whom a mutation asks for what, where it stands: persons by name, or whoever holds an office (of a unit)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain.authority import Capacity
from domain.moves import Duty, TaskKind
from domain.mutation.beside import Owing
from domain.mutation.life import Life
from domain.mutation.matter import Concerned
from domain.mutation.states import Objecting, Paper, Party, State
from domain.mutation.waiting import Wait

_A, _C, _S = TaskKind, Capacity, State
OF_ONE_OFFICE: dict[State, tuple[TaskKind, Capacity]] = {
    _S.PROPOSED: (_A.RECEIVE_MUTATION, _C.PERSONNEL_AGENCY),
    _S.SCREENING: (_A.SCREEN_MUTATION, _C.PERSONNEL_AGENCY),
    _S.ASSESSMENT: (_A.ASSESS_MUTATION, _C.PERFORMANCE_REVIEW_TEAM),
    _S.COUNSEL: (_A.COUNSEL_MUTATION, _C.SEKDA),
    _S.AWAITING_DECISION: (_A.DECIDE_MUTATION, _C.APPOINTING_AUTHORITY),
    _S.APPROVED: (_A.PREPARE_DECREE, _C.LEGAL_BUREAU),
    _S.DECREE_SIGNED: (_A.SERVE_DECREE, _C.PERSONNEL_AGENCY),
    _S.NO_SHOW: (_A.SETTLE_NO_SHOW, _C.APPOINTING_AUTHORITY),
    _S.EFFECTIVE: (_A.REPORT_MUTATION, _C.PERSONNEL_AGENCY),
    _S.BLOCKED_BY_BKN: (_A.ANSWER_BKN, _C.PERSONNEL_AGENCY),
}
"""State -> what it asks, and of which office."""

ABOVE = (Capacity.SEKDA, Capacity.APPOINTING_AUTHORITY)
"""Who sees that a late step is done, level by level; whoever was asked stays asked, and nobody else decides for them."""


def duties_of(life: Life, concerned: Concerned) -> tuple[Duty, ...]:
    """Return what is asked where it stands; these replace the open tasks of the case."""
    if life.ended:
        return ()
    still = life.being_undone and not life.blocked_in
    asked = (
        *(() if still else (*_of_step(life, concerned), *chased(life.wait))),
        *_of_clearances(life),
        *(() if still else _of_impediments(life)),
        *_of_second(life, concerned),
        *_of_objection(life, concerned),
        *_of_owed(life, concerned),
    )
    # Who is to see to two late things is asked once, by the first of their dates.
    by_date = sorted(asked, key=lambda duty: (duty.due_at is None, duty.due_at or life.since))
    once = {_whom(duty): duty for duty in reversed(by_date)}
    return tuple(duty for duty in asked if duty is once[_whom(duty)])


def _whom(duty: Duty) -> tuple[object, ...]:
    return duty.kind, duty.assignee_id, duty.capacity, duty.unit_id, duty.government_id


def _of_step(life: Life, concerned: Concerned) -> Iterator[Duty]:
    if life.decreed_together:
        return
    due = life.wait.until if life.wait else None
    if life.state in OF_ONE_OFFICE:
        kind, office = OF_ONE_OFFICE[life.state]
        yield Duty(kind, due, capacity=office)
    match life.state:
        case State.RETURNED:
            yield concerned.proposer(TaskKind.MEND_MUTATION, due)
        case State.CONSULTATION:
            yield from _hearings(life, concerned, due)
        case State.DECREE_PREPARED if life.decree and not life.asked:
            following = life.decree.next_initial
            kind = TaskKind.INITIAL_DECREE if following else TaskKind.SIGN_DECREE
            yield Duty(kind, due, capacity=following or Capacity.SIGNATORY)
        case State.SERVED if Paper.INAUGURATION in life.to_file:
            yield Duty(TaskKind.INAUGURATE, due, capacity=Capacity.PERSONNEL_AGENCY)
        case State.SERVED:
            yield concerned.head(Party.RELEASING, TaskKind.BEGIN_HANDOVER, due)
        case State.HANDOVER:
            yield from _papers(life, concerned)
            if life.held_up and life.takes_effect_at:
                yield Duty(TaskKind.SETTLE_EFFECT, due, capacity=Capacity.PERSONNEL_AGENCY)
        case _:
            return


def _hearings(life: Life, concerned: Concerned, due: datetime | None) -> Iterator[Duty]:
    """All who have not been heard, at once."""
    for party in life.awaited:
        if party == Party.PERSON:
            yield concerned.person(TaskKind.ANSWER_HEARING, due)
        else:
            yield concerned.head(party, TaskKind.ANSWER_HEARING, due)


def _papers(life: Life, concerned: Concerned) -> Iterator[Duty]:
    """Both sides at once: the old unit hands over, the new one says that the person has begun."""
    due = life.decree.effective_at if life.decree else None
    if Paper.HANDOVER_RECORD in life.to_file:
        yield concerned.head(Party.RELEASING, TaskKind.FILE_HANDOVER_RECORD, due)
    if Paper.DUTY_START_STATEMENT in life.to_file:
        yield concerned.head(Party.RECEIVING, TaskKind.FILE_DUTY_START, due)


def _of_clearances(life: Life) -> Iterator[Duty]:
    for one in life.asking:
        kind = TaskKind.COMPLETE_FILE if one.held else TaskKind.OBTAIN_CLEARANCE
        due = one.wait.until if one.wait else None
        yield Duty(kind, due, capacity=Capacity.PERSONNEL_AGENCY)
        yield from chased(one.wait)


def _of_impediments(life: Life) -> Iterator[Duty]:
    if life.impediments:
        yield Duty(TaskKind.SETTLE_IMPEDIMENT, capacity=Capacity.APPOINTING_AUTHORITY)


def _of_second(life: Life, concerned: Concerned) -> Iterator[Duty]:
    """What the road of a decree asks for, of the second one; what is served asks no more than the first one does then."""
    if life.beside and life.beside.state == State.SERVED:
        yield from _of_second(life.beside, concerned)
        yield from _of_objection(life.beside, concerned)
    elif life.beside:
        yield from _of_step(life.beside, concerned)
        yield from chased(life.beside.wait)


def _of_objection(life: Life, concerned: Concerned) -> Iterator[Duty]:
    """While a second decree is on its way there is nothing to answer: it is the answer, or nothing will be left to object to.

    What undoes the decree gives the person their post back: whoever receives them there proposes it, in another government
    the head who let them go.
    """
    if life.objection is None or life.beside:
        return
    due = life.objection.wait.until if life.objection.wait else None
    if life.objection.state == Objecting.FILED:
        yield Duty(TaskKind.REVIEW_OBJECTION, due, capacity=Capacity.LEGAL_BUREAU)
    elif life.objecting:
        yield Duty(TaskKind.ANSWER_OBJECTION, due, capacity=Capacity.APPOINTING_AUTHORITY)
    elif life.reversal_owed:
        kind = TaskKind.PROPOSE_REVERSAL
        here = concerned.origin_id is None
        yield (
            Duty(kind, due, capacity=Capacity.PERSONNEL_AGENCY)
            if here
            else concerned.head(Party.RELEASING, kind, due)
        )
    yield from chased(life.objection.wait)


def _of_owed(life: Life, concerned: Concerned) -> Iterator[Duty]:
    """An absence is the home head's or the personnel agency's to follow up; whoever answers answers for both."""
    for one in life.owed if life.blocked_in is None else ():
        due = one.wait.until if one.wait else None
        if one.what == Owing.RETRACTION:
            yield Duty(TaskKind.RETRACT_ENTRY, due, capacity=Capacity.PERSONNEL_AGENCY)
        else:
            yield Duty(TaskKind.SETTLE_ABSENCE, due, capacity=Capacity.PERSONNEL_AGENCY)
            if concerned.origin_id is None and Party.RELEASING not in concerned.by_secretary:
                yield concerned.head(Party.RELEASING, TaskKind.SETTLE_ABSENCE, due)
        yield from chased(one.wait)


def chased(wait: Wait | None) -> Iterator[Duty]:
    """Ask the office above to see that a late step is done."""
    if wait and wait.level:
        office = ABOVE[min(wait.level, len(ABOVE)) - 1]
        yield Duty(TaskKind.CHASE_MUTATION, wait.until, capacity=office)
