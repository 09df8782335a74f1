"""How a line may change while its surge runs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.sentences import SENTENCES
from domain.admission import Limits
from domain.commands import CommandKind
from domain.lines import EVENT_OF, LineChange, LineFacts, Turn, change, next_turn
from domain.surge import STAFFING, Life, Moved, Refused, State, Trigger, decide

NOW = datetime(2026, 11, 22, tzinfo=UTC)
DAY = timedelta(days=1)
LINE = LineFacts("SU-1/01", "wash", 4, 2, False, NOW + DAY, NOW + 8 * DAY, NOW + 30 * DAY)
ADD, RAISE, CUT, CLOSE, ASK = EVENT_OF


@pytest.mark.parametrize(
    ("kind", "quantity", "facts", "expected"),
    [
        (ADD, None, {}, 4),
        (ADD, None, {"status_until": None}, "no_status_in_force"),
        (ADD, None, {"status_until": NOW + 7 * DAY}, "reaches_past_the_status"),
        (ADD, None, {"report_at": NOW - DAY}, "reports_in_the_past"),
        (ADD, None, {"due_back": NOW + 16 * DAY}, "longer_than_one_duty"),
        (RAISE, 5, {}, 5),
        (RAISE, 4, {}, "not_more"),
        (RAISE, 5, {"due_back": NOW}, "line_is_over"),
        (CUT, 2, {}, 2),
        (CUT, 4, {}, "not_fewer"),
        (CUT, 0, {}, "not_fewer"),
        (CUT, 1, {}, "line_is_held"),
        (CLOSE, None, {}, 2),
        (CLOSE, None, {"taken": 0, "due_back": NOW}, 0),
        (CLOSE, None, {"closed": True}, "line_is_closed"),
        (RAISE, 9, {"closed": True}, "line_is_closed"),
    ],
)
def test_a_change_stands_or_is_refused_by_its_rule(
    kind: CommandKind, quantity: int | None, facts: dict[str, Any], expected: int | str
) -> None:
    found = change(kind, replace(LINE, **facts), quantity, 14 * DAY, now=NOW)
    assert found == (
        Refused(expected) if isinstance(expected, str) else LineChange(kind, "SU-1/01", expected)
    )


def test_every_refusal_of_a_change_has_a_sentence() -> None:
    codes = {
        mark.args[1][n][3]
        for mark in test_a_change_stands_or_is_refused_by_its_rule.pytestmark
        for n in range(16)
    }
    refusals = {code for code in codes if isinstance(code, str)} | {"no_such_line"}
    assert len(refusals) == 10
    assert refusals <= set(SENTENCES)


def test_a_line_that_is_not_there_is_not_changed() -> None:
    assert {change(kind, None, 1, 14 * DAY, now=NOW) for kind in EVENT_OF} == {Refused("no_such_line")}


@pytest.mark.parametrize("state", State)
def test_lines_change_from_the_approval_until_the_stand_down(state: State) -> None:
    life = Life(state, 3, NOW, plan_id="p", offering=200 if state in STAFFING else None)
    verdict = decide(life, Trigger.CHANGE_LINE, now=NOW)
    if state == State.APPROVED:
        # A plan that was seen answers the request as it was.
        assert verdict == Moved(replace(life, revision=4, plan_id=None))
    elif state in STAFFING:
        # What is being offered goes on being offered.
        assert verdict == Moved(replace(life, revision=4))
    else:
        assert isinstance(verdict, Refused)


SERVED = replace(LINE, serving=2, next_id="SU-1/03")
LIMITS = Limits(14 * DAY, 3 * DAY, 30 * DAY, 90 * DAY, DAY)
OVERLAP = DAY / 2


def test_the_next_turn_is_there_by_the_overlap_and_lasts_as_long_within_the_status() -> None:
    begins = LINE.due_back - OVERLAP
    found = next_turn(SERVED, None, LIMITS, OVERLAP, now=NOW)
    assert found == LineChange(ASK, "SU-1/03", 2, Turn("SU-1/01", begins, begins + 7 * DAY))
    short = replace(SERVED, status_until=LINE.due_back + DAY)
    cut = next_turn(short, None, LIMITS, OVERLAP, now=NOW)
    assert cut == LineChange(ASK, "SU-1/03", 2, Turn("SU-1/01", begins, LINE.due_back + DAY))


@pytest.mark.parametrize(
    ("facts", "until", "code"),
    [
        ({"continued": True}, None, "relief_asked_already"),
        ({"due_back": NOW}, None, "line_is_over"),
        ({"status_until": None}, None, "no_status_in_force"),
        ({"status_until": LINE.due_back}, None, "reaches_past_the_status"),
        ({}, LINE.due_back, "not_longer"),
        ({}, NOW + 31 * DAY, "reaches_past_the_status"),
        ({}, NOW + 24 * DAY, "longer_than_one_duty"),
        ({"serving": 0}, None, "nobody_to_relieve"),
    ],
)
def test_what_forbids_the_next_turn(facts: dict[str, Any], until: datetime | None, code: str) -> None:
    assert next_turn(replace(SERVED, **facts), until, LIMITS, OVERLAP, now=NOW) == Refused(code)
    assert code in SENTENCES
