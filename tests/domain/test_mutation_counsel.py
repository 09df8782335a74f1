"""The counsel of the PyB before the decision, and what follows a decree: absences, entries in SIASN, lawsuits."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from adapters.calendars.dated import read_calendar
from app.wiring import in_force, rule_packs
from domain.authority import Capacity
from domain.moves import TaskKind
from domain.mutation.alarms import next_alarm
from domain.mutation.beside import Absence, Absent, Advice, Counsel, Owing, Reference, Retracted, Retraction
from domain.mutation.duties import duties_of
from domain.mutation.life import Life
from domain.mutation.machine import Moved, Refused, decide
from domain.mutation.matter import Concerned
from domain.mutation.said import NOTHING, Ask
from domain.mutation.states import Paper, Party, State, Trigger
from domain.mutation.terms import counted as counted_by_rules
from domain.terms import Term, due
from lab.mutation_samples import DAY, EFFECT, MENDAGRI, MUTATION_STATES, NOW, along, draft, moved, said

_T, _S = Trigger, State
LATE = EFFECT + 15 * DAY
CONCERNED = Concerned("person", "proposer", "kota.A", "kota.B")
NAMED = Ask(reference="RWJ-1", dated=NOW.date())
ENTRY = Reference("RWJ-1", NOW.date())


def asked(life: Life, concerned: Concerned = CONCERNED) -> set[tuple[TaskKind, Capacity | None]]:
    return {(duty.kind, duty.capacity) for duty in duties_of(life, concerned)}


def refused(life: Life, trigger: Trigger, ask: Ask = NOTHING, at: datetime = NOW) -> str:
    verdict = decide(life, trigger, ask, decided_at=at, now=at)
    assert isinstance(verdict, Refused), verdict
    return verdict.code


# ── counsel ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("trigger", "ask", "counsel"),
    [
        (_T.COUNSEL_FOR, NOTHING, Counsel(lapses=True, advice=Advice.FOR)),
        (
            _T.COUNSEL_AGAINST,
            Ask(code="BELOW_NEED"),
            Counsel(lapses=True, advice=Advice.AGAINST, because="BELOW_NEED"),
        ),
    ],
)
def test_the_secretary_counsels_first_and_then_the_appointing_authority_decides_either_way(
    trigger: Trigger, ask: Ask, counsel: Counsel
) -> None:
    life = along(_S.COUNSEL)
    assert asked(life) == {(TaskKind.COUNSEL_MUTATION, Capacity.SEKDA)}
    for decision in (_T.APPROVE, _T.REJECT):
        assert refused(life, decision, said(decision)) == "not_now"
    counselled = moved(life, trigger, ask)
    assert (counselled.state, counselled.counsel) == (_S.AWAITING_DECISION, counsel)
    assert asked(counselled) == {(TaskKind.DECIDE_MUTATION, Capacity.APPOINTING_AUTHORITY)}
    assert moved(counselled, _T.APPROVE, Ask(by="mayor")).state == _S.APPROVED
    assert moved(counselled, _T.REJECT, said(_T.REJECT)).state == _S.REJECTED


def test_counsel_that_does_not_come_is_waived_after_its_term_and_is_no_yes() -> None:
    life = along(_S.COUNSEL)
    assert life.wait is not None
    reminder = next_alarm(life)
    assert reminder is not None
    assert reminder.trigger == _T.URGE
    assert refused(life, _T.WAIVE_COUNSEL, at=life.wait.due[-1] - DAY) == "too_early"
    reminded = moved(life, _T.URGE, at=reminder.at)
    alarm = next_alarm(reminded)
    assert alarm is not None
    assert (alarm.trigger, alarm.at) == (_T.WAIVE_COUNSEL, life.wait.due[-1])
    waived = moved(reminded, alarm.trigger, alarm.ask, at=alarm.at)
    assert (waived.state, waived.decided_by) == (_S.AWAITING_DECISION, None)
    assert waived.counsel is not None
    assert waived.counsel.advice == Advice.WAIVED


def test_where_the_pack_insists_the_offices_above_are_asked_and_nothing_is_waived() -> None:
    life = replace(along(_S.CLEARANCE), counsel=Counsel(lapses=False))
    life = moved(life, _T.GRANT_CLEARANCE, said(_T.GRANT_CLEARANCE))
    assert life.state == _S.COUNSEL
    for _ in range(8):
        alarm = next_alarm(life)
        assert alarm is not None
        assert alarm.trigger == _T.URGE
        life = moved(life, alarm.trigger, at=alarm.at)
    assert life.state == _S.COUNSEL
    assert (TaskKind.CHASE_MUTATION, Capacity.APPOINTING_AUTHORITY) in asked(life)


def test_a_freeze_that_comes_after_the_counsel_asks_for_no_second_one_and_a_mended_file_does() -> None:
    counselled = moved(along(_S.COUNSEL), _T.COUNSEL_FOR)
    frozen = moved(counselled, _T.FREEZE, Ask(clearance=MENDAGRI))
    assert moved(frozen, _T.GRANT_CLEARANCE, Ask(clearance=MENDAGRI)).state == _S.AWAITING_DECISION
    back = moved(counselled, _T.SEND_BACK, said(_T.SEND_BACK))
    assert back.counsel is None


def test_counsel_has_the_term_of_the_pack_within_that_of_an_appointment() -> None:
    pack = in_force(rule_packs())
    calendar = read_calendar(pack.office)

    def ends(start: datetime, term: Term) -> datetime:
        return due(start, term, calendar, ZoneInfo("Asia/Makassar"))

    life = replace(along(_S.COUNSEL), wait=None)
    timed = counted_by_rules(life, pack.mutation, ends)
    assert timed.wait is not None
    assert timed.wait.due == (ends(life.since, pack.mutation.terms.counsel),)


def test_an_assessment_needs_the_panels_minutes_only_where_the_position_asks_for_them() -> None:
    life = along(_S.ASSESSMENT)
    assert life.panel
    assert moved(life, _T.RECOMMEND, NAMED).state == _S.CLEARANCE
    assert moved(replace(life, panel=False), _T.RECOMMEND).state == _S.CLEARANCE


# ── an absence ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_absence_is_followed_up_by_the_home_head_or_the_personnel_agency_and_urged_until_it_is() -> None:
    life = MUTATION_STATES["NO_SHOW"]
    assert [one.what for one in life.owed] == [Owing.ABSENCE]
    follow_up = {
        (TaskKind.SETTLE_ABSENCE, Capacity.PERSONNEL_AGENCY),
        (TaskKind.SETTLE_ABSENCE, Capacity.UNIT_HEAD),
    }
    assert follow_up < asked(life)
    by_secretary = replace(CONCERNED, by_secretary=frozenset({Party.RELEASING}))
    assert (TaskKind.SETTLE_ABSENCE, Capacity.UNIT_HEAD) not in asked(life, by_secretary)
    trails = set()
    for _ in range(12):
        alarm = next_alarm(life)
        assert alarm is not None
        trails.add(alarm.trigger)
        life = moved(life, alarm.trigger, alarm.ask, at=alarm.at)
    assert trails == {_T.URGE, _T.URGE_OWED}
    excused = moved(life, _T.EXCUSE_ABSENCE, Ask(code="HEALTH"))
    assert (excused.owed, excused.absence) == ((), Absence(Absent.EXCUSED, "HEALTH"))
    charged = moved(life, _T.OPEN_DISCIPLINE, NAMED)
    assert charged.absence == Absence(Absent.DISCIPLINE, by=ENTRY)
    assert moved(charged, _T.CANCEL, said(_T.CANCEL)).being_undone


def test_whoever_begins_after_all_is_still_asked_why_they_did_not() -> None:
    life = moved(MUTATION_STATES["NO_SHOW"], _T.FILE_PAPER, Ask(paper=Paper.DUTY_START_STATEMENT))
    life = moved(life, _T.FILE_PAPER, Ask(paper=Paper.HANDOVER_RECORD))
    life = moved(moved(life, _T.TAKE_EFFECT, at=LATE), _T.REPORT, NAMED, at=LATE)
    assert refused(life, _T.CLOSE, at=LATE + 99 * DAY) == "absence_unanswered"
    answered = moved(life, _T.EXCUSE_ABSENCE, Ask(code="NOT_TOLD"), at=LATE)
    assert moved(answered, _T.CLOSE, at=LATE + 99 * DAY).state == _S.CLOSED


# ── the entry in SIASN ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_entry_is_kept_and_a_case_that_undoes_another_is_not_whole_until_the_first_entry_is_retracted() -> (
    None
):
    life = along(_S.EFFECTIVE, replace(draft(), reverses="mutation:another"))
    assert {(TaskKind.REPORT_MUTATION, Capacity.PERSONNEL_AGENCY)} < asked(life)
    assert (TaskKind.RETRACT_ENTRY, Capacity.PERSONNEL_AGENCY) in asked(life)
    reported = moved(life, _T.REPORT, NAMED, at=LATE)
    assert reported.entry == ENTRY
    assert refused(reported, _T.CLOSE, at=LATE + 99 * DAY) == "retraction_owed"
    alarm = next_alarm(reported)
    assert alarm is not None
    assert (alarm.trigger, alarm.owed) == (_T.URGE_OWED, Owing.RETRACTION)
    done = moved(reported, _T.RETRACT_ENTRY, replace(NAMED, code="RETRACTED"), at=LATE)
    assert done.retraction == Retraction(Retracted.RETRACTED, ENTRY)
    ends = next_alarm(done)
    assert ends is not None
    assert ends.trigger == _T.CLOSE


def test_an_entry_that_never_was_is_said_to_be_none() -> None:
    life = along(_S.EFFECTIVE, replace(draft(), reverses="mutation:another"))
    done = moved(life, _T.RETRACT_ENTRY, Ask(code="NEVER_ENTERED"), at=LATE)
    assert (done.owed, done.retraction) == ((), Retraction(Retracted.NEVER_ENTERED))


def test_while_bkn_blocks_the_case_nobody_is_urged_for_what_its_services_must_take() -> None:
    life = along(_S.EFFECTIVE, replace(draft(), reverses="mutation:another"))
    blocked = moved(life, _T.BLOCK, at=LATE)
    assert (TaskKind.RETRACT_ENTRY, Capacity.PERSONNEL_AGENCY) not in asked(blocked)
    alarm = next_alarm(blocked)
    assert alarm is not None
    assert alarm.trigger == _T.URGE
    lifted = decide(blocked, _T.LIFT_BLOCK, decided_at=LATE, now=LATE)
    assert isinstance(lifted, Moved)
    assert [one.wait for one in lifted.life.owed] == [None]


# ── a lawsuit ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("state", [_S.SERVED, _S.HANDOVER, _S.EFFECTIVE, _S.REPORTED])
def test_a_lawsuit_is_noted_from_the_service_on_and_suspends_nothing(state: State) -> None:
    before = along(state)
    suit = Reference("12/G/2027/PTUN.KPG", NOW.date())
    life = moved(before, _T.NOTE_LAWSUIT, replace(NAMED, reference=suit.number), at=LATE)
    assert (life.state, life.lawsuits) == (state, (suit,))
    assert life.takes_effect_at == before.takes_effect_at
    assert moved(life, _T.NOTE_LAWSUIT, replace(NAMED, reference="2/B/2027"), at=LATE).lawsuits[1:] != ()
