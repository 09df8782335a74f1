"""The life of one secondment: its states, what moves it, and when it moves by itself.

The machine is a table, so that a workflow, a document and a test read the same one. Every
function is total and timeless: it takes the instant it is asked about and returns a value;
a refusal is a value too, because people are late, not wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    """Where a secondment stands (domain glossary, state machine of one person)."""

    OFFERED = "OFFERED"
    DECLINED = "DECLINED"
    NO_RESPONSE = "NO_RESPONSE"
    RELEASE_PENDING = "RELEASE_PENDING"
    REFUSED = "REFUSED"
    RELEASED = "RELEASED"
    WITHDRAWN = "WITHDRAWN"
    ORDER_SIGNED = "ORDER_SIGNED"
    MOBILISING = "MOBILISING"
    CHECKED_IN = "CHECKED_IN"
    ON_DUTY = "ON_DUTY"
    ENDING_SOON = "ENDING_SOON"
    DEMOBILISING = "DEMOBILISING"
    TRAVELLING_HOME = "TRAVELLING_HOME"
    RETURNED = "RETURNED"


class Trigger(StrEnum):
    """What can move a secondment: a person's decision, a signal of the surge, or its own clock."""

    ACCEPT = "ACCEPT"
    DECLINE = "DECLINE"
    RELEASE = "RELEASE"
    REFUSE_RELEASE = "REFUSE_RELEASE"
    CHECK_IN = "CHECK_IN"
    SIGN_DEMOB = "SIGN_DEMOB"
    CONFIRM_RETURN = "CONFIRM_RETURN"
    ORDER_ISSUED = "ORDER_ISSUED"
    STAND_DOWN = "STAND_DOWN"
    REMIND_OFFER = "REMIND_OFFER"
    LAPSE_OFFER = "LAPSE_OFFER"
    ESCALATE_RELEASE = "ESCALATE_RELEASE"
    MOBILISE = "MOBILISE"
    ESCALATE_CHECK_IN = "ESCALATE_CHECK_IN"
    START_DUTY = "START_DUTY"
    WARN_ENDING = "WARN_ENDING"
    FALL_DUE = "FALL_DUE"
    ESCALATE_RETURN = "ESCALATE_RETURN"


ENDS = frozenset({State.DECLINED, State.NO_RESPONSE, State.REFUSED, State.WITHDRAWN, State.RETURNED})
"""States that nothing leaves; the hold on the person is let go on entering one."""

VACATED = ENDS - {State.RETURNED}
"""Ends that leave the seat empty before anyone sat on it: the request line opens again."""

OUT = frozenset(
    {
        State.MOBILISING,
        State.CHECKED_IN,
        State.ON_DUTY,
        State.ENDING_SOON,
        State.DEMOBILISING,
        State.TRAVELLING_HOME,
    }
)
"""The person has left the home unit and is not back: somebody must bring them home."""

FILLED = OUT | {State.RELEASE_PENDING, State.RELEASED, State.ORDER_SIGNED}
"""The person said yes and still fills the seat."""

ON_SITE = frozenset({State.CHECKED_IN, State.ON_DUTY, State.ENDING_SOON})

NEWS = ENDS | {State.RELEASED, State.CHECKED_IN}
"""States that the surge must look at: a seat to fill, an order to sign, somebody on site, somebody home."""

_S, _T = State, Trigger
TRANSITIONS: dict[tuple[State, Trigger], State] = {
    (_S.OFFERED, _T.ACCEPT): _S.RELEASE_PENDING,
    (_S.OFFERED, _T.DECLINE): _S.DECLINED,
    (_S.OFFERED, _T.REMIND_OFFER): _S.OFFERED,
    (_S.OFFERED, _T.LAPSE_OFFER): _S.NO_RESPONSE,
    (_S.OFFERED, _T.STAND_DOWN): _S.WITHDRAWN,
    (_S.RELEASE_PENDING, _T.RELEASE): _S.RELEASED,
    (_S.RELEASE_PENDING, _T.REFUSE_RELEASE): _S.REFUSED,
    (_S.RELEASE_PENDING, _T.ESCALATE_RELEASE): _S.RELEASE_PENDING,
    (_S.RELEASE_PENDING, _T.STAND_DOWN): _S.WITHDRAWN,
    (_S.RELEASED, _T.ORDER_ISSUED): _S.ORDER_SIGNED,
    (_S.RELEASED, _T.STAND_DOWN): _S.WITHDRAWN,
    (_S.ORDER_SIGNED, _T.MOBILISE): _S.MOBILISING,
    (_S.ORDER_SIGNED, _T.STAND_DOWN): _S.WITHDRAWN,
    (_S.MOBILISING, _T.CHECK_IN): _S.CHECKED_IN,
    (_S.MOBILISING, _T.ESCALATE_CHECK_IN): _S.MOBILISING,
    (_S.MOBILISING, _T.FALL_DUE): _S.DEMOBILISING,
    (_S.MOBILISING, _T.STAND_DOWN): _S.DEMOBILISING,
    (_S.CHECKED_IN, _T.START_DUTY): _S.ON_DUTY,
    (_S.CHECKED_IN, _T.STAND_DOWN): _S.DEMOBILISING,
    (_S.ON_DUTY, _T.WARN_ENDING): _S.ENDING_SOON,
    (_S.ON_DUTY, _T.STAND_DOWN): _S.DEMOBILISING,
    (_S.ENDING_SOON, _T.WARN_ENDING): _S.ENDING_SOON,
    (_S.ENDING_SOON, _T.FALL_DUE): _S.DEMOBILISING,
    (_S.ENDING_SOON, _T.STAND_DOWN): _S.DEMOBILISING,
    (_S.DEMOBILISING, _T.SIGN_DEMOB): _S.TRAVELLING_HOME,
    (_S.DEMOBILISING, _T.ESCALATE_RETURN): _S.DEMOBILISING,
    (_S.TRAVELLING_HOME, _T.CONFIRM_RETURN): _S.RETURNED,
    (_S.TRAVELLING_HOME, _T.ESCALATE_RETURN): _S.TRAVELLING_HOME,
}
"""(state, trigger) -> next state. What is not listed is refused."""

