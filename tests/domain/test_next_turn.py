"""The next turn of a line: as it is asked for, as the surge plans it by itself, and when the coordinator must say a word."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.sentences import SENTENCES
from domain.admission import Limits
from domain.commands import CommandKind
from domain.lines import LineChange, LineFacts, Turn, need_until
from domain.next_turn import Unsettled, by_itself, look_at, near, next_turn, settle_by, unsettled
from domain.relief_rules import ReliefRules
from domain.surge import Refused

NOW = datetime(2026, 11, 22, tzinfo=UTC)
DAY = timedelta(days=1)
LINE = LineFacts("SU-1/01", "wash", 4, 2, False, NOW + DAY, NOW + 8 * DAY, NOW + 30 * DAY)
SERVED = replace(LINE, serving=2, next_id="SU-1/03")
LIMITS = Limits(14 * DAY, 3 * DAY, 30 * DAY, 90 * DAY, DAY)
RULES = ReliefRules(DAY / 2, 3 * DAY, DAY)


def test_the_next_turn_is_there_by_the_overlap_and_lasts_as_long_within_the_status() -> None:
    begins = LINE.due_back - RULES.overlap
    found = next_turn(SERVED, None, LIMITS, RULES, now=NOW)
    assert found == LineChange(
        CommandKind.ASK_RELIEF, "SU-1/03", 2, Turn("SU-1/01", begins, begins + 7 * DAY)
    )
    short = replace(SERVED, status_until=LINE.due_back + DAY)
    cut = next_turn(short, None, LIMITS, RULES, now=NOW)
    assert cut == LineChange(
        CommandKind.ASK_RELIEF, "SU-1/03", 2, Turn("SU-1/01", begins, LINE.due_back + DAY)
    )


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
    assert next_turn(replace(SERVED, **facts), until, LIMITS, RULES, now=NOW) == Refused(code)
    assert code in SENTENCES


# ── by itself ─────────────────────────────────────────────────────────────────────────────────────────────────────

END = LINE.due_back
LEAD = END - RULES.lead
NEEDED = replace(SERVED, serving=3, ends_at=END, unrelieved_at=END, needed_until=END + 20 * DAY)


def test_no_turn_is_planned_that_is_too_short_to_be_of_use_and_somebody_is_asked() -> None:
    # The turn before was cut short by its status; the status then went on, and the need with it.
    cut = replace(NEEDED, report_at=END - 1.5 * DAY)
    rules = replace(RULES, shortest=2 * DAY)
    for shortest, found in ((2 * DAY, Refused("duty_too_short")), (1.5 * DAY, None)):
        planned = by_itself(cut, LIMITS, replace(rules, shortest=shortest), now=END - DAY)
        assert isinstance(planned, LineChange) if found is None else planned == found
    said = unsettled(cut, LIMITS, rules, now=END - DAY)
    assert said == Unsettled(cut.line_id, END, "duty_too_short")
    assert "as long as this one" in SENTENCES[said.why]
    # By name such a turn may be asked for all the same.
    assert isinstance(next_turn(cut, None, LIMITS, rules, now=END - DAY), LineChange)


def turn(ends: datetime, quantity: int = 4, begins: datetime = END - RULES.overlap) -> LineChange:
    """The next turn of the line, which is needed for longer still."""
    until = max(NEEDED.needed_until or ends, ends)
    return LineChange(CommandKind.ASK_RELIEF, "SU-1/03", quantity, Turn("SU-1/01", begins, ends), until)


def test_a_line_that_is_needed_longer_goes_on_by_itself_from_the_lead_on_and_once() -> None:
    assert by_itself(NEEDED, LIMITS, RULES, now=LEAD - timedelta(seconds=1)) is None
    found = by_itself(NEEDED, LIMITS, RULES, now=LEAD)
    assert found == turn(END - RULES.overlap + 7 * DAY)
    assert by_itself(replace(NEEDED, continued=True), LIMITS, RULES, now=LEAD) is None
    assert by_itself(replace(NEEDED, closed=True), LIMITS, RULES, now=LEAD) is None
    assert by_itself(replace(NEEDED, needed_until=None), LIMITS, RULES, now=LEAD) is None
    assert by_itself(replace(NEEDED, needed_until=END), LIMITS, RULES, now=LEAD) is None


def test_a_duty_shorter_than_the_lead_goes_on_from_its_first_day_and_not_before() -> None:
    short = replace(NEEDED, report_at=END - DAY)
    assert by_itself(short, LIMITS, RULES, now=END - DAY - timedelta(seconds=1)) is None
    assert isinstance(by_itself(short, LIMITS, RULES, now=END - DAY), LineChange)


def test_whoever_leaves_before_the_line_ends_is_relieved_then_and_nobody_else() -> None:
    """One was moved here for a shorter time; the other stays three more days, to the end of the line."""
    leaves = END - 3 * DAY
    one = replace(SERVED, quantity=2, ends_at=leaves, staying=1, unrelieved_at=leaves)
    assert unsettled(one, LIMITS, RULES, now=leaves - RULES.lead) == Unsettled(
        one.line_id, leaves, "until_unsaid"
    )
    begins = leaves - RULES.overlap
    asked = LineChange(CommandKind.ASK_RELIEF, "SU-1/03", 1, Turn("SU-1/01", begins, begins + 7 * DAY))
    assert next_turn(one, None, LIMITS, RULES, now=LEAD - RULES.lead) == asked
    everybody = replace(one, staying=0)
    both = next_turn(everybody, None, LIMITS, RULES, now=LEAD - RULES.lead)
    assert both == replace(asked, quantity=2)
    # Said to end, it does: nobody takes over the place that is left before, and nothing more is asked.
    said = need_until(one, None, now=leaves - RULES.lead)
    assert isinstance(said, LineChange)
    ended = replace(one, needed_until=said.needed_until)
    for now in (leaves - RULES.lead, leaves - timedelta(hours=1)):
        assert unsettled(ended, LIMITS, RULES, now=now) is None
        assert by_itself(ended, LIMITS, RULES, now=now) is None
    rest = replace(ended, serving=1, staying=0, ends_at=END, unrelieved_at=END)
    assert unsettled(rest, LIMITS, RULES, now=LEAD) is None


def test_the_turn_is_for_as_many_as_are_needed_but_those_who_stay() -> None:
    assert by_itself(replace(NEEDED, staying=1), LIMITS, RULES, now=LEAD) == turn(
        END - RULES.overlap + 7 * DAY, 3
    )
    # Nobody serves: the place is needed all the same.
    empty = replace(NEEDED, taken=0, serving=0, ends_at=None, unrelieved_at=None)
    assert by_itself(empty, LIMITS, RULES, now=LEAD) == turn(END - RULES.overlap + 7 * DAY)
    # Those who have a place are still at home: whom another one relieves can be said once they have left.
    assert by_itself(replace(NEEDED, taken=3, serving=1), LIMITS, RULES, now=LEAD) is None
    stays = replace(NEEDED, staying=4)
    assert by_itself(stays, LIMITS, RULES, now=LEAD) == Refused("nobody_to_relieve")


@pytest.mark.parametrize(
    ("facts", "ends"),
    [
        # The last turn is cut to the need; what would be left over for another one is served by this one.
        ({"needed_until": END + 3 * DAY}, END + 3 * DAY),
        ({"needed_until": END + 7 * DAY}, END + 7 * DAY),
        ({"needed_until": END + 7.9 * DAY}, END + 7.9 * DAY),
        ({"needed_until": END + 8.1 * DAY}, END + 6.5 * DAY),
        ({"status_until": END + 2 * DAY}, END + 2 * DAY),
        # Whoever stays longer is relieved then.
        ({"ends_at": END + DAY, "needed_until": END + 4 * DAY}, END + 4 * DAY),
    ],
)
def test_a_turn_ends_with_the_need_and_with_the_cover(facts: dict[str, Any], ends: datetime) -> None:
    line = replace(NEEDED, **facts)
    found = by_itself(line, LIMITS, RULES, now=line.end - RULES.lead)
    assert isinstance(found, LineChange)
    assert found.turn
    assert (found.turn.report_at, found.turn.due_back) == (line.end - RULES.overlap, ends)
    assert found.needed_until == max(line.needed_until or ends, ends)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"needed_until": END + DAY / 4}, "turn_too_short"),
        ({"status_until": END}, "reaches_past_the_status"),
        ({"status_until": None}, "no_status_in_force"),
        ({"continued": True, "relief_lacking": True}, "nobody_found"),
        ({"needed_until": None}, "until_unsaid"),
    ],
)
def test_where_no_turn_can_follow_the_coordinator_must_say_a_word_and_is_told_why(
    facts: dict[str, Any], why: str
) -> None:
    line = replace(NEEDED, **facts)
    told = unsettled(line, LIMITS, RULES, now=LEAD)
    assert told is not None
    assert (told.line_id, told.falls_empty_at, told.why) == ("SU-1/01", END, why)
    assert why in SENTENCES
    assert near(line, RULES, now=LEAD)
    assert unsettled(line, LIMITS, RULES, now=LEAD - timedelta(seconds=1)) is None


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"continued": True},
        {"needed_until": END},
        {"needed_until": None, "closed": True},
        # Somebody was asked to take over, or may stay longer.
        {"needed_until": None, "unrelieved_at": None},
        # No status goes on: that is asked of others, by the operation.
        {"needed_until": None, "status_until": END},
    ],
)
def test_nothing_is_asked_of_anybody_where_it_is_settled_what_follows(facts: dict[str, Any]) -> None:
    assert unsettled(replace(NEEDED, **facts), LIMITS, RULES, now=LEAD) is None


def test_the_surge_looks_again_when_a_line_comes_near_its_end_and_when_it_ends() -> None:
    later = replace(NEEDED, line_id="SU-1/02", ends_at=END + DAY)
    lines = (NEEDED, later)
    instants, now = [], NOW
    while (at := look_at(lines, RULES, now=now)) is not None:
        instants.append(at)
        now = at
    assert instants == [LEAD, LEAD + DAY, END, END + DAY]


def test_the_first_place_that_falls_empty_says_by_when() -> None:
    unsaid = replace(NEEDED, needed_until=None)
    sooner = replace(unsaid, line_id="SU-1/02", ends_at=END - DAY, unrelieved_at=END - DAY)
    assert settle_by((unsaid, sooner, NEEDED), LIMITS, RULES, now=LEAD) == END - DAY
    assert settle_by((NEEDED,), LIMITS, RULES, now=LEAD) is None
