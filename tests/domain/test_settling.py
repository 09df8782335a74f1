"""The paper after a return: who owes what until when, in which order it is settled, and who is asked when it is late."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.duties import duties_of
from domain.moves import Seat
from domain.secondment import (
    Ask,
    Leaving,
    Life,
    Moved,
    Paper,
    Refused,
    Settling,
    State,
    Trigger,
    decide,
    next_alarm,
)
from tests.domain.test_secondment import CLOCK, DAY, NOW, life, moved

REPORT_BY, CLAIM_BY = NOW + 7 * DAY, NOW + 21 * DAY
DATED = Ask(report_by=REPORT_BY, claim_by=CLAIM_BY)
SEAT = Seat("place", "kota", "SU-1", "SU-1/01", "person", "kota.PKM-1", "nurse", "health_post_nurse", "Pos 1")


def travelling(**more: object) -> Life:
    """Somebody on the way home, who was at the site."""
    told: dict[str, object] = {"home_by": NOW + DAY, "leaving": Leaving.DUE, "seen_at": NOW} | more
    return life(State.TRAVELLING_HOME, **told)


def home(**more: object) -> Life:
    """Somebody whose return is confirmed now."""
    return moved(travelling(**more), Trigger.CONFIRM_RETURN, DATED)


def refused(at: Life, trigger: Trigger, ask: Ask = DATED) -> str:
    verdict = decide(at, trigger, CLOCK, ask, decided_at=NOW, now=NOW)
    assert isinstance(verdict, Refused)
    return verdict.code


def asked(at: Life) -> dict[str, datetime | None]:
    """What is asked of whom, until when."""
    return {
        f"{duty.kind} {duty.capacity or duty.assignee_id}": duty.due_at for duty in duties_of(SEAT, at, CLOCK)
    }


def test_person_and_host_are_asked_and_then_whoever_pays() -> None:
    at = home()
    assert asked(at) == {"FILE_REPORT person": REPORT_BY, "EVALUATE_PERSON COMMAND_POST": REPORT_BY}
    assert refused(at, Trigger.SETTLE_CLAIM) == "report_owed"
    reported = moved(at, Trigger.RECEIVE_REPORT, now=NOW + DAY)
    assert reported.state == State.REPORTED
    assert asked(reported) == {
        "EVALUATE_PERSON COMMAND_POST": REPORT_BY,
        "SETTLE_CLAIM FINANCE_OFFICER": CLAIM_BY,
    }
    paid = moved(reported, Trigger.SETTLE_CLAIM)
    assert paid.state == State.REIMBURSED, "nobody's money waits for what the host has to say"
    closed = moved(paid, Trigger.RECEIVE_EVALUATION)
    assert (closed.state, closed.ended, closed.settling.owed) == (State.CLOSED, True, ())
    assert (asked(closed), next_alarm(closed, CLOCK), closed.since) == ({}, None, NOW)


def test_where_the_host_has_spoken_the_claim_is_the_last() -> None:
    at = moved(moved(home(), Trigger.RECEIVE_EVALUATION), Trigger.RECEIVE_REPORT)
    assert (at.state, at.settling.owed) == (State.REPORTED, (Paper.CLAIM,))
    assert moved(at, Trigger.SETTLE_CLAIM).state == State.CLOSED


def test_more_than_the_days_come_to_is_not_paid_without_a_reason() -> None:
    at = moved(home(), Trigger.RECEIVE_REPORT)
    assert refused(at, Trigger.SETTLE_CLAIM, Ask(above=True)) == "claim_above_reckoned"
    assert moved(at, Trigger.SETTLE_CLAIM, Ask(above=True, code="LODGING")).state == State.REIMBURSED


def test_what_came_on_the_way_home_is_not_owed() -> None:
    at = moved(moved(travelling(), Trigger.RECEIVE_EVALUATION), Trigger.RECEIVE_REPORT)
    assert (at.state, at.settling.received) == (State.TRAVELLING_HOME, (Paper.REPORT, Paper.EVALUATION))
    assert refused(at, Trigger.RECEIVE_REPORT) == "not_owed"
    back = moved(at, Trigger.CONFIRM_RETURN, DATED)
    assert (back.state, back.settling.owed) == (State.REPORTED, (Paper.CLAIM,))


@pytest.mark.parametrize(
    ("at", "state", "owed"),
    [
        (travelling(), State.RETURNED, tuple(Paper)),
        (travelling(leaving=Leaving.INJURED), State.RETURNED, tuple(Paper)),
        (travelling(leaving=Leaving.RECALLED), State.RETURNED, tuple(Paper)),
        # Called back on the way: days away, and nothing to report from the site.
        (travelling(leaving=Leaving.STOOD_DOWN, seen_at=None), State.REPORTED, (Paper.CLAIM,)),
        (life(State.UNFIT, leaving=Leaving.UNFIT), State.REPORTED, (Paper.CLAIM,)),
        (life(State.UNFIT, leaving=Leaving.UNFIT, seen_at=NOW), State.RETURNED, tuple(Paper)),
        (life(State.NO_SHOW, leaving=Leaving.NO_SHOW), State.CLOSED, ()),
        # Who had been on another post before was away.
        (life(State.NO_SHOW, leaving=Leaving.NO_SHOW, stay_from=NOW), State.REPORTED, (Paper.CLAIM,)),
    ],
)
def test_whoever_was_away_has_something_to_settle(at: Life, state: State, owed: tuple[Paper, ...]) -> None:
    back = moved(at, Trigger.CONFIRM_RETURN, DATED)
    assert (back.state, back.settling.owed, back.held, back.out) == (state, owed, False, False)
    assert back.settles == bool(owed)


def test_without_a_calendar_each_day_counts_as_a_working_day() -> None:
    at = moved(travelling(), Trigger.CONFIRM_RETURN)
    assert (at.settling.report_by, at.settling.claim_by) == (NOW + 5 * DAY, NOW + 15 * DAY)


def test_what_is_late_is_urged_level_by_level_and_never_let_go() -> None:
    at, offices, rung = home(), [], []
    for _ in range(5):
        alarm = next_alarm(at, CLOCK)
        assert alarm is not None
        assert alarm.trigger == Trigger.URGE_SETTLEMENT
        rung.append(alarm.at)
        at = moved(at, alarm.trigger, now=alarm.at)
        offices.append({name for name in asked(at) if not name.startswith(("FILE", "EVALUATE"))})
    assert rung == [REPORT_BY + n * CLOCK.settlement_urging for n in range(5)]
    chased, decided = "CHASE_SETTLEMENT COORDINATOR", "DECIDE_SETTLEMENT SEKDA"
    assert offices == [set(), {chased}, {chased, decided}, {chased, decided}, {chased, decided}]
    assert {"FILE_REPORT person", "EVALUATE_PERSON COMMAND_POST"} <= set(asked(at))


def test_whoever_is_asked_next_has_time_and_is_not_taken_for_late() -> None:
    at = home()
    for n in range(3):
        at = moved(at, Trigger.URGE_SETTLEMENT, now=REPORT_BY + n * DAY)
    late = CLAIM_BY + 5 * DAY
    at = moved(moved(at, Trigger.RECEIVE_EVALUATION, now=late), Trigger.RECEIVE_REPORT, now=late)
    assert at.settling.urged == 0
    assert at.settling.urge_at == late + CLOCK.settlement_urging
    early = moved(moved(home(), Trigger.RECEIVE_EVALUATION), Trigger.RECEIVE_REPORT)
    assert early.settling.urge_at == CLAIM_BY


@pytest.mark.parametrize(
    ("papers", "state", "owed"),
    [
        ((), State.CLOSED, ()),
        ((Paper.REPORT,), State.REPORTED, (Paper.EVALUATION, Paper.CLAIM)),
        ((Paper.EVALUATION,), State.RETURNED, (Paper.REPORT, Paper.CLAIM)),
        ((Paper.REPORT, Paper.EVALUATION), State.REPORTED, (Paper.CLAIM,)),
        ((Paper.REPORT, Paper.CLAIM), State.REIMBURSED, (Paper.EVALUATION,)),
    ],
)
def test_what_never_comes_is_waived_by_name(
    papers: tuple[Paper, ...], state: State, owed: tuple[Paper, ...]
) -> None:
    at = moved(home(), Trigger.WAIVE_SETTLEMENT, Ask(papers=papers))
    assert (at.state, at.settling.owed) == (state, owed)
    assert set(at.settling.waived) == set(papers or Paper)
    if papers and owed:
        again = decide(at, Trigger.WAIVE_SETTLEMENT, CLOCK, Ask(papers=papers), decided_at=NOW, now=NOW)
        assert again == Refused("not_owed")


def test_who_was_home_before_papers_were_asked_for_owes_none() -> None:
    at = replace(life(State.RETURNED), settling=Settling())
    assert next_alarm(at, CLOCK) is None
    assert refused(at, Trigger.RECEIVE_REPORT) == "not_owed"


def test_a_paper_that_comes_in_moves_nothing_else() -> None:
    at = home(accident=True, extensions=1)
    verdict = decide(at, Trigger.RECEIVE_REPORT, CLOCK, decided_at=NOW, now=NOW + timedelta(hours=3))
    assert isinstance(verdict, Moved)
    after = verdict.life
    assert replace(after, state=at.state, revision=at.revision, settling=at.settling) == at


def converted(**more: object) -> Life:
    """Somebody whom a decree takes over while they are on duty."""
    return moved(life(State.ON_DUTY, seen_at=NOW, **more), Trigger.CONVERT, DATED)


def test_whoever_is_taken_over_by_a_decree_settles_the_duty_up_to_it_there() -> None:
    at = converted()
    assert (at.state, at.settling.owed) == (State.CONVERTED, tuple(Paper))
    assert (at.held, at.out, at.settles, at.ended) == (False, False, True, False)
    assert asked(at) == {"FILE_REPORT person": REPORT_BY, "EVALUATE_PERSON COMMAND_POST": REPORT_BY}
    assert refused(at, Trigger.SETTLE_CLAIM) == "report_owed"
    reported = moved(at, Trigger.RECEIVE_REPORT, now=NOW + DAY)
    assert asked(reported) == {
        "EVALUATE_PERSON COMMAND_POST": REPORT_BY,
        "SETTLE_CLAIM FINANCE_OFFICER": CLAIM_BY,
    }
    paid = moved(reported, Trigger.SETTLE_CLAIM, now=NOW + 2 * DAY)
    assert refused(paid, Trigger.SETTLE_CLAIM) == "not_owed"
    over = moved(paid, Trigger.RECEIVE_EVALUATION, now=NOW + 3 * DAY)
    assert (over.state, over.ended, over.settles, over.since) == (State.CONVERTED, True, False, NOW)
    assert (asked(over), next_alarm(over, CLOCK)) == ({}, None)
    assert refused(over, Trigger.WAIVE_SETTLEMENT) == "already_ended"


def test_what_is_late_after_a_conversion_is_urged_and_waived_like_after_a_return() -> None:
    at = converted()
    for n in range(3):
        alarm = next_alarm(at, CLOCK)
        assert alarm is not None
        assert (alarm.trigger, alarm.at) == (
            Trigger.URGE_SETTLEMENT,
            REPORT_BY + n * CLOCK.settlement_urging,
        )
        at = moved(at, alarm.trigger, now=alarm.at)
    assert {"CHASE_SETTLEMENT COORDINATOR", "DECIDE_SETTLEMENT SEKDA"} < set(asked(at))
    at = moved(at, Trigger.WAIVE_SETTLEMENT, Ask(papers=(Paper.REPORT, Paper.EVALUATION)))
    assert (at.state, at.settling.owed, at.ended) == (State.CONVERTED, (Paper.CLAIM,), False)
    assert moved(at, Trigger.WAIVE_SETTLEMENT).ended


def test_a_report_of_an_accident_keeps_a_conversion_open_when_its_papers_are_settled() -> None:
    at = moved(converted(accident=False), Trigger.WAIVE_SETTLEMENT)
    assert (at.settling.owed, at.ended, at.settles) == ((), False, True)
    assert refused(at, Trigger.WAIVE_SETTLEMENT) == refused(at, Trigger.URGE_SETTLEMENT) == "not_owed"
    assert moved(at, Trigger.FILE_ACCIDENT_REPORT).ended
    first = moved(converted(accident=False), Trigger.FILE_ACCIDENT_REPORT)
    assert (first.settling.owed, first.ended) == (tuple(Paper), False)


@pytest.mark.parametrize(
    ("at", "owed"),
    [
        (travelling(), tuple(Paper)),
        # Called back on the way, and taken over before they were home.
        (travelling(leaving=Leaving.STOOD_DOWN, seen_at=None), (Paper.CLAIM,)),
        (
            moved(moved(travelling(), Trigger.RECEIVE_EVALUATION), Trigger.RECEIVE_REPORT),
            (Paper.CLAIM,),
        ),
    ],
)
def test_who_is_taken_over_on_the_way_home_owes_what_a_return_would_leave(
    at: Life, owed: tuple[Paper, ...]
) -> None:
    assert moved(at, Trigger.CONVERT, DATED).settling.owed == owed


def test_who_was_taken_over_before_papers_were_asked_for_owes_none() -> None:
    at = life(State.CONVERTED)
    assert (at.ended, at.settles, next_alarm(at, CLOCK)) == (True, False, None)
    assert refused(at, Trigger.RECEIVE_REPORT) == "already_ended"