_DEADLINE_BOUND = frozenset({Trigger.ACCEPT, Trigger.DECLINE})


@dataclass(frozen=True)
class Clock:
    """How long each step may take; from the rule pack, elapsed time, day and night."""

    offer: timedelta
    offer_reminder: timedelta
    release: timedelta
    mobilise_before: timedelta
    check_in: timedelta
    ending_notices: tuple[timedelta, ...]
    homeward: timedelta
    return_escalation: timedelta


@dataclass(frozen=True)
class Life:
    """A secondment at one moment. `revision` counts its moves; `home_by` stands once it is homeward."""

    state: State
    revision: int
    since: datetime
    report_at: datetime
    due_back: datetime
    home_by: datetime | None = None
    notices: int = 0
    escalation: int = 0

    @property
    def ended(self) -> bool:
        """Whether nothing more can happen to it."""
        return self.state in ENDS


@dataclass(frozen=True)
class Alarm:
    """The next thing that happens if nobody does anything."""

    at: datetime
    trigger: Trigger


@dataclass(frozen=True)
class Moved:
    """The trigger stands; this is the life after it."""

    life: Life


@dataclass(frozen=True)
class Refused:
    """The trigger does not stand; the code says why."""

    code: str


def next_alarm(life: Life, clock: Clock) -> Alarm | None:  # noqa: C901 - one case a state reads best
    """Say what the secondment does next by itself, and when; None when it has ended or waits for others.

    An alarm may lie in the past: then it is due now.
    """
    match life.state:
        case State.OFFERED if life.notices == 0:
            return Alarm(life.since + clock.offer_reminder, Trigger.REMIND_OFFER)
        case State.OFFERED:
            return Alarm(answer_by(life, clock), Trigger.LAPSE_OFFER)
        case State.RELEASE_PENDING:
            return Alarm(life.since + clock.release * (life.escalation + 1), Trigger.ESCALATE_RELEASE)
        case State.ORDER_SIGNED:
            return Alarm(max(life.since, life.report_at - clock.mobilise_before), Trigger.MOBILISE)
        case State.MOBILISING:
            late = max(life.since, life.report_at) + clock.check_in * (life.escalation + 1)
            if late < life.due_back:
                return Alarm(late, Trigger.ESCALATE_CHECK_IN)
            return Alarm(life.due_back, Trigger.FALL_DUE)
        case State.CHECKED_IN:
            return Alarm(max(life.since, life.report_at), Trigger.START_DUTY)
        case State.ON_DUTY:
            return Alarm(life.due_back - clock.ending_notices[0], Trigger.WARN_ENDING)
        case State.ENDING_SOON if life.notices < len(clock.ending_notices):
            return Alarm(life.due_back - clock.ending_notices[life.notices], Trigger.WARN_ENDING)
        case State.ENDING_SOON:
            return Alarm(life.due_back, Trigger.FALL_DUE)
        case State.DEMOBILISING | State.TRAVELLING_HOME:
            home_by = life.home_by or life.due_back + clock.homeward
            return Alarm(home_by + clock.return_escalation * life.escalation, Trigger.ESCALATE_RETURN)
        case _:
            return None


def answer_by(life: Life, clock: Clock) -> datetime:
    """Say until when the offer may be answered; lateness is judged by when the person decided."""
    return life.since + clock.offer


def decide(
    life: Life, trigger: Trigger, clock: Clock, *, decided_at: datetime, now: datetime
) -> Moved | Refused:
    """Say whether the trigger moves this life, and to where.

    `decided_at` is when the person decided and judges lateness; `now` stamps the new state.
    """
    target = TRANSITIONS.get((life.state, trigger))
    if target is None:
        return Refused("already_ended" if life.ended else "not_now")
    if trigger in _DEADLINE_BOUND and decided_at > answer_by(life, clock):
        return Refused("too_late")
    return Moved(_after(life, trigger, target, clock, now))


def _after(life: Life, trigger: Trigger, target: State, clock: Clock, now: datetime) -> Life:
    if target == life.state:
        stays = replace(life, revision=life.revision + 1)
        if trigger in (Trigger.REMIND_OFFER, Trigger.WARN_ENDING):
            return replace(stays, notices=life.notices + 1)
        return replace(stays, escalation=life.escalation + 1)
    return replace(
        life,
        state=target,
        revision=life.revision + 1,
        since=now,
        notices=1 if trigger == Trigger.WARN_ENDING else 0,
        # A person who is on the way home and still late keeps the level that was reached.
        escalation=life.escalation if trigger == Trigger.SIGN_DEMOB else 0,
        home_by=now + clock.homeward if target == State.DEMOBILISING else life.home_by,
    )
