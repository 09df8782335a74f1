"""How a line may change while its surge runs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.sentences import SENTENCES
from domain.commands import CommandKind
from domain.lines import EVENT_OF, LineChange, LineFacts, change, end_all, need_until, told
from domain.surge import STAFFING, Life, Moved, Refused, State, Trigger, decide

NOW = datetime(2026, 11, 22, tzinfo=UTC)
DAY = timedelta(days=1)
LINE = LineFacts("SU-1/01", "wash", 4, 2, False, NOW + DAY, NOW + 8 * DAY, NOW + 30 * DAY)
ADD, RAISE, CUT, CLOSE, _ASK, NEED = EVENT_OF


@pytest.mark.parametrize(
    ("kind", "quantity", "facts", "expected"),
    [
        (ADD, None, {}, 4),
        (ADD, None, {"status_until": None}, "no_status_in_force"),
        (ADD, None, {"status_until": NOW + 7 * DAY}, "reaches_past_the_status"),
        (ADD, None, {"needed_until": NOW + 30 * DAY}, 4),
        (ADD, None, {"needed_until": NOW + 31 * DAY}, "needed_past_the_status"),
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
        for n in range(18)
    }
    refusals = {code for code in codes if isinstance(code, str)} | {"no_such_line"}
    assert len(refusals) == 11
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


@pytest.mark.parametrize(
    ("facts", "until", "expected"),
    [
        ({}, NOW + 20 * DAY, NOW + 20 * DAY),
        # Without a date it ends with its people: with those who stay longer, where somebody does.
        ({}, None, LINE.due_back),
        ({"ends_at": NOW + 10 * DAY}, None, NOW + 10 * DAY),
        # One goes home three days before: that ends nothing for the others.
        ({"ends_at": NOW + 5 * DAY}, None, LINE.due_back),
        ({"continued": True}, None, LINE.due_back),
        ({"continued": True}, NOW + 20 * DAY, "relief_asked_already"),
        ({}, NOW + 7 * DAY, "needed_less_than_its_duty"),
        ({}, NOW + 31 * DAY, "needed_past_the_status"),
        ({"status_until": None}, NOW + 20 * DAY, "no_status_in_force"),
        ({"closed": True}, None, "line_is_closed"),
        ({"due_back": NOW}, None, "line_is_over"),
    ],
)
def test_until_when_a_line_is_needed_is_said_within_its_duty_and_its_cover(
    facts: dict[str, Any], until: datetime | None, expected: datetime | str
) -> None:
    found = need_until(replace(LINE, **facts), until, now=NOW)
    if isinstance(expected, str):
        assert found == Refused(expected)
        assert expected in SENTENCES
    else:
        assert found == LineChange(NEED, "SU-1/01", 4, needed_until=expected)


def test_every_line_that_goes_on_ends_in_one_change() -> None:
    other, over = (
        replace(LINE, line_id="SU-1/02", continued=True),
        replace(LINE, line_id="SU-1/03", due_back=NOW),
    )
    found = end_all([over, LINE, other], now=NOW)
    assert isinstance(found, LineChange)
    assert [(one.line_id, one.needed_until) for one in found.each] == [
        ("SU-1/01", LINE.due_back),
        ("SU-1/02", LINE.due_back),
    ]
    assert [one["line_id"] for one in told(found)["others"]] == ["SU-1/02"]
    assert end_all([over], now=NOW) == Refused("no_line_goes_on")
