"""The table of a mutation, made from its machine by walking it: each sample life is one that can be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from domain.mutation.beside import Owed, Owing
from domain.mutation.life import Group, Life
from domain.mutation.machine import Moved, decide
from domain.mutation.said import NOTHING, Ask
from domain.mutation.states import BY_CLOCK, Outcome, Paper, Party, Trigger
from domain.state_table import Cell, Never, Table, cell_of, tabulate
from lab.mutation_samples import (
    BATCH,
    DAY,
    EFFECT,
    INITIALS,
    MENDAGRI,
    MUTATION_NAMES,
    MUTATION_STATES,
    NOW,
    SWAP,
    counted,
    said,
)
from lab.state_page import page

_T = Trigger
_OBJECTED = (_T.FILE_OBJECTION,)
_REVIEWED = (_T.FILE_OBJECTION, _T.REVIEW_OBJECTION)
_CORRECTED = (*_REVIEWED, _T.CORRECT_DECREE, _T.PREPARE_DECREE, _T.INITIAL, _T.INITIAL, _T.SIGN_DECREE)
_BEFORE: dict[Trigger, tuple[Trigger, ...]] = {
    _T.WITHDRAW_OBJECTION: _OBJECTED,
    _T.REVIEW_OBJECTION: _OBJECTED,
    _T.SUSPEND: _OBJECTED,
    _T.URGE_OBJECTION: _OBJECTED,
    _T.URGE_SECOND: (_T.CANCEL,),
    _T.LIFT_SUSPENSION: (*_OBJECTED, _T.SUSPEND),
    _T.UPHOLD_DECREE: _REVIEWED,
    _T.CORRECT_DECREE: _REVIEWED,
    _T.REVOKE_DECREE: _REVIEWED,
    _T.COMPLETE_FILE: (_T.HOLD_CLEARANCE,),
    _T.LET_STAND: (_T.REPORT_FINDING,),
    _T.CANCEL: (_T.EXCUSE_ABSENCE,),
    _T.SIGN_DECREE: (_T.INITIAL, _T.INITIAL),
    _T.ASK_SIGNATURE: (_T.INITIAL, _T.INITIAL),
    _T.REFUSE_SIGNATURE: (_T.INITIAL, _T.INITIAL, _T.ASK_SIGNATURE),
}
"""What has happened just before, where that leaves the state as it is; else the trigger comes out of the blue."""
_OWED = {
    _T.OPEN_DISCIPLINE: Owing.ABSENCE,
    _T.EXCUSE_ABSENCE: Owing.ABSENCE,
    _T.URGE_OWED: Owing.ABSENCE,
    _T.RETRACT_ENTRY: Owing.RETRACTION,
}
"""What is owed when such a thing comes."""
_LATE = frozenset({_T.REPORT_NO_SHOW, *BY_CLOCK})


@dataclass(frozen=True)
class Step:
    """A row: a trigger, what is said with it, what has happened before, and when."""

    trigger: Trigger
    ask: Ask
    before: tuple[Trigger, ...] = ()
    group: Group | None = None
    papers: tuple[Paper, ...] | None = None
    late: bool = False
    frozen: bool = False
    owed: Owing | None = None


def _row(trigger: Trigger) -> Step:
    group = {_T.LEAVE_BATCH: BATCH, _T.LOSE_PARTNER: SWAP}.get(trigger)
    ask = replace(said(trigger), group_id=group.group_id if group else None)
    # The clock finds what it needs: all papers are in when the day comes.
    papers = () if trigger in (_T.TAKE_EFFECT, _T.HOLD_UP) else None
    before = _BEFORE.get(trigger, ())
    frozen, owed = trigger == _T.LIFT_FREEZE, _OWED.get(trigger)
    return Step(trigger, ask, before, group, papers, trigger in _LATE, frozen, owed)


def _rows() -> dict[str, Step]:
    rows = {trigger.value: _row(trigger) for trigger in Trigger}
    batch = replace(rows["SIGN_DECREE"], group=BATCH)
    answered = replace(rows["SIGN_DECREE"], before=_BEFORE[_T.REFUSE_SIGNATURE])
    return rows | {
        "HEAR, the last of three": replace(rows["HEAR"], before=(_T.HEAR, _T.HEAR)),
        "HEAR, an objection without a reason": Step(
            _T.HEAR, Ask(party=Party.PERSON, outcome=Outcome.OBJECTS)
        ),
        "GRANT_CLEARANCE, of none that is awaited": Step(_T.GRANT_CLEARANCE, Ask(clearance="KASN")),
        "APPROVE, by nobody": Step(_T.APPROVE, NOTHING),
        "REJECT, without a reason": Step(_T.REJECT, NOTHING),
        "PREPARE_DECREE, for a day that is over": Step(
            _T.PREPARE_DECREE, replace(said(_T.PREPARE_DECREE), effective_at=NOW - 2 * DAY)
        ),
        "INITIAL, out of turn": Step(_T.INITIAL, Ask(capacity=INITIALS[1])),
        "SIGN_DECREE, before all have initialled": Step(_T.SIGN_DECREE, said(_T.SIGN_DECREE)),
        "SIGN_DECREE, on the batch's paper": replace(batch, ask=replace(batch.ask, group_id=BATCH.group_id)),
        "SIGN_DECREE, alone out of a batch": batch,
        "SIGN_DECREE, as the service that was asked has answered": answered,
        "SIGN_DECREE, while a service is asked": replace(
            answered, ask=replace(answered.ask, decree_id="another")
        ),
        "BEGIN_HANDOVER, before the inauguration": Step(
            _T.BEGIN_HANDOVER, NOTHING, papers=(Paper.INAUGURATION,)
        ),
        "FILE_PAPER, the inauguration": Step(
            _T.FILE_PAPER, Ask(paper=Paper.INAUGURATION), papers=(Paper.INAUGURATION,)
        ),
        "REPORT_NO_SHOW, before the day": Step(_T.REPORT_NO_SHOW, NOTHING),
        "CANCEL, before the absence is answered": replace(rows["CANCEL"], before=()),
        "RETRACT_ENTRY, of none that is owed": replace(rows["RETRACT_ENTRY"], owed=None),
        "CANCEL, by what is no number of a paper": Step(_T.CANCEL, Ask(code="MISTAKE", number="12")),
        "LET_STAND, though it was to be undone": Step(_T.LET_STAND, NOTHING, before=(_T.CANCEL,)),
        "LET_STAND, though it was to be corrected": Step(
            _T.LET_STAND, NOTHING, before=(*_REVIEWED, _T.CORRECT_DECREE)
        ),
        "LOSE_POSITION, to somebody else": Step(_T.LOSE_POSITION, Ask(code="TAKEN")),
        "JOIN_GROUP, a swap": Step(_T.JOIN_GROUP, Ask(group=SWAP)),
        "LOSE_PARTNER, where the rule ends the others": replace(
            rows["LOSE_PARTNER"], ask=replace(rows["LOSE_PARTNER"].ask, ends=True)
        ),
        "CLOSE, while something is owed": replace(rows["CLOSE"], owed=Owing.RETRACTION),
        "FILE_OBJECTION, too late": replace(rows["FILE_OBJECTION"], late=True),
        "FILE_OBJECTION, once more": replace(rows["FILE_OBJECTION"], before=_OBJECTED),
        "FILE_OBJECTION, before a correction is served": replace(rows["FILE_OBJECTION"], before=_CORRECTED),
        "FILE_OBJECTION, to a correction on an objection": replace(
            rows["FILE_OBJECTION"], before=(*_CORRECTED, _T.SERVE)
        ),
        "UPHOLD_DECREE, before it is looked into": replace(rows["UPHOLD_DECREE"], before=_OBJECTED),
        "TAKE_EFFECT, of a swap by one alone": replace(rows["TAKE_EFFECT"], group=SWAP),
    }


MUTATION_ROWS = _rows()


def prepared(life: Life, step: Step) -> Life:
    """The life as it is when the step comes."""
    if step.group:
        life = replace(life, group=step.group)
    if step.papers is not None:
        life = replace(life, papers=step.papers, filed=())
    if step.frozen:
        life = replace(life, freeze=MENDAGRI)
    if step.owed:
        life = counted(replace(life, owed=(Owed(step.owed, NOW),)))
    parties, offices = iter(list(Party)[1:]), iter(INITIALS)
    group_id = life.group.group_id if life.group else None
    for trigger in step.before:
        ask = replace(said(trigger), group_id=group_id if trigger == _T.INITIAL else None)
        if trigger == _T.HEAR:
            ask = replace(ask, party=next(parties))
        if trigger == _T.INITIAL:
            ask = replace(ask, capacity=next(offices))
        verdict = decide(life, trigger, ask, decided_at=NOW, now=NOW)
        if isinstance(verdict, Moved) and verdict.life.state == life.state:
            life = counted(verdict.life)
    return life


def mutation_cell(life: Life, step: Step) -> Cell:
    """Ask the machine. The clock acts by `next_alarm` alone: what it would be refused cannot come."""
    at = EFFECT + 60 * DAY if step.late else NOW
    verdict = decide(prepared(life, step), step.trigger, step.ask, decided_at=at, now=at)
    by_clock = step.trigger in BY_CLOCK and step.group is None
    return Never() if by_clock and not isinstance(verdict, Moved) else cell_of(verdict)


@cache
def mutation_table() -> Table:
    """Everything that can come, in every state."""
    return tabulate(MUTATION_STATES, MUTATION_ROWS, mutation_cell)


def mutation_page() -> str:
    """The table of a mutation."""
    about = (
        "Made from `domain/mutation/` by `python -m lab.state_tables`; a test compares. RETRACT_DEATH moves only what has ended by "
        "a death, and\nleaves it ended. A cell is the state that "
        "follows, the code of a\nrecorded refusal, or – where the case never does this by itself. CLOSED stands for "
        "every end. An objection stands beside the state\nand moves only its own; how batches and swaps hang together "
        "is told in [0019](adr/0019-one-case-a-mutation.md). *Blocked*: by BKN, in\nAWAITING_DECISION and in EFFECTIVE. "
        "*Being undone*: SERVED, the second decree drafted; *undone*: it is signed, and not served yet; *undone, served*: the\n"
        "person may object to it; *corrected, served*: by a second one, on an objection, and they may object anew\n"
        "([0027](adr/0027-a-second-decree-goes-the-road-of-the-first.md))."
    )
    return page("States of a mutation", about, mutation_table(), MUTATION_NAMES)
