"""A death that was told by mistake and is taken back: whoever had left is looked for and brought home, whoever had not may be asked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.wiring import in_force, rule_packs
from domain.authority import MAY, Actor, Appointment, Capacity, CaseFacts, Denied, Granted, authority
from domain.closing.days import days_of
from domain.closing.review import _incidents as incidents_of
from domain.commands import REOPENS, CommandKind
from domain.duties import duties_of, fact_of
from domain.duties import told as told_of
from domain.moves import TaskKind
from domain.report.fold import Person
from domain.report.fold import _after as after
from domain.report.source import Entry, Line
from domain.secondment import (
    NOT_YET_OUT,
    OUT,
    Ask,
    Item,
    Leaving,
    Life,
    Moved,
    Party,
    Post,
    Refused,
    State,
    Trigger,
    decide,
    next_alarm,
)
from schemas.secondment import SecondmentStart, WriteSecondment
from tests.domain.test_proving import BY, PAPER, WAY, Walk
from tests.domain.test_secondment import CLOCK, DAY, HOUR, NOW, SEAT, life

_T = Trigger
POST, SEKDA = Ask(hands=("post",)), Ask(hands=("sekda",))
SIGNED = Ask(items=tuple(Item))


def moved(at: Life, trigger: Trigger, ask: Ask = POST, *, now: object = NOW) -> Life:
    verdict = decide(at, trigger, CLOCK, ask, decided_at=now, now=now)  # type: ignore[arg-type]
    assert isinstance(verdict, Moved), (at.state, trigger, verdict)
    return verdict.life


def lives(at: Life, *, filed: bool = False, after: timedelta = DAY) -> Life:
    """The life of somebody whose death was told now, and taken back later."""
    dead = moved(at, _T.REPORT_DEATH)
    dead = moved(dead, _T.FILE_ACCIDENT_REPORT) if filed else dead
    return moved(dead, _T.RETRACT_DEATH, SEKDA, now=NOW + after)


@pytest.mark.parametrize("filed", [False, True])
@pytest.mark.parametrize("state", sorted(OUT))
def test_whoever_had_left_is_out_again_and_looked_for(state: State, *, filed: bool) -> None:
    at = lives(life(state), filed=filed)
    assert (at.state, at.held, at.out, at.ended) == (State.OUT_OF_CONTACT, True, True, False)
    assert (at.accident, at.accident_by, at.death) == (None, None, None)
    assert (at.due_back, at.since, at.escalation) == (NOW + 7 * DAY, NOW + DAY, 0)
    assert [(duty.kind, duty.capacity) for duty in duties_of(SEAT, at, CLOCK)] == [
        (TaskKind.FIND_PERSON, Capacity.COMMAND_POST)
    ]
    alarm = next_alarm(at, CLOCK)
    assert alarm
    assert (alarm.trigger, alarm.at) == (_T.ESCALATE_CONTACT, at.since + CLOCK.return_escalation)


def test_the_seat_stays_with_whoever_came_since_and_the_person_goes_home_once_found() -> None:
    at = lives(life(State.ON_DUTY))
    assert (at.leaving, at.fills, at.over_unseen, at.news) == (Leaving.REPORTED_DEAD, False, True, True)
    assert at.home_by == at.since + CLOCK.homeward
    found = moved(at, _T.REGAIN_CONTACT, now=at.since + HOUR)
    assert (found.state, found.escalation, found.fills) == (State.DEMOBILISING, 0, False)
    home = moved(moved(found, _T.SIGN_DEMOB, SIGNED), _T.CONFIRM_RETURN)
    assert home.state == State.RETURNED


def test_who_was_due_before_the_mistake_was_found_is_late_since_then() -> None:
    late = lives(life(State.ON_DUTY), after=12 * DAY)
    assert late.home_by == late.due_back + CLOCK.homeward
    found = moved(late, _T.REGAIN_CONTACT, now=NOW + 12 * DAY)
    assert found.escalation == 5, "since the eighth day, a level a day"


def test_who_was_on_the_way_home_keeps_the_date_and_the_reason() -> None:
    going = life(
        State.TRAVELLING_HOME, leaving=Leaving.DUE, home_by=NOW + 2 * HOUR, checklist=tuple(Item), notices=2
    )
    at = lives(going)
    assert (at.home_by, at.leaving, at.fills) == (NOW + 2 * HOUR, Leaving.DUE, True)


@pytest.mark.parametrize("owed", [False, True, None])
def test_what_was_owed_of_an_earlier_accident_is_owed_as_before(*, owed: bool | None) -> None:
    by = NOW + 3 * HOUR if owed is False else None
    at = lives(life(State.DEMOBILISING, accident=owed, accident_by=by, leaving=Leaving.INJURED, home_by=NOW))
    assert (at.accident, at.accident_by) == (owed, by)
    kinds = [duty.kind for duty in duties_of(SEAT, at, CLOCK)]
    assert (TaskKind.FILE_ACCIDENT_REPORT in kinds) == (owed is False)


@pytest.mark.parametrize("state", sorted(NOT_YET_OUT))
def test_whoever_had_not_left_stays_at_home_and_the_case_stays_ended(state: State) -> None:
    dead = moved(life(state), _T.REPORT_DEATH)
    assert dead.ended
    at = moved(dead, _T.RETRACT_DEATH, SEKDA, now=NOW + DAY)
    assert (at.state, at.held, at.ended, at.leaving) == (
        State.WITHDRAWN,
        False,
        True,
        Leaving.REPORTED_DEAD,
    )
    assert at.since == dead.since, "the hold was let go then"
    assert duties_of(SEAT, at, CLOCK) == ()


def test_nobody_takes_their_own_report_back_nor_what_nobody_told() -> None:
    dead = moved(life(State.ON_DUTY), _T.REPORT_DEATH, Ask(hands=("deputy", "post")))
    for hands in (("post",), ("deputy",), ("other", "post")):
        verdict = decide(dead, _T.RETRACT_DEATH, CLOCK, Ask(hands=hands), decided_at=NOW, now=NOW)
        assert verdict == Refused("own_report")
    alive = moved(dead, _T.RETRACT_DEATH, SEKDA)
    for at in (alive, life(State.CLOSED), life(State.ON_DUTY), life(State.OFFERED)):
        verdict = decide(at, _T.RETRACT_DEATH, CLOCK, SEKDA, decided_at=NOW, now=NOW)
        assert verdict == Refused("no_death_reported")


def test_a_case_from_before_that_was_kept_takes_its_death_back_too() -> None:
    old = replace(moved(life(State.MOBILISING), _T.REPORT_DEATH), death=None)
    assert moved(old, _T.RETRACT_DEATH, SEKDA).state == State.OUT_OF_CONTACT


def test_a_death_that_was_no_mistake_after_all_is_told_again() -> None:
    again = moved(lives(life(State.ON_DUTY, accident=True)), _T.REPORT_DEATH, SEKDA, now=NOW + 2 * DAY)
    assert (again.state, again.owes_report) == (State.ACCIDENT_REPORT_OWED, True)
    assert again.accident_by == NOW + 2 * DAY + CLOCK.accident_report
    assert again.death
    assert (again.death.was, again.death.by, again.death.accident) == (
        State.OUT_OF_CONTACT,
        ("sekda",),
        True,
    )


def test_nobody_acts_for_a_head_who_lives_again_and_somebody_is_asked_for() -> None:
    post = Post("kota.PKM-1", "mandate", NOW + 9 * DAY)
    at = lives(life(State.ON_DUTY, post=post))
    assert at.post == Post("kota.PKM-1", asked_at=NOW + DAY)


def test_who_never_came_to_the_site_is_proved_to_have_by_a_paper_only() -> None:
    found = moved(lives(WAY_LIFE), _T.REGAIN_CONTACT, now=NOW + DAY + HOUR)
    assert (found.state, found.seen_at) == (State.DEMOBILISING, None)
    paper = Ask(reported_at=NOW + 2 * HOUR, party=Party.HOST, reference="360/HDR/12")
    proved = moved(found, _T.PROVE_ARRIVAL, paper, now=NOW + 3 * DAY)
    assert proved.arrived_at == NOW + 2 * HOUR
    assert moved(lives(WAY_LIFE), _T.PROVE_ARRIVAL, paper, now=NOW + 3 * DAY).state == State.OUT_OF_CONTACT


WAY_LIFE = replace(life(State.MOBILISING), report_at=NOW + HOUR)


def test_the_report_after_the_action_counts_no_death_and_the_days_go_on() -> None:
    walk = Walk()
    walk.go(_T.CHECK_IN, WAY.report_at)
    walk.go(_T.START_DUTY, WAY.report_at)
    walk.go(_T.REPORT_DEATH, WAY.report_at + 2 * DAY)
    assert incidents_of([walk.road], WAY.due_back).deaths == 1
    walk.go(_T.WAIVE_ACCIDENT_REPORT, WAY.report_at + 3 * DAY)
    walk.go(_T.RETRACT_DEATH, WAY.report_at + 4 * DAY)
    found = incidents_of([walk.road], WAY.due_back)
    assert (found.deaths, found.reports.waived, found.reports.owed) == (0, 0, 0)
    assert not walk.road.over
    walk.go(_T.REGAIN_CONTACT, WAY.report_at + 5 * DAY)
    walk.go(_T.SIGN_DEMOB, WAY.report_at + 5 * DAY, SIGNED)
    walk.go(_T.CONFIRM_RETURN, WAY.report_at + 5 * DAY + HOUR, replace(PAPER, reported_at=None))
    days = days_of(walk.road, in_force(rule_packs()).closing, "Asia/Makassar", at=walk.entries[-1].at)
    assert (days.duty, days.open) == (3, False)
    assert days.away > days.duty


@pytest.mark.parametrize("capacity", MAY["RETRACT_DEATH"])
def test_nobody_takes_back_their_own_death(capacity: Capacity) -> None:
    case = CaseFacts("kota", subject_id="one", home_unit_id="unit")
    own, other = (Actor(name, "kota", (Appointment(capacity),)) for name in ("one", "two"))
    assert authority("RETRACT_DEATH", own, case) == Denied("own_case")
    assert isinstance(authority("RETRACT_DEATH", other, case), Granted)
    assert CommandKind.RETRACT_DEATH in REOPENS


@pytest.mark.parametrize(("leaving", "seated"), [(None, True), (Leaving.DUE, True), (None, False)])
def test_the_report_on_the_situation_fills_the_seat_once(leaving: Leaving | None, *, seated: bool) -> None:
    at = life(State.OUT_OF_CONTACT, leaving=leaving) if seated else lives(life(State.ON_DUTY))
    told = fact_of(SEAT, at, "ContactLost", by=BY, at=NOW)
    line = Line(SEAT.line_id, SEAT.surge_id, 1, SEAT.role, 1, SEAT.site, 0.0, 0.0, NOW, NOW + 7 * DAY)
    person = Person("placement", line, "unit", "nurse", False, State.OFFERED, NOW + 7 * DAY, None)
    entry = Entry(1, told.type, NOW, told.case_id, "COMMAND_POST", told.data)
    assert after(person, entry).seated == seated == at.fills


def test_a_message_says_of_a_death_only_where_one_was_told() -> None:
    alive, dead = life(State.ON_DUTY), moved(life(State.ON_DUTY), _T.REPORT_DEATH)
    for at in (alive, dead):
        start = SecondmentStart(seat=SEAT, life=at, clock=CLOCK, basis="x")
        told = start.model_dump_json()
        assert ('"death"' in told) == (at is dead)
        assert SecondmentStart.model_validate_json(told) == start
        move = told_of(SEAT, at, _T.REPORT_DEATH, CLOCK, by=BY, at=NOW)
        assert ('"death"' in WriteSecondment(move=move).model_dump_json()) == (at is dead)
