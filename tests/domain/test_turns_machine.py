"""A post played for weeks by anybody's decisions: its turns follow each other without a gap, within need and cover."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.admission import Limits
from domain.lines import LineChange, LineFacts, need_until
from domain.next_turn import by_itself, look_at, next_turn, unsettled
from domain.relief_rules import ReliefRules
from domain.surge import Refused

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
START = datetime(2027, 1, 1, tzinfo=UTC)
RULES = ReliefRules()
LIMITS = Limits(14 * DAY, 3 * DAY, 30 * DAY, 90 * DAY, DAY)


HOURS = st.integers(0, 40) | st.integers(0, 60 * 24)
"""So long after a turn: often too short for another one."""


class Post(RuleBasedStateMachine):
    """One post and its turns, the newest last; whoever is planned comes, and stays as long as was ordered."""

    @initialize(duty=st.integers(1, 14), status=HOURS, needed=st.none() | HOURS)
    def asked_for(self, duty: int, status: int, needed: int | None) -> None:
        self.now = START
        due_back = START + duty * DAY
        self.status_until: datetime | None = due_back + status * HOUR
        until = None if needed is None else due_back + min(needed, status) * HOUR
        first = LineFacts("SU-1/01", "wash", 3, 3, False, START, due_back, self.status_until)
        self.turns = [replace(first, serving=3, next_id="SU-1/02", needed_until=until)]
        self.by_itself: list[str] = []

    @property
    def last(self) -> LineFacts:
        """The newest turn, as the books tell it now."""
        line = replace(self.turns[-1], status_until=self.status_until)
        there = line.report_at <= self.now < line.due_back
        leaves = line.due_back if there else None
        people = 3 if there else 0
        return replace(line, taken=people, serving=people, ends_at=leaves, unrelieved_at=leaves)

    def take(self, change: LineChange) -> None:
        """Write a next turn into the books."""
        assert change.turn
        former, turn = self.turns[-1], change.turn
        assert turn.continues == former.line_id
        self.turns[-1] = replace(former, continued=True)
        number = f"SU-1/{len(self.turns) + 2:02}"
        line = LineFacts(
            change.line_id, "wash", change.quantity, 0, False, turn.report_at, turn.due_back, None
        )
        self.turns.append(replace(line, next_id=number, needed_until=change.needed_until))

    @rule()
    def time_passes(self) -> None:
        """To the next instant at which the surge looks by itself."""
        at = look_at([self.last], RULES, now=self.now)
        self.now = at or self.now + DAY
        self.look()

    def look(self) -> None:
        found = by_itself(self.last, LIMITS, RULES, now=self.now)
        if isinstance(found, LineChange):
            needed, cover = self.last.needed_until, self.last.status_until
            assert found.turn
            assert needed
            assert cover
            assert found.turn.due_back <= min(needed, cover)
            self.take(found)
            self.by_itself.append(found.line_id)
            # Once: what goes on is not planned again, whoever looks.
            assert by_itself(self.turns[-2], LIMITS, RULES, now=self.now) is None

    @rule(until=st.none() | HOURS)
    def the_coordinator_asks(self, until: int | None) -> None:
        ends = None if until is None else self.last.due_back + until * HOUR
        found = next_turn(self.last, ends, LIMITS, RULES, now=self.now)
        if isinstance(found, LineChange):
            self.take(found)

    @rule(until=st.none() | HOURS)
    def it_is_said_until_when(self, until: int | None) -> None:
        ends = None if until is None else self.last.due_back + until * HOUR
        found = need_until(self.last, ends, now=self.now)
        if isinstance(found, LineChange):
            self.turns[-1] = replace(self.turns[-1], needed_until=found.needed_until)
            self.look()

    @rule(hours=st.integers(-100, 0) | HOURS)
    def the_status_ends_at_another_time(self, hours: int) -> None:
        moved = self.turns[-1].due_back + hours * HOUR
        self.status_until = moved if moved > self.now else None

    @precondition(lambda self: not self.turns[-1].closed)
    @rule()
    def the_line_is_closed(self) -> None:
        self.turns[-1] = replace(self.turns[-1], closed=True)
        before = len(self.turns)
        self.look()
        assert len(self.turns) == before
        assert unsettled(self.last, LIMITS, RULES, now=self.now) is None

    @invariant()
    def the_post_is_held_without_a_gap_and_nobody_too_long(self) -> None:
        for former, turn in zip(self.turns, self.turns[1:], strict=False):
            assert former.report_at <= turn.report_at <= former.due_back < turn.due_back
            assert turn.due_back - turn.report_at <= LIMITS.longest_duty
            if turn.line_id in self.by_itself:
                assert turn.due_back - turn.report_at >= RULES.shortest

    @invariant()
    def a_place_that_falls_empty_is_planned_or_asked_about_or_said_to_end(self) -> None:
        line = self.last
        near = line.unrelieved_at and self.now >= max(line.due_back - RULES.lead, line.report_at)
        if line.closed or not near or line.status_until is None or line.status_until <= line.due_back:
            return
        ends_here = line.needed_until is not None and line.needed_until <= line.due_back
        asked = unsettled(line, LIMITS, RULES, now=self.now)
        planned = isinstance(by_itself(line, LIMITS, RULES, now=self.now), LineChange)
        assert [bool(asked), planned, ends_here].count(True) == 1
        if asked and line.needed_until:
            assert isinstance(by_itself(line, LIMITS, RULES, now=self.now), Refused)


Post.TestCase.settings = settings(derandomize=True, max_examples=300, stateful_step_count=25, deadline=None)
TestPost = Post.TestCase
