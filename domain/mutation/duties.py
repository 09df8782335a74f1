"""Whom a mutation asks for what, where it stands: persons by name, or whoever holds an office (of a unit)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.authority import Capacity
from domain.mutation.life import Life
from domain.mutation.states import Objecting, Paper, Party, State
from domain.mutation.waiting import Wait


class Asked(StrEnum):
    """What somebody is asked to do."""

    RECEIVE_MUTATION = "RECEIVE_MUTATION"
    SCREEN_MUTATION = "SCREEN_MUTATION"
    MEND_MUTATION = "MEND_MUTATION"
    ANSWER_HEARING = "ANSWER_HEARING"
    ASSESS_MUTATION = "ASSESS_MUTATION"
    OBTAIN_CLEARANCE = "OBTAIN_CLEARANCE"
    COMPLETE_FILE = "COMPLETE_FILE"
    DECIDE_MUTATION = "DECIDE_MUTATION"
    PREPARE_DECREE = "PREPARE_DECREE"
    INITIAL_DECREE = "INITIAL_DECREE"
    SIGN_DECREE = "SIGN_DECREE"
    SERVE_DECREE = "SERVE_DECREE"
    INAUGURATE = "INAUGURATE"
    BEGIN_HANDOVER = "BEGIN_HANDOVER"
    FILE_HANDOVER_RECORD = "FILE_HANDOVER_RECORD"
    FILE_DUTY_START = "FILE_DUTY_START"
    SETTLE_NO_SHOW = "SETTLE_NO_SHOW"
    REPORT_MUTATION = "REPORT_MUTATION"
    ANSWER_BKN = "ANSWER_BKN"
    SETTLE_IMPEDIMENT = "SETTLE_IMPEDIMENT"
    REVIEW_OBJECTION = "REVIEW_OBJECTION"
    ANSWER_OBJECTION = "ANSWER_OBJECTION"
    PROPOSE_REVERSAL = "PROPOSE_REVERSAL"
    CHASE_MUTATION = "CHASE_MUTATION"


@dataclass(frozen=True)
class Duty:
    """A task to open; `about` is the clearance that it is about."""

    kind: Asked
    due_at: datetime | None = None
    assignee_id: str | None = None
    capacity: Capacity | None = None
    unit_id: str | None = None
    about: str | None = None


@dataclass(frozen=True)
class Concerned:
    """Whom a case concerns. `by_secretary`: for these sides the Sekda speaks, whose head is the subject or proposes."""

    person_id: str
    proposer_id: str
    releasing_unit: str
    receiving_unit: str
    by_secretary: frozenset[Party] = frozenset()

    def head(self, side: Party, kind: Asked, due: datetime | None) -> Duty:
        """Ask the head of one side."""
        if side in self.by_secretary:
            return Duty(kind, due, capacity=Capacity.SEKDA)
        unit = self.releasing_unit if side == Party.RELEASING else self.receiving_unit
        return Duty(kind, due, capacity=Capacity.UNIT_HEAD, unit_id=unit)


_A, _C, _S = Asked, Capacity, State
OF_ONE_OFFICE: dict[State, tuple[Asked, Capacity]] = {
    _S.PROPOSED: (_A.RECEIVE_MUTATION, _C.PERSONNEL_AGENCY),
    _S.SCREENING: (_A.SCREEN_MUTATION, _C.PERSONNEL_AGENCY),
    _S.ASSESSMENT: (_A.ASSESS_MUTATION, _C.PERFORMANCE_REVIEW_TEAM),
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
    return (
        *_of_step(life, concerned),
        *_chased(life.wait),
        *_of_clearances(life),
        *_of_impediments(life),
        *_of_objection(life),
    )


def _of_step(life: Life, concerned: Concerned) -> Iterator[Duty]:
    due = life.wait.until if life.wait else None
    if life.state in OF_ONE_OFFICE:
        kind, office = OF_ONE_OFFICE[life.state]
        yield Duty(kind, due, capacity=office)
    match life.state:
        case State.RETURNED:
            yield Duty(Asked.MEND_MUTATION, due, assignee_id=concerned.proposer_id)
        case State.CONSULTATION:
            yield from _hearings(life, concerned, due)
        case State.DECREE_PREPARED if life.decree:
            following = life.decree.next_initial
            kind = Asked.INITIAL_DECREE if following else Asked.SIGN_DECREE
            yield Duty(kind, due, capacity=following or Capacity.SIGNATORY)
        case State.SERVED if Paper.INAUGURATION in life.to_file:
            yield Duty(Asked.INAUGURATE, due, capacity=Capacity.PERSONNEL_AGENCY)
        case State.SERVED:
            yield concerned.head(Party.RELEASING, Asked.BEGIN_HANDOVER, due)
        case State.HANDOVER:
            yield from _papers(life, concerned)
        case _:
            return


def _hearings(life: Life, concerned: Concerned, due: datetime | None) -> Iterator[Duty]:
    """All who have not been heard, at once."""
    for party in life.awaited:
        if party == Party.PERSON:
            yield Duty(Asked.ANSWER_HEARING, due, assignee_id=concerned.person_id)
        else:
            yield concerned.head(party, Asked.ANSWER_HEARING, due)


def _papers(life: Life, concerned: Concerned) -> Iterator[Duty]:
    """Both sides at once: the old unit hands over, the new one says that the person has begun."""
    due = life.decree.effective_at if life.decree else None
    if Paper.HANDOVER_RECORD in life.to_file:
        yield concerned.head(Party.RELEASING, Asked.FILE_HANDOVER_RECORD, due)
    if Paper.DUTY_START_STATEMENT in life.to_file:
        yield concerned.head(Party.RECEIVING, Asked.FILE_DUTY_START, due)


def _of_clearances(life: Life) -> Iterator[Duty]:
    for one in life.asking:
        kind = Asked.COMPLETE_FILE if one.held else Asked.OBTAIN_CLEARANCE
        due = one.wait.until if one.wait else None
        yield Duty(kind, due, capacity=Capacity.PERSONNEL_AGENCY, about=one.code)
        yield from _chased(one.wait, about=one.code)


def _of_impediments(life: Life) -> Iterator[Duty]:
    if life.impediments:
        yield Duty(Asked.SETTLE_IMPEDIMENT, capacity=Capacity.APPOINTING_AUTHORITY)


def _of_objection(life: Life) -> Iterator[Duty]:
    if life.objection is None:
        return
    due = life.objection.wait.until if life.objection.wait else None
    if life.objection.state == Objecting.FILED:
        yield Duty(Asked.REVIEW_OBJECTION, due, capacity=Capacity.LEGAL_BUREAU)
    elif life.objecting:
        yield Duty(Asked.ANSWER_OBJECTION, due, capacity=Capacity.APPOINTING_AUTHORITY)
    elif life.reversal_owed:
        yield Duty(Asked.PROPOSE_REVERSAL, due, capacity=Capacity.PERSONNEL_AGENCY)
    yield from _chased(life.objection.wait)


def _chased(wait: Wait | None, about: str | None = None) -> Iterator[Duty]:
    if wait and wait.level:
        office = ABOVE[min(wait.level, len(ABOVE)) - 1]
        yield Duty(Asked.CHASE_MUTATION, wait.until, capacity=office, about=about)
