"""Whether the books have what a move of a surge follows from, whoever sends it: a decision, a deadline, or the count."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from domain import cases, lines, surge, urging
from domain.believing import decided
from domain.commands import Command, CommandKind, CommandState
from domain.moves import NOT_BY_THE_BOOKS, OF_THE_CLOCK, SurgeMove
from domain.rules import SurgeRules
from domain.surge import STAFFING, Life, Moved, State, Trigger
from domain.surge_duties import surge_duties
from domain.surge_telling import EVENT_OF, TRIGGER_OF, override_of

_COUNTED = STAFFING | {State.STOOD_DOWN}
_ON_ITS_LETTER = frozenset({Trigger.PROLONG, Trigger.RESUBMIT})


@dataclass(frozen=True)
class Books:
    """What the books say of a surge before a move: `life` is None while its request has not been received.

    `command` is the decision that the move names, if it names one, and `request` the one that asked for the surge;
    `held` people of it have not been let go.
    """

    surge_id: str
    government_id: str
    life: Life | None
    rules: SurgeRules
    basis: str
    request: Command
    command: Command | None
    oral: bool
    held: int


def disbelieved(move: SurgeMove, books: Books) -> str | None:
    """Return the code of why a move is not believed, or None."""
    return None if _of_the_case(move, books) and _follows(move, books) else NOT_BY_THE_BOOKS


def _of_the_case(move: SurgeMove, books: Books) -> bool:
    """Whether it is told as what it is, and asks of officers what its life asks of them."""
    fact, by = move.fact, move.fact.by
    told = (move.surge_id, move.government_id, fact.case_id, fact.data.get("state"))
    if told != (books.surge_id, books.government_id, cases.surge(books.surge_id), move.life.state.value):
        return False
    # When a report is due in working days is the calendar's word, which is not at hand.
    asked = move.life.state == State.STOOD_DOWN or move.duties == surge_duties(move.life, books.rules.urging)
    return asked and by.basis.startswith(f"{books.basis}.")


def _follows(move: SurgeMove, books: Books) -> bool:
    by, life = move.fact.by, books.life
    if by.command_id is not None:
        command = books.command
        if not decided(command, move.fact.case_id, by):
            return False
        return _received(move, command, books) if life is None else _decided(move, command, life, books.rules)
    if (by.actor, by.authority, by.on_behalf_of) != (OF_THE_CLOCK, "SYSTEM", None) or move.override:
        return False
    if life is None:
        return _turned_down(move, books)
    if move.line is not None:
        return move.fact.type == "LineAdded" and _turned_over(move, life)
    return _by_itself(move, life, books)


def _received(move: SurgeMove, command: Command, books: Books) -> bool:
    """Whether it is the request itself that is received; an oral order alone goes ahead at once."""
    by_word = books.oral and move.life.state == State.APPROVED
    told = "OralOrderGiven" if by_word else "RequestSubmitted"
    stands = (State.APPROVED if by_word else State.SUBMITTED, 0, told)
    return (
        command.kind == CommandKind.REQUEST_SURGE
        and (move.life.state, move.life.revision, move.fact.type) == stands
        and (move.life.oral is not None) == by_word
        and (move.life.escalation, move.life.plan_id, move.line, move.override) == (0, None, None, None)
    )


def _turned_down(move: SurgeMove, books: Books) -> bool:
    refused = books.request.state == CommandState.REFUSED
    return refused and (move.life.state, move.fact.type) == (State.REJECTED, "RequestRejected")


def _decided(move: SurgeMove, command: Command, life: Life, rules: SurgeRules) -> bool:
    trigger = TRIGGER_OF.get(command.kind)
    if trigger is None or move.fact.type != EVENT_OF.get(trigger, lines.EVENT_OF.get(command.kind)):
        return False
    if (move.line is not None) != (trigger == Trigger.CHANGE_LINE) or (
        move.line and move.line.kind != command.kind
    ):
        return False
    if move.override != (override_of(command) if trigger == Trigger.OVERRIDE_REDLINE else None):
        return False
    if trigger == Trigger.WAIVE_YEARLY_CAP and not _waived(move, command):
        return False
    waits = move.life.proposed_until
    if trigger == Trigger.PLAN and waits and waits > move.fact.at + rules.urging.replanning:
        return False
    return _after(trigger, command, move, life) == _unoffered(move.life)


def _after(trigger: Trigger, command: Command, move: SurgeMove, life: Life) -> Life | None:
    """Return the life that the decision leads to; which plan was made and until when a letter lasts is told by the move."""
    verdict = surge.decide(
        life,
        trigger,
        now=_judged_at(move, life),
        plan_id=command.choice,
        decided_at=command.decided_at,
        hands=frozenset(filter(None, (command.actor_id, command.on_behalf_of))),
    )
    if not isinstance(verdict, Moved):
        return None
    after = verdict.life
    if trigger == Trigger.PLAN:
        after = surge.planned(life, move.life.plan_id or "", move.life.proposed_until)
    elif trigger == Trigger.SIGN_ORDER:
        after = surge.signed(after)
    elif trigger in _ON_ITS_LETTER and life.letter_until:
        after = replace(after, letter_until=move.life.letter_until, letter_warned=move.life.letter_warned)
    return _unoffered(after)


def _judged_at(move: SurgeMove, life: Life) -> datetime:
    """Return when the case judged what it wrote a moment later, having asked the books and the calendar in between."""
    entered = move.life.since
    return entered if life.since < entered <= move.fact.at else move.fact.at


def _waived(move: SurgeMove, command: Command) -> bool:
    said = (move.fact.person_id, move.fact.data.get("days"), move.fact.data.get("choice"))
    return said == (command.details.get("person_id"), command.details.get("days"), command.choice)


def _turned_over(move: SurgeMove, life: Life) -> bool:
    """Whether it is the next turn of a line, which the clock asks for."""
    change = move.line
    if change is None or change.kind != CommandKind.ASK_RELIEF or change.turn is None or change.others:
        return False
    return life.state in STAFFING and _unoffered(move.life) == replace(life, revision=life.revision + 1)


def _by_itself(move: SurgeMove, life: Life, books: Books) -> bool:
    after = _unoffered(move.life)
    match move.fact.type:
        case "PlanMade":
            return life.state in STAFFING and after == surge.planned(life, after.plan_id or "")
        case "StaffingChanged":
            return _counted(after, life)
        case "SurgeCancelled":
            advanced = surge.advance(life, after.state, _judged_at(move, life))
            over = after.state in (State.CANCELLED, State.STOOD_DOWN) and not books.held
            return life.state == State.CANCELLING and over and after == _unoffered(advanced)
        case _:
            alarm = urging.next_alarm(life, books.rules.urging)
            if alarm is None or alarm.at > move.fact.at or urging.EVENT_OF[alarm.ring] != move.fact.type:
                return False
            return after == _unoffered(
                urging.rung(life, alarm, books.rules.urging, now=_judged_at(move, life))
            )


def _counted(after: Life, life: Life) -> bool:
    """Whether no more has changed than what follows from the count of the people: it approves, plans and ends nothing."""
    staffing = life.state in STAFFING and after.state in STAFFING
    if not (staffing or life.state == after.state == State.STOOD_DOWN):
        return False
    kept = (after.plan_id, after.proposed_until, after.oral, after.letter_until, after.revision)
    return kept == (
        life.plan_id,
        life.proposed_until,
        life.oral,
        life.letter_until,
        life.revision + 1,
    )


def _unoffered(life: Life) -> Life:
    """How much of a plan has been offered is kept by the case alone."""
    return replace(life, offering=None)
