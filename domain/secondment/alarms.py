"""What a secondment does by itself, and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.secondment.life import Clock, Life
from domain.secondment.post import run_out_at, urged_at
from domain.secondment.resting import day_off_by
from domain.secondment.settling import urged_paper_at
from domain.secondment.states import ABSENT, DEPLOYED, HOMEWARD, NOT_YET_OUT, WORKING, Party, State, Trigger

_FALLING_DUE = DEPLOYED - {State.CHECKED_IN}


@dataclass(frozen=True)
class Alarm:
    """The next thing that happens if nobody does anything."""

    at: datetime
    trigger: Trigger


def next_alarm(life: Life, clock: Clock) -> Alarm | None:
    """Say what the secondment does next by itself, and when; None when it has ended or waits for others.

    An alarm may lie in the past: then it is due now. Of two at one instant, the one that is listed first rings.
    """
    return min(_alarms(life, clock), key=lambda alarm: alarm.at, default=None)


def answer_by(life: Life, clock: Clock) -> datetime:
    """Say until when the offer may be answered; lateness is judged by when the person decided."""
    return life.since + clock.offer


def condition_by(life: Life, clock: Clock) -> datetime:
    """Say until when the coordinator must answer a condition."""
    return life.since + clock.condition


def release_by(life: Life, clock: Clock) -> datetime:
    """Say until when the release must be decided at the level that it has reached."""
    return life.since + clock.release * (life.escalation + 1)


def arrive_by(life: Life, clock: Clock) -> datetime:
    """Say until when the person must have checked in, at the level that the search has reached."""
    return max(life.since, life.report_at) + clock.check_in * (life.escalation + 1)


def absent_from(life: Life, travel: timedelta) -> datetime:
    """Say from when somebody on the way may be called a no-show: whose order came late has so long to get there."""
    return max(life.report_at, life.since + travel)


def heard_by(life: Life, clock: Clock) -> datetime:
    """Say until when the person is waited for who is to move to another post."""
    assert life.amendment is not None
    return (life.amendment.since or life.since) + clock.hearing


def accident_report_by(life: Life, clock: Clock) -> datetime:
    """Say until when the accident-cover report must be filed; of accidents from before that was kept, from the last move on."""
    return life.accident_by or life.since + clock.accident_report


def accident_urged_at(life: Life, clock: Clock) -> datetime:
    """Say when the report is urged next: once it is late, and the person is back or dead; then again and again."""
    return max(accident_report_by(life, clock), life.since) + clock.return_escalation * life.escalation


def _alarms(life: Life, clock: Clock) -> Iterator[Alarm]:
    yield from _before_leaving(life, clock)
    yield from _on_the_way(life, clock)
    yield from _at_the_site(life, clock)
    if life.uncovered_from is not None and life.state in NOT_YET_OUT | DEPLOYED and not life.over_unseen:
        yield Alarm(life.uncovered_from + clock.uncovered_grace, Trigger.LAPSE_COVER)
    yield from (Alarm(at, Trigger.LOSE_ACTING_HEAD) for at in run_out_at(life))
    yield from (Alarm(at, Trigger.LACK_REST) for at in day_off_by(life, clock))
    yield from (Alarm(at, Trigger.URGE_ACTING_HEAD) for at in urged_at(life, clock.acting_head))
    yield from (Alarm(at, Trigger.URGE_SETTLEMENT) for at in urged_paper_at(life))
    if life.state in HOMEWARD | ABSENT:
        home_by = life.home_by or life.due_back + clock.homeward
        yield Alarm(home_by + clock.return_escalation * life.escalation, Trigger.ESCALATE_RETURN)
    if life.owes_report and not life.held:
        yield Alarm(accident_urged_at(life, clock), Trigger.ESCALATE_ACCIDENT_REPORT)


def _before_leaving(life: Life, clock: Clock) -> Iterator[Alarm]:
    if life.state in NOT_YET_OUT:
        # First: nobody leaves for a duty that is over, and no hold outlasts it.
        yield Alarm(life.due_back, Trigger.FALL_DUE)
    match life.state:
        case State.OFFERED if life.notices == 0:
            yield Alarm(life.since + clock.offer_reminder, Trigger.REMIND_OFFER)
        case State.OFFERED:
            yield Alarm(answer_by(life, clock), Trigger.LAPSE_OFFER)
        case State.CONDITION_PENDING:
            yield Alarm(condition_by(life, clock), Trigger.LAPSE_CONDITION)
        case State.RELEASE_PENDING:
            yield Alarm(release_by(life, clock), Trigger.ESCALATE_RELEASE)
        case State.ORDER_SIGNED if life.post_filled:
            yield Alarm(max(life.since, life.report_at - clock.mobilise_before), Trigger.MOBILISE)
        case _:
            return


def _on_the_way(life: Life, clock: Clock) -> Iterator[Alarm]:
    match life.state:
        case State.MOBILISING if arrive_by(life, clock) < life.due_back:
            yield Alarm(arrive_by(life, clock), Trigger.ESCALATE_CHECK_IN)
        case State.CHECKED_IN:
            yield Alarm(max(life.since, life.report_at), Trigger.START_DUTY)
        case State.OUT_OF_CONTACT:
            after = clock.return_escalation * (life.escalation + 1)
            yield Alarm(life.since + after, Trigger.ESCALATE_CONTACT)
        case _:
            return


def _at_the_site(life: Life, clock: Clock) -> Iterator[Alarm]:
    if life.state in WORKING and life.notices < len(clock.ending_notices):
        yield Alarm(life.due_back - clock.ending_notices[life.notices], Trigger.WARN_ENDING)
    if life.moving_to and life.amendment and Party.PERSON not in life.amendment.agreed:
        yield Alarm(heard_by(life, clock), Trigger.LAPSE_HEARING)
    if life.state in _FALLING_DUE and life.amendment is not None:
        # First: the duty ends as it was ordered only once no order can prolong it any more.
        yield Alarm(life.due_back, Trigger.LAPSE_EXTENSION)
    if life.state in _FALLING_DUE and not life.over_unseen:
        yield Alarm(life.due_back, Trigger.FALL_DUE)
    if life.state in WORKING:
        yield Alarm((life.seen_at or life.since) + clock.contact, Trigger.LOSE_CONTACT)
