"""Who is out until when: rows of the Gantt, and who relieves whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.duties import handlers
from domain.report.fold import Person, Standing
from domain.report.rows import Lane, LaneKind, Team
from domain.report.source import Line, Source
from domain.report.words import role_name

SOON = timedelta(days=7)
HANDOVER = (timedelta(days=-4), timedelta(days=1))
"""Who arrives in this time around the end of a line relieves it; who comes earlier works beside it."""


@dataclass(frozen=True)
class Relief:
    """Of one line: who is due within seven days, and what follows them."""

    line: Line
    due_soon: int
    relieved: int
    unrelieved: int

    @property
    def done(self) -> int:
        """Due soon, and nobody was asked to follow."""
        return self.due_soon - self.relieved - self.unrelieved


def reliefs(standing: Standing) -> tuple[Relief, ...]:
    """Every line with people due soon; a successor relieves one person only."""
    taken: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    found = []
    for line in sorted(standing.lines, key=lambda line: (line.due_back, line.report_at, line.line_id)):
        people = standing.by_line[line.line_id]
        due = sum(_due_soon(person, standing.at) for person in people)
        if not due:
            continue
        relieved = unrelieved = 0
        for successor in _successors(line, standing.lines):
            free = standing.seated(successor) - taken[successor.line_id]
            now = min(due - relieved, free)
            taken[successor.line_id] += now
            relieved += now
        for successor in _successors(line, standing.lines):
            empty = standing.empty(successor) - wanted[successor.line_id] if standing.open(successor) else 0
            now = min(due - relieved - unrelieved, empty)
            wanted[successor.line_id] += now
            unrelieved += now
        found.append(Relief(line, due, relieved, unrelieved))
    return tuple(found)


def _due_soon(person: Person, now: datetime) -> bool:
    return person.out and person.late_by(now) is None and person.due_back <= now + SOON


def _successors(line: Line, lines: Iterable[Line]) -> list[Line]:
    """The lines that take over the same role at the same site, the earliest first."""
    return sorted(
        (other for other in lines if _relieves(other, line)),
        key=lambda other: (other.report_at, other.line_id),
    )


def _relieves(other: Line, line: Line) -> bool:
    earliest, latest = HANDOVER
    return (
        (other.role, other.site) == (line.role, line.site)
        and max(line.report_at, line.due_back + earliest) < other.report_at <= line.due_back + latest
        and other.due_back > line.due_back
    )


def _chains(lines: Iterable[Line]) -> Iterable[list[Line]]:
    """Lines that relieve each other, one after the other; each line stands in one chain."""
    chains: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.report_at, line.due_back, line.line_id)):
        chain = next((chain for chain in chains if _relieves(line, chain[-1])), None)
        if chain is None:
            chains.append([line])
        else:
            chain.append(line)
    return chains


def teams(source: Source, standing: Standing) -> tuple[Team, ...]:
    """The rows: late people first, then by due date; who has not left and who is home come last."""
    rows: list[Team] = []
    for lines in _chains(standing.lines):
        team = Team(role_name(lines[0].role, source.role_names), lines[0].site, 0, ())
        rows += _late_rows(standing, lines, team)
        row = _row(standing, lines, team)
        if row:
            rows.append(row)
    return tuple(sorted(rows, key=_urgency))


def _urgency(team: Team) -> tuple[int, timedelta, datetime, str, str]:
    if team.late_by:
        return 0, -team.late_by, team.next_due, team.name, team.site
    ahead = all(lane.kind in (LaneKind.AHEAD, LaneKind.EMPTY, LaneKind.HOME) for lane in team.lanes)
    rank = 3 if team.over else 2 if ahead else 1
    return rank, timedelta(0), team.next_due, team.name, team.site


def _late_rows(standing: Standing, lines: Sequence[Line], team: Team) -> Iterable[Team]:
    """People past their date stand in a row of their own, above the team they belong to."""
    for line in lines:
        late = [person for person in standing.by_line[line.line_id] if person.late_by(standing.at)]
        if not late:
            continue
        lane = Lane(LaneKind.LATE, len(late), _left(late), min(_limit(person) for person in late))
        longest = max(late, key=lambda person: person.escalation)
        yield replace(
            team,
            people=len(late),
            lanes=(lane,),
            late_by=max(late_by for person in late if (late_by := person.late_by(standing.at))),
            handlers=handlers(longest.state, longest.escalation),
        )


def _limit(person: Person) -> datetime:
    return min(person.due_back, person.home_by) if person.home_by and person.homeward else person.due_back


def _row(standing: Standing, lines: Sequence[Line], team: Team) -> Team | None:
    lanes: list[Lane] = []
    members: list[Person] = []
    short: list[str] = []
    notes: list[str] = []
    for line in lines:
        here = [
            person
            for person in standing.by_line[line.line_id]
            if person.seated and not person.late_by(standing.at)
        ]
        members += here
        notes += _notes(here)
        empty = standing.empty(line) if standing.open(line) else 0
        if empty and (here or not lanes):
            short.append(f"pengganti kurang {empty}" if lanes else f"kurang {empty}")
        if here:
            # Who follows people that are all home has taken over, and relieves nobody any more.
            lanes.append(_lane(here, relief=any(lane.kind != LaneKind.HOME for lane in lanes)))
        elif empty and lanes:
            lanes.append(Lane(LaneKind.EMPTY, empty, line.report_at, line.due_back, relief=True))
    if not members:
        return None
    present = next((lane.people for lane in lanes if lane.kind not in _GONE), len(members))
    return replace(team, people=present, lanes=tuple(lanes), notes=tuple(notes), shortage="; ".join(short))


_GONE = (LaneKind.HOME, LaneKind.EMPTY)


def _lane(people: Sequence[Person], *, relief: bool) -> Lane:
    out = [person for person in people if person.out]
    if not out and (ahead := [person for person in people if person.waiting]):
        return Lane(LaneKind.AHEAD, len(ahead), min(p.line.report_at for p in ahead), _ends(ahead), relief)
    if not out:
        end = max(person.returned_at or person.due_back for person in people)
        late = sum(person.came_late_by is not None for person in people)
        return Lane(LaneKind.HOME, len(people), _left(people), end, relief, late, _ends(people))
    kind = LaneKind.DUTY
    if all(person.going for person in out):
        kind = LaneKind.GOING
    elif all(person.homeward for person in out):
        kind = LaneKind.HOMEWARD
    return Lane(kind, len(out), _left(out), _ends(out), relief)


def _left(people: Sequence[Person]) -> datetime:
    return min(person.departed_at or person.line.report_at for person in people)


def _ends(people: Sequence[Person]) -> datetime:
    return max(person.due_back for person in people)


def _notes(people: Sequence[Person]) -> tuple[str, ...]:
    """What the bar of a mixed line does not show; nothing while all of its people stand where the bar says."""
    out = sum(person.out for person in people)
    counts = (
        (sum(person.going for person in people), "menuju lokasi"),
        (sum(person.homeward for person in people), "sedang pulang"),
        (sum(person.waiting for person in people), "belum berangkat"),
    )
    return tuple(f"{count} {words}" for count, words in counts if out and count and count != out)
