"""A demand for service goes on by a new letter, decided before the one that it stands on ends."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.wiring import in_force, rule_packs
from domain.admission import prolonged
from domain.commands import CommandKind
from domain.lines import LineChange, of_letter
from domain.surge import STAFFING, Life, Refused, State, Trigger, decide

NOW, DAY = datetime(2027, 2, 4, tzinfo=UTC), timedelta(days=1)
LIMITS = in_force(rule_packs()).limits
ON_A_LETTER = Life(State.ACTIVE, 3, NOW, letter_until=NOW + 2 * DAY, letter_warned=True)


def test_a_new_letter_ends_later_and_its_end_is_warned_of_anew() -> None:
    after = prolonged(ON_A_LETTER, NOW + 30 * DAY, LIMITS, now=NOW)
    assert after == replace(ON_A_LETTER, letter_until=NOW + 30 * DAY, letter_warned=False)


@pytest.mark.parametrize(
    ("life", "until", "code"),
    [
        (ON_A_LETTER, NOW + 2 * DAY, "not_longer"),
        (ON_A_LETTER, None, "not_longer"),
        (ON_A_LETTER, NOW + LIMITS.service_term + DAY, "letter_lasts_too_long"),
        (replace(ON_A_LETTER, letter_until=None), NOW + 9 * DAY, "no_letter"),
    ],
)
def test_what_is_no_later_too_late_or_no_letter_is_refused(
    life: Life, until: datetime | None, code: str
) -> None:
    assert prolonged(life, until, LIMITS, now=NOW) == Refused(code)


@pytest.mark.parametrize("state", list(State))
def test_a_letter_is_prolonged_while_people_are_asked_for_and_not_once_that_is_over(state: State) -> None:
    verdict = decide(replace(ON_A_LETTER, state=state), Trigger.PROLONG, now=NOW)
    assert isinstance(verdict, Refused) == (state not in STAFFING | {State.APPROVED})


def test_a_refusal_names_the_letter_where_there_is_no_status() -> None:
    assert of_letter(Refused("reaches_past_the_status")) == Refused("reaches_past_the_letter")
    assert of_letter(Refused("line_is_over")) == Refused("line_is_over")
    stands = LineChange(CommandKind.RAISE_LINE, "SU-1/01", 3)
    assert of_letter(stands) == stands
