"""How long whoever must agree has: from when they are asked, and anew from when the file is complete."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from adapters.calendars.dated import read_calendar
from app.wiring import in_force, rule_packs
from domain.mutation.life import Clearance, Life
from domain.mutation.machine import Moved, decide
from domain.mutation.said import NOTHING, Ask
from domain.mutation.states import State, Trigger
from domain.mutation.terms import counted
from domain.terms import Term, due
from lab.mutation_samples import along

_T, _S = Trigger, State
KUPANG = ZoneInfo("Asia/Makassar")
PACK = in_force(rule_packs())
CALENDAR = read_calendar(PACK.office)
ORIGIN, PERTEK, MENDAGRI = "ORIGIN_CONSENT", "TECHNICAL_CLEARANCE", "HOME_MINISTER_CONSENT"


def ends(start: datetime, term: Term) -> datetime:
    return due(start, term, CALENDAR, KUPANG)


def on(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 9, tzinfo=KUPANG)


def after(life: Life, trigger: Trigger, ask: Ask, at: datetime) -> Life:
    verdict = decide(life, trigger, ask, decided_at=at, now=at)
    assert isinstance(verdict, Moved), verdict
    return counted(verdict.life, PACK.mutation, ends)


def entered(*needed: str) -> Life:
    """A case that came to its clearances on 2 March."""
    life = replace(along(_S.ASSESSMENT), clearances=tuple(map(Clearance, needed)), panel=False)
    return after(life, _T.RECOMMEND, NOTHING, on(3, 2))


def asked(life: Life) -> tuple[str, str]:
    """Whose turn it is, and until which day."""
    (one,) = life.asking
    assert one.wait
    return one.code, one.wait.due[0].astimezone(KUPANG).date().isoformat()


def test_whoever_must_agree_has_the_whole_term_from_their_turn_on() -> None:
    life = entered(ORIGIN, PERTEK)
    assert asked(life) == (ORIGIN, "2026-03-16")
    life = after(life, _T.GRANT_CLEARANCE, Ask(clearance=ORIGIN), on(3, 12))
    assert asked(life) == (PERTEK, "2026-04-10"), "15 working days from the 12th, not from the 2nd"


def test_a_file_that_is_held_is_owed_from_that_day_and_the_term_begins_anew_once_it_is_complete() -> None:
    life = entered(PERTEK)
    life = after(life, _T.HOLD_CLEARANCE, Ask(clearance=PERTEK), on(4, 7))
    assert asked(life) == (PERTEK, "2026-04-21")
    life = after(life, _T.COMPLETE_FILE, Ask(clearance=PERTEK), on(4, 20))
    assert asked(life) == (PERTEK, "2026-05-12")


def test_a_freeze_takes_no_time_from_anybody_and_its_own_agreement_has_its_whole_term() -> None:
    life = after(entered(PERTEK), _T.FREEZE, Ask(clearance=MENDAGRI), on(3, 9))
    assert asked(life) == asked(entered(PERTEK))
    life = after(life, _T.GRANT_CLEARANCE, Ask(clearance=PERTEK), on(5, 11))
    assert asked(life) == (MENDAGRI, "2026-05-29")
    again = after(entered(MENDAGRI), _T.FREEZE, Ask(clearance=MENDAGRI), on(5, 11))
    assert asked(again) == (MENDAGRI, "2026-05-29"), "asked for anew"


def test_a_block_that_is_lifted_gives_whoever_is_asked_the_whole_term_again() -> None:
    life = after(entered(ORIGIN, PERTEK), _T.GRANT_CLEARANCE, Ask(clearance=ORIGIN), on(3, 12))
    life = after(life, _T.BLOCK, NOTHING, on(3, 13))
    life = after(life, _T.LIFT_BLOCK, NOTHING, on(4, 20))
    assert asked(life) == (PERTEK, "2026-05-12")
